import mqttPacket, { type Packet } from "mqtt-packet";
import { expect, test } from "vitest";
import { Publishes } from "../../../host-sim/world/publishes.js";
import type { WireTap } from "../../../host-sim/world/wire.js";

const publish = (messageId: number, payload: string, dup = false): Buffer =>
  mqttPacket.generate({ cmd: "publish", topic: "m/x", payload, qos: 1, messageId, dup, retain: true });
const puback = (messageId: number): Buffer => mqttPacket.generate({ cmd: "puback", messageId } as Packet);

/** One more connection. How much room its socket has is no matter here. */
function listen(publishes: Publishes): Pick<WireTap, "in"> & { out(bytes: Uint8Array): void } {
  const tap = publishes.tap();
  return { in: (bytes) => tap.in(bytes), out: (bytes) => tap.out(bytes, 0) };
}

function listening() {
  const publishes = new Publishes();
  const heard: string[] = [];
  publishes.onPublish = ({ payload }) => heard.push(payload.toString());
  const counts = () => [publishes.published, publishes.retransmitted, publishes.acknowledged];
  return { publishes, heard, counts };
}

test("publishes and their acknowledgements are counted, in pieces of any size", () => {
  const { publishes, heard, counts } = listening();
  const tap = listen(publishes);
  for (const byte of Buffer.concat([publish(1, "a"), publish(2, "b")])) tap.out(Uint8Array.of(byte));
  for (const byte of puback(1)) tap.in(Uint8Array.of(byte));
  expect([heard, counts()]).toEqual([
    ["a", "b"],
    [2, 0, 1],
  ]);
});

test("a message that is sent again on another connection is not counted twice, nor is its acknowledgement", () => {
  const { publishes, heard, counts } = listening();
  listen(publishes).out(publish(1, "a"));
  const second = listen(publishes);
  second.out(publish(1, "a", true));
  second.in(puback(1));
  second.in(puback(1));
  second.in(puback(77));
  expect([heard, counts()]).toEqual([["a"], [1, 1, 1]]);
});

test("a message whose first sending was cut short counts when it is sent again", () => {
  const { publishes, heard, counts } = listening();
  listen(publishes).out(publish(1, "abc").subarray(0, 6));
  const second = listen(publishes);
  second.out(publish(1, "abc", true));
  second.out(publish(2, "d", true));
  expect([heard, counts()]).toEqual([
    ["abc", "d"],
    [2, 0, 0],
  ]);
});

test("an id that was acknowledged is free for another message", () => {
  const { publishes, counts } = listening();
  const tap = listen(publishes);
  for (let round = 0; round < 3; round++) {
    tap.out(publish(1, "a"));
    tap.in(puback(1));
  }
  expect(counts()).toEqual([3, 0, 3]);
});

test("CONNACK's code is told, and garbage from a broker is not the listener's affair", () => {
  const { publishes, counts } = listening();
  const codes: number[] = [];
  publishes.onConnack = (code) => codes.push(code);
  const tap = listen(publishes);
  tap.in(mqttPacket.generate({ cmd: "connack", returnCode: 5, sessionPresent: false } as Packet));
  expect(() => tap.in(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 1, 2))).not.toThrow();
  tap.in(puback(1));
  tap.out(publish(1, "a"));
  expect([codes, counts()]).toEqual([[5], [1, 0, 0]]);
});
