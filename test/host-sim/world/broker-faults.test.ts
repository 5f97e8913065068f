import mqttPacket from "mqtt-packet";
import { describe, expect, test } from "vitest";
import { BrokerModel } from "../../../host-sim/world/broker.js";
import { Scheduler } from "../../../host-sim/world/scheduler.js";
import { client, link, pass, publish, status, subscribe, texts, will } from "./broker-bench.js";

describe("the keep-alive", () => {
  test("closes a client that has been silent for one and a half times of it, and publishes its will", () => {
    const broker = new BrokerModel(new Scheduler());
    const board = client(broker, { keepalive: 30, will });
    pass(broker, 40);
    board.send({ cmd: "pingreq" });
    pass(broker, 44.9);
    expect([board.closed, status(broker)]).toEqual([false, undefined]);
    pass(broker, 0.2);
    expect([board.closed, status(broker)]).toEqual([true, "offline"]);
  });

  test("hears every packet, but not half of one", () => {
    const broker = new BrokerModel(new Scheduler());
    const board = client(broker, { keepalive: 10 });
    for (let round = 0; round < 10; round++) {
      pass(broker, 14);
      board.send(publish("a", "1"));
    }
    expect(board.closed).toBe(false);
    pass(broker, 14);
    board.raw(mqttPacket.generate(publish("a", "1")).subarray(0, 3));
    pass(broker, 2);
    expect(board.closed).toBe(true);
  });

  test("of 0 waits for ever, and who never says CONNECT is closed after 90 s", () => {
    const broker = new BrokerModel(new Scheduler());
    const patient = client(broker, { keepalive: 0 });
    const mute = client(broker, { clientId: "" });
    pass(broker, 89);
    expect(mute.closed).toBe(false);
    pass(broker, 2);
    expect(mute.closed).toBe(true);
    pass(broker, 1e6);
    expect([patient.closed, broker.scheduler.nextUs()]).toEqual([false, Infinity]);
  });

  test("no longer watches a client that has left", () => {
    const broker = new BrokerModel(new Scheduler());
    client(broker, { will }).send({ cmd: "disconnect" });
    client(broker, { clientId: "b" }).lost();
    pass(broker, 1000);
    expect([status(broker), broker.scheduler.nextUs()]).toEqual([undefined, Infinity]);
  });
});

describe("a broker that is stopped", () => {
  const stopped = (memory: "kept" | "lost") => {
    const broker = new BrokerModel(new Scheduler());
    const watcher = client(broker, { clientId: "watcher", clean: false });
    watcher.send(subscribe("m/#", 1));
    const board = client(broker, { will });
    board.send(publish("m/x", "1", { retain: true, qos: 1, messageId: 1 }));
    watcher.lost();
    board.send(publish("m/x", "2", { retain: true, qos: 1, messageId: 2 }));
    return { broker, board, heal: broker.stop(memory) };
  };

  test("closes its connections, publishes no will, and refuses new ones until it is started as often as stopped", () => {
    const { broker, board, heal } = stopped("kept");
    expect([board.closed, status(broker), client(broker).refused]).toEqual([true, undefined, true]);
    const again = broker.stop("kept");
    heal();
    heal();
    expect(client(broker).refused).toBe(true);
    again();
    expect(texts(client(broker).packets())).toEqual(["connack"]);
  });

  test("comes back with its sessions and retained messages", () => {
    const { broker, heal } = stopped("kept");
    heal();
    const packets = client(broker, { clientId: "watcher", clean: false }).packets();
    expect(packets[0]).toMatchObject({ sessionPresent: true });
    expect(texts(packets).slice(1)).toEqual(["m/x=1 again", "m/x=2"]);
    expect(broker.retained.get("m/x")!.payload.toString()).toBe("2");
  });

  test("knows that nobody is connected when it comes back: what is published then waits for the client", () => {
    const broker = new BrokerModel(new Scheduler());
    client(broker, { clientId: "watcher", clean: false }).send(subscribe("m/#", 1));
    client(broker, { clientId: "guest" }).send(subscribe("m/#", 1));
    broker.stop("kept")();
    client(broker).send(publish("m/x", "1", { qos: 1, messageId: 1 }));
    expect(texts(client(broker, { clientId: "watcher", clean: false }).packets())).toEqual(["connack", "m/x=1"]);
    expect(client(broker, { clientId: "guest", clean: false }).packets()).toMatchObject([{ cmd: "connack", sessionPresent: false }]);
  });

  test("comes back without them where they are lost", () => {
    const { broker, heal } = stopped("lost");
    heal();
    const packets = client(broker, { clientId: "watcher", clean: false }).packets();
    expect(packets).toMatchObject([{ cmd: "connack", sessionPresent: false }]);
    expect(broker.retained.size).toBe(0);
    client(broker).send(publish("m/x", "3"));
    expect(broker.counts.published).toBe(3);
  });
});

describe("a broker that refuses", () => {
  test("answers CONNECT with its code and closes, and leaves connections that stand alone", () => {
    const broker = new BrokerModel(new Scheduler());
    const before = client(broker, { clientId: "before" });
    const heals = [broker.refuse(5), broker.refuse(2)];
    const board = client(broker, { will });
    expect([board.packets(), board.closed, status(broker)]).toMatchObject([[{ cmd: "connack", returnCode: 5 }], true, undefined]);
    before.send(publish("a", "1", { qos: 1, messageId: 1 }));
    expect([texts(before.packets()), before.closed]).toEqual([["connack", "puback"], false]);
    heals[0]!();
    expect(client(broker).packets()).toMatchObject([{ returnCode: 2 }]);
    heals[1]!();
    expect(client(broker).packets()).toMatchObject([{ returnCode: 0 }]);
    expect(broker.counts.connects).toBe(2);
  });

  test("strikes the connections of the boards that are meant, and no others", () => {
    const broker = new BrokerModel(new Scheduler());
    const [one, other] = [link(), link()];
    broker.refuse(3, new Set([one]));
    const codes = [one, other, undefined].map((from, index) => client(broker, { clientId: "c" + index }, from).packets());
    expect(codes).toMatchObject([[{ returnCode: 3 }], [{ returnCode: 0 }], [{ returnCode: 0 }]]);
  });
});

test("disconnecting closes the connections that are meant, and their wills are published", () => {
  const broker = new BrokerModel(new Scheduler());
  const [one, other] = [link(), link()];
  const first = client(broker, { clientId: "1", will }, one);
  const second = client(broker, { clientId: "2" }, other);
  broker.disconnect(new Set([one]));
  expect([first.closed, second.closed, status(broker)]).toEqual([true, false, "offline"]);
  broker.disconnect();
  expect(second.closed).toBe(true);
});

describe("a broker that hangs", () => {
  test("takes everything and answers nothing, then goes on where it stopped", () => {
    const broker = new BrokerModel(new Scheduler());
    const before = client(broker, { clientId: "before", will });
    const watcher = client(broker, { clientId: "watcher" });
    watcher.send(subscribe("m/#", 1));
    for (const each of [before, watcher]) each.packets();
    const heals = [broker.hang(), broker.hang()];
    before.send(publish("m/x", "1", { qos: 1, messageId: 1 }));
    const after = client(broker, { clientId: "after" });
    after.send(publish("m/x", "2", { qos: 1, messageId: 1 }));
    broker.publish({ topic: "m/x", payload: Buffer.from("0"), qos: 1, retain: false });
    before.send(publish("m/x", "3", { qos: 1, messageId: 2 }));
    before.lost();
    heals[0]!();
    pass(broker, 1000);
    expect([before, after, watcher].map((each) => [each.packets(), each.closed])).toEqual([
      [[], false],
      [[], false],
      [[], false],
    ]);
    expect([broker.counts.published, status(broker)]).toEqual([0, undefined]);
    heals[1]!();
    expect(texts(before.packets())).toEqual(["puback", "puback"]);
    expect(texts(after.packets())).toEqual(["connack", "puback"]);
    expect(texts(watcher.packets())).toEqual(["m/x=0", "m/x=1", "m/x=3", "m/status=offline", "m/x=2"]);
  });

  test("counts nobody's silence while it hangs, and anew when it goes on", () => {
    const broker = new BrokerModel(new Scheduler());
    const board = client(broker, { keepalive: 30 });
    const heal = broker.hang();
    pass(broker, 500);
    heal();
    pass(broker, 44);
    expect(board.closed).toBe(false);
    pass(broker, 50);
    expect(board.closed).toBe(true);
  });

  test("hangs for the boards that are meant alone", () => {
    const broker = new BrokerModel(new Scheduler());
    const one = link();
    const heal = broker.hang(new Set([one]));
    const struck = client(broker, { clientId: "1" }, one);
    const spared = client(broker, { clientId: "2" }, link());
    expect([texts(struck.packets()), texts(spared.packets())]).toEqual([[], ["connack"]]);
    heal();
    expect(texts(struck.packets())).toEqual(["connack"]);
  });

  test("and is stopped meanwhile knows nothing of what it had not read", () => {
    const broker = new BrokerModel(new Scheduler());
    const board = client(broker);
    board.packets();
    const goOn = broker.hang();
    board.send(publish("a", "1", { qos: 1, messageId: 1 }));
    broker.stop("kept")();
    goOn();
    expect([board.packets(), board.closed, broker.counts.published]).toEqual([[], true, 0]);
  });
});

test("a broker that forgets acknowledges a message, and neither keeps it nor passes it on nor tells of it", () => {
  const broker = new BrokerModel(new Scheduler());
  const heard: string[] = [];
  broker.onMessage = ({ payload }) => heard.push(payload.toString());
  const one = link();
  const board = client(broker, { clientId: "1" }, one);
  const watcher = client(broker, { clientId: "watcher" });
  watcher.send(subscribe("m/#", 1));
  const heal = broker.forget(new Set([one]));
  board.send(publish("m/x", "1", { qos: 1, messageId: 1, retain: true }));
  board.send(publish("m/x", "2"));
  client(broker, { clientId: "2" }, link()).send(publish("m/x", "3"));
  heal();
  board.send(publish("m/x", "4"));
  expect(texts(board.packets())).toEqual(["connack", "puback"]);
  expect([heard, texts(watcher.packets()).slice(2), broker.retained.size]).toEqual([["3", "4"], ["m/x=3", "m/x=4"], 0]);
  expect(broker.counts).toMatchObject({ published: 2, forgotten: 2, acknowledged: 1 });
});
