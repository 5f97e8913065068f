import { expect, test } from "vitest";
import { limits } from "../../../firmware/limits.js";
import { topicName } from "../../../firmware/uplink/encode.js";
import { bench, brief, fields, publish } from "./wire.js";

const puback = (messageId: number) => ({ cmd: "puback", messageId }) as const;

test("a session opens with CONNECT and is connected by CONNACK", () => {
  const b = bench({ ...fields, username: "u", password: "p", will: { topic: "s", payload: "offline", qos: 1, retain: true } });
  b.mqtt.open(b.nowMs + 5000);
  expect(b.mqtt.connected).toBe(false);
  expect(b.written()).toMatchObject([
    { cmd: "connect", clientId: "mote-1", clean: false, keepalive: 30, username: "u", will: { topic: "s", qos: 1, retain: true } },
  ]);
  b.broker({ cmd: "connack", sessionPresent: true, returnCode: 0 });
  expect(b.events()).toEqual(["connected true"]);
  expect(b.mqtt.connected).toBe(true);
});

test.each([
  [1, "3.1.1"],
  [2, "client id"],
  [3, "not available"],
  [4, "user name or password"],
  [5, "not authorized"],
])("CONNACK %i ends the attempt and says why", (returnCode, word) => {
  const b = bench();
  b.mqtt.open(b.nowMs + 5000);
  b.broker({ cmd: "connack", sessionPresent: false, returnCode });
  expect(b.ended).toMatchObject([{ kind: "refused", message: expect.stringContaining(word) }]);
  expect(b.mqtt.connected).toBe(false);
});

test("connect fields that cannot be written end the attempt as options", () => {
  const b = bench({ ...fields, password: "p" });
  b.mqtt.open(b.nowMs + 5000);
  expect(b.ended).toMatchObject([{ kind: "options" }]);
});

test("a broker that does not answer CONNECT is given up at the deadline, not before", () => {
  const b = bench();
  b.mqtt.open(b.nowMs + 5000);
  expect(b.mqtt.dueMs()).toBe(b.nowMs + 5000);
  b.nowMs += 4999;
  b.mqtt.tick();
  expect(b.ended).toEqual([]);
  b.nowMs += 1;
  b.mqtt.tick();
  expect(b.ended).toMatchObject([{ kind: "timeout", message: expect.stringContaining("CONNECT") }]);
});

test("publishes are acknowledged in any order, each once", () => {
  const b = bench();
  b.up();
  const tokens = [publish(b.mqtt, "a"), publish(b.mqtt, "b"), publish(b.mqtt, "c")];
  expect(brief(b.written())).toEqual(["publish 1 a", "publish 2 b", "publish 3 c"]);
  for (const id of [3, 1, 1, 9, 2, 3]) b.broker(puback(id));
  expect(b.acknowledged).toEqual([tokens[2], tokens[0], tokens[1]]);
  expect(b.mqtt.unacknowledged).toBe(0);
  expect(b.mqtt.counters).toMatchObject({ published: 3, acknowledged: 3, retransmitted: 0 });
});

test("what was accepted without a connection is sent once there is one; QoS 0 is refused", () => {
  const b = bench();
  publish(b.mqtt, "early");
  expect(b.mqtt.publish("t", "x", 0, false)).toMatchObject({ ok: false, error: { kind: "offline" } });
  b.mqtt.open(b.nowMs + 5000);
  expect(brief(b.written())).toEqual(["connect mote-1"]);
  b.broker({ cmd: "connack", sessionPresent: false, returnCode: 0 });
  expect(brief(b.written())).toEqual(["publish 1 early"]);
});

test.each([true, false])(
  "after a reconnect (session present: %s) the unacknowledged are sent again in order, with DUP only where sent before",
  (present) => {
    const b = bench();
    b.up();
    for (const text of ["a", "b", "c"]) publish(b.mqtt, text);
    b.broker(puback(2));
    b.mqtt.lost();
    publish(b.mqtt, "d");
    b.written();
    b.mqtt.open(b.nowMs + 5000);
    b.broker({ cmd: "connack", sessionPresent: present, returnCode: 0 });
    expect(brief(b.written()).slice(1)).toEqual(["publish 1 a dup", "publish 3 c dup", "publish 4 d"]);
    expect(b.mqtt.counters).toMatchObject({ published: 4, retransmitted: 2, connects: 2 });
  },
);

test("a PUBACK for a publish that was not yet sent on this connection frees nothing", () => {
  const b = bench();
  publish(b.mqtt, "a");
  b.mqtt.open(b.nowMs + 5000);
  b.room = 64;
  b.broker({ cmd: "connack", sessionPresent: true, returnCode: 0 });
  b.broker(puback(1));
  expect(b.acknowledged).toEqual([]);
  expect(b.mqtt.unacknowledged).toBe(1);
});

test("the window refuses what is one too many, and tells of room after an acknowledgement, once", () => {
  const b = bench();
  b.up();
  for (let count = 0; count < limits.inflightMax; count++) publish(b.mqtt, "x");
  expect(b.mqtt.publish("t", "x", 1, false)).toMatchObject({ ok: false, error: { kind: "full" } });
  expect(b.events()).toEqual([]);
  b.broker(puback(1));
  b.broker(puback(2));
  expect(b.events()).toEqual(["acknowledged 1", "room", "acknowledged 2"]);
});

test("the window is bounded in bytes too", () => {
  const b = bench();
  b.up();
  const large = new Uint8Array(limits.packetBytesMax - 20);
  let accepted = 0;
  while (b.mqtt.publish("t", large, 1, false).ok) accepted++;
  expect(accepted).toBe(Math.floor(limits.inflightBytesMax / (large.length + 8)));
  b.broker(puback(1));
  expect(b.events()).toEqual(["acknowledged 1", "room"]);
  expect(b.mqtt.publish("t", large, 1, false).ok).toBe(true);
});

test("publishes leave room for control packets, wait in order, and go out as room comes", () => {
  const b = bench();
  b.up();
  b.room = limits.controlBytesReserved + 8;
  publish(b.mqtt, "a");
  b.room = limits.controlBytesReserved + 7;
  publish(b.mqtt, "b");
  publish(b.mqtt, "c");
  expect(b.mqtt.publish("t", "now", 0, false)).toMatchObject({ ok: false, error: { kind: "full" } });
  expect(brief(b.written())).toEqual(["publish 1 a"]);
  b.room = limits.outgoingBytesMax;
  b.mqtt.writable();
  expect(brief(b.written())).toEqual(["publish 2 b", "publish 3 c"]);
  expect(b.events()).toEqual(["room"]);
});

test("packet ids run through 65535 to 1 and pass over those in flight", () => {
  const b = bench();
  b.up();
  publish(b.mqtt, "kept");
  b.written();
  const ids = new Set<number>();
  for (let count = 0; count < 65534; count++) {
    publish(b.mqtt, "");
    const [written] = b.written();
    if (count > 65530 || count < 3) ids.add(written!.messageId!);
    b.mqtt.receive(Uint8Array.of(0x40, 2, (count + 2) >> 8, (count + 2) & 255));
  }
  expect([...ids]).toEqual([2, 3, 4, 65533, 65534, 65535]);
  b.written();
  publish(b.mqtt, "first after the wrap");
  expect(brief(b.written())).toEqual(["publish 2 first after the wrap"]);
  expect(b.mqtt.unacknowledged).toBe(2);
});

test("a message is delivered first and acknowledged after, at QoS 1 only", () => {
  const b = bench();
  b.up();
  b.onEvent = () => expect(b.written()).toEqual([]);
  b.broker({ cmd: "publish", topic: "a/b", payload: "hi", qos: 1, retain: true, dup: false, messageId: 77 });
  expect(b.events()).toEqual(["message a/b hi retained"]);
  expect(brief(b.written())).toEqual(["puback 77"]);
  b.broker({ cmd: "publish", topic: "a", payload: "", qos: 0, retain: false, dup: false });
  expect(b.events()).toEqual(["message a "]);
  expect(b.written()).toEqual([]);
});

test("a broker that sends but never reads is dropped before anything grows", () => {
  const b = bench();
  b.up();
  b.room = 3;
  b.broker({ cmd: "publish", topic: "a", payload: "x", qos: 1, retain: false, dup: false, messageId: 1 });
  expect(b.ended).toMatchObject([{ kind: "overload" }]);
});

test("subscriptions are asked for once, and again only when the broker has forgotten them or had not answered", () => {
  const b = bench();
  expect(b.mqtt.subscribe("a/#", 1).ok).toBe(true);
  b.mqtt.open(b.nowMs + 5000);
  b.broker({ cmd: "connack", sessionPresent: true, returnCode: 0 });
  expect(b.mqtt.subscribe("b", 0).ok).toBe(true);
  expect(b.written()).toMatchObject([
    { cmd: "connect" },
    { messageId: 1, subscriptions: [{ topic: "a/#", qos: 1 }] },
    { messageId: 2, subscriptions: [{ topic: "b", qos: 0 }] },
  ]);
  b.broker({ cmd: "suback", messageId: 1, granted: [1] });
  expect(b.events()).toContain("subscribed a/# 1");
  b.mqtt.lost();
  b.mqtt.open(b.nowMs + 5000);
  b.broker({ cmd: "connack", sessionPresent: true, returnCode: 0 });
  expect(b.written()).toMatchObject([{ cmd: "connect" }, { cmd: "subscribe", subscriptions: [{ topic: "b" }] }]);
  b.broker({ cmd: "suback", messageId: 3, granted: [128] });
  expect(b.events()).toContain("subscribed b undefined");
  b.mqtt.lost();
  b.mqtt.open(b.nowMs + 5000);
  b.broker({ cmd: "connack", sessionPresent: false, returnCode: 0 });
  expect(
    b
      .written()
      .slice(1)
      .map((packet) => packet.cmd),
  ).toEqual(["subscribe", "subscribe"]);
});

test("one subscription too many is refused", () => {
  const b = bench();
  for (let count = 0; count < limits.subscriptionsMax; count++) b.mqtt.subscribe("t" + count, 1);
  expect(b.mqtt.subscribe("t0", 0).ok).toBe(true);
  expect(b.mqtt.subscribe("more", 1)).toMatchObject({ ok: false, error: { kind: "full" } });
  expect(b.mqtt.subscribe("a#", 1)).toMatchObject({ ok: false, error: { kind: "topic" } });
});

test.each([
  ["a packet before CONNACK", false, [0xd0, 0], "protocol"],
  ["a second CONNACK", true, [0x20, 2, 0, 0], "protocol"],
  ["garbage", true, [0x48, 0x54, 0x54, 0x50], "malformed"],
  ["an oversize packet", true, [0x30, 0xff, 0x7f], "oversize"],
  ["a PUBLISH to a wildcard", true, [0x30, 3, 0, 1, 0x23], "malformed"],
  ["a PUBLISH to no topic", true, [0x30, 3, 0, 0, 1], "malformed"],
] as const)("%s ends the connection with an error value, and what was accepted stays", (_, connected, bytes, kind) => {
  const b = bench();
  if (connected) b.up();
  else b.mqtt.open(b.nowMs + 5000);
  publish(b.mqtt, "kept");
  b.mqtt.receive(Uint8Array.from(bytes));
  expect(b.ended).toMatchObject([{ kind }]);
  b.mqtt.receive(Uint8Array.from(bytes));
  expect(b.ended.length).toBe(1);
  b.written();
  b.mqtt.open(b.nowMs + 5000);
  b.broker({ cmd: "connack", sessionPresent: false, returnCode: 0 });
  expect(brief(b.written()).slice(1)).toEqual([connected ? "publish 1 kept dup" : "publish 1 kept"]);
});

test("after a packet that is too long, perhaps a message that somebody left, nothing is subscribed to for a while", () => {
  const b = bench();
  b.mqtt.subscribe("acks", 1);
  b.up();
  b.written();
  b.mqtt.receive(Uint8Array.of(0x30, 0xff, 0x7f));
  expect(b.ended).toMatchObject([{ kind: "oversize" }]);
  const connect = (): (string | undefined)[] => {
    b.mqtt.open(b.nowMs + 5000);
    b.broker({ cmd: "connack", sessionPresent: false, returnCode: 0 });
    return b.written().map(({ cmd }) => cmd);
  };
  expect(connect()).toEqual(["connect"]);
  b.nowMs += limits.subscriptionRestMs - 1;
  b.mqtt.lost();
  expect(connect()).toEqual(["connect"]);
  b.nowMs += 1;
  b.mqtt.tick();
  expect(b.written().map(({ cmd }) => cmd)).toContain("subscribe");
});

test("what follows a fatal packet in the same piece is not looked at", () => {
  const b = bench();
  b.up();
  publish(b.mqtt, "a");
  b.mqtt.receive(Uint8Array.of(0x20, 2, 0, 0, 0x40, 2, 0, 1));
  expect(b.events()).toEqual(["ended protocol"]);
});

test("a message whose delivery lost the connection is not acknowledged", () => {
  const b = bench();
  b.up();
  b.onEvent = () => b.mqtt.lost();
  b.mqtt.receive(Uint8Array.of(0x32, 5, 0, 1, 65, 0, 9, 0x32, 5, 0, 1, 66, 0, 10));
  expect(b.events()).toEqual(["message A "]);
  expect(b.written()).toEqual([]);
});

test("a callback may publish, stop, or lose the connection", () => {
  const b = bench();
  b.up();
  publish(b.mqtt, "a");
  b.onEvent = (name) => {
    if (name === "acknowledged") publish(b.mqtt, "from the callback");
    b.onEvent = undefined;
  };
  b.broker(puback(1));
  expect(brief(b.written())).toEqual(["publish 1 a", "publish 2 from the callback"]);
  b.onEvent = () => b.mqtt.lost();
  b.mqtt.receive(Uint8Array.of(0x40, 2, 0, 2, 0x32, 5, 0, 1, 65, 0, 9));
  expect(b.events()).toEqual(["acknowledged 1", "acknowledged 2"]);
  expect(b.written()).toEqual([]);
});

test("a topic may be checked and encoded once, and is then published to as the string is", () => {
  const b = bench();
  b.up();
  const name = topicName("größe");
  if (!name.ok) throw new Error(name.error.message);
  b.mqtt.publish(name.value, "x", 0, true);
  b.mqtt.publish("größe", "x", 0, true);
  const [one, other] = b.written();
  expect(one).toEqual(other);
  expect(one).toMatchObject({ topic: "größe", retain: true });
  expect(b.mqtt.publish("a/+", "x", 1, false)).toMatchObject({ ok: false, error: { kind: "topic" } });
});
