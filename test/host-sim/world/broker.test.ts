import mqttPacket, { type Packet } from "mqtt-packet";
import { describe, expect, test } from "vitest";
import { BrokerModel } from "../../../host-sim/world/broker.js";
import { Scheduler } from "../../../host-sim/world/scheduler.js";
import { matches } from "../../../host-sim/world/topic-filter.js";
import { client, publish, status, subscribe, texts, will } from "./broker-bench.js";

test("it accepts a connection, answers pings, and acknowledges each QoS 1 publish by its id", () => {
  const broker = new BrokerModel(new Scheduler());
  const board = client(broker);
  board.send(publish("a", "1", { qos: 1, messageId: 7 }));
  board.send(publish("a", "2", { qos: 1, messageId: 8 }));
  board.send(publish("a", "3"));
  board.send(publish("a", "2", { qos: 1, messageId: 8, dup: true }));
  board.send({ cmd: "pingreq" });
  expect(board.packets()).toMatchObject([
    { cmd: "connack", returnCode: 0, sessionPresent: false },
    { cmd: "puback", messageId: 7 },
    { cmd: "puback", messageId: 8 },
    { cmd: "puback", messageId: 8 },
    { cmd: "pingresp" },
  ]);
  expect(broker.counts).toEqual({ published: 3, duplicates: 1, forgotten: 0, acknowledged: 3, connects: 1 });
});

test("packets in pieces of any size are put together", () => {
  const broker = new BrokerModel(new Scheduler());
  const board = client(broker, { clientId: "" });
  const bytes = Buffer.concat([
    mqttPacket.generate({ cmd: "connect", protocolId: "MQTT", protocolVersion: 4, clientId: "b", clean: true, keepalive: 30 } as Packet),
    mqttPacket.generate(publish("a", "1", { qos: 1, messageId: 1 })),
  ]);
  for (const byte of bytes) board.raw(Uint8Array.of(byte));
  expect(texts(board.packets())).toEqual(["connack", "puback"]);
});

test("a retained message is kept, told to whoever subscribes later, replaced, and deleted by an empty one", () => {
  const broker = new BrokerModel(new Scheduler());
  const board = client(broker);
  board.send(publish("m/x", "1", { retain: true }));
  board.send(publish("m/x", "2", { retain: true }));
  board.send(publish("m/y", "9"));
  const watcher = client(broker, { clientId: "watcher" });
  watcher.send(subscribe("m/+", 1));
  board.send(publish("m/x", "3", { retain: true }));
  expect(texts(watcher.packets())).toEqual(["connack", "suback", "m/x=2 retained", "m/x=3"]);
  board.send(publish("m/x", "", { retain: true }));
  expect([...broker.retained.keys()]).toEqual([]);
});

describe("the will", () => {
  test("is published when the connection is lost, once", () => {
    const broker = new BrokerModel(new Scheduler());
    const messages: string[] = [];
    broker.onMessage = ({ topic }) => messages.push(topic);
    const board = client(broker, { will });
    expect(status(broker)).toBeUndefined();
    board.lost();
    board.lost();
    expect([status(broker), messages]).toEqual(["offline", ["m/status"]]);
  });

  test("is not published after DISCONNECT", () => {
    const broker = new BrokerModel(new Scheduler());
    const board = client(broker, { will });
    board.send({ cmd: "disconnect" });
    board.lost();
    expect([status(broker), board.closed]).toEqual([undefined, true]);
  });

  test("is published when the client breaks the protocol", () => {
    const broker = new BrokerModel(new Scheduler());
    client(broker, { will }).raw(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff));
    expect(status(broker)).toBe("offline");
  });

  test("is published when another connection takes the client's name over, before that one is accepted", () => {
    const broker = new BrokerModel(new Scheduler());
    const board = client(broker, { will });
    const again = client(broker, { will });
    expect([board.closed, again.closed, status(broker)]).toEqual([true, false, "offline"]);
    again.send(publish("m/status", "online", { retain: true }));
    board.lost();
    board.raw(mqttPacket.generate(publish("m/status", "ghost", { retain: true })));
    expect(status(broker)).toBe("online");
    again.send(subscribe("#", 0));
    expect(texts(again.packets())).toEqual(["connack", "suback", "m/status=online retained"]);
  });
});

describe("a persistent session", () => {
  const persistent = { clientId: "watcher", clean: false };

  test("keeps its subscriptions and its QoS 1 messages while the client is away, in order, and no QoS 0 ones", () => {
    const broker = new BrokerModel(new Scheduler());
    const first = client(broker, persistent);
    first.send(subscribe("m/#", 1));
    first.lost();
    const board = client(broker);
    board.send(publish("m/a", "1", { qos: 1, messageId: 1 }));
    board.send(publish("m/a", "2"));
    board.send(publish("m/b", "3", { qos: 1, messageId: 2 }));
    const second = client(broker, persistent);
    board.send(publish("m/b", "4"));
    const packets = second.packets();
    expect(packets[0]).toMatchObject({ cmd: "connack", sessionPresent: true });
    expect(texts(packets).slice(1)).toEqual(["m/a=1", "m/b=3", "m/b=4"]);
  });

  test("sends again what the client had not acknowledged, and nothing that it had", () => {
    const broker = new BrokerModel(new Scheduler());
    const first = client(broker, persistent);
    first.send(subscribe("m/#", 1));
    for (const x of ["1", "2", "3"]) broker.publish({ topic: "m/a", payload: Buffer.from(x), qos: 1, retain: false });
    const ids = first.packets().flatMap((each) => (each.cmd === "publish" ? [each.messageId!] : []));
    expect(new Set(ids).size).toBe(3);
    first.send({ cmd: "puback", messageId: ids[1]! });
    first.lost();
    const second = client(broker, persistent);
    broker.publish({ topic: "m/a", payload: Buffer.from("4"), qos: 1, retain: false });
    const packets = second.packets();
    expect(texts(packets)).toEqual(["connack", "m/a=1 again", "m/a=3 again", "m/a=4"]);
    const again = packets.flatMap((each) => (each.cmd === "publish" ? [each.messageId] : []));
    expect(again.slice(0, 2)).toEqual([ids[0], ids[2]]);
    expect(new Set(again).size).toBe(3);
  });

  test("ends when the client comes back clean", () => {
    const broker = new BrokerModel(new Scheduler());
    client(broker, persistent).send(subscribe("m/#", 1));
    const clean = client(broker, { clientId: "watcher", clean: true });
    broker.publish({ topic: "m/a", payload: Buffer.from("1"), qos: 1, retain: false });
    expect(texts(clean.packets())).toEqual(["connack"]);
    clean.lost();
    expect(client(broker, persistent).packets()[0]).toMatchObject({ sessionPresent: false });
  });
});

describe("what it does not understand closes the connection, and takes nothing", () => {
  test.each([
    ["garbage", (board: ReturnType<typeof client>) => board.raw(Uint8Array.of(0, 1, 2, 3))],
    [
      "a second CONNECT",
      (board: ReturnType<typeof client>) =>
        board.send({ cmd: "connect", protocolId: "MQTT", protocolVersion: 4, clientId: "x", clean: true } as Packet),
    ],
    ["a packet that only brokers send", (board: ReturnType<typeof client>) => board.send({ cmd: "pingresp" })],
  ])("%s", (_, act) => {
    const broker = new BrokerModel(new Scheduler());
    const board = client(broker);
    act(board);
    expect(board.closed).toBe(true);
    board.send(publish("a", "1"));
    expect(broker.counts.published).toBe(0);
  });

  test("a publish before CONNECT", () => {
    const broker = new BrokerModel(new Scheduler());
    const board = client(broker, { clientId: "" });
    board.send(publish("a", "1"));
    expect([board.closed, broker.counts.published]).toEqual([true, 0]);
  });
});

test("filters match as in MQTT 3.1.1, 4.7", () => {
  for (const [filter, topic, fits] of [
    ["a/b", "a/b", true],
    ["a/b", "a/c", false],
    ["a/+", "a/b", true],
    ["a/+", "a", false],
    ["a/+", "a/b/c", false],
    ["+/b", "a/b", true],
    ["a/#", "a", true],
    ["a/#", "a/b/c", true],
    ["#", "a/b", true],
    ["a/b/c", "a/b", false],
  ] as const) {
    expect([filter, topic, matches(filter, topic)]).toEqual([filter, topic, fits]);
  }
});
