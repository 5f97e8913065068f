import fc from "fast-check";
import mqttPacket, { type Packet } from "mqtt-packet";
import { expect, test } from "vitest";
import { MqttFrames } from "../../../host-sim/world/mqtt-frames.js";

const packets = fc.array(
  fc.oneof(
    fc
      .record({ topic: fc.constantFrom("a", "mote/x/temperature"), length: fc.integer({ min: 0, max: 40_000 }) })
      .map(({ topic, length }) =>
        mqttPacket.generate({ cmd: "publish", topic, payload: Buffer.alloc(length, 7), qos: 1, messageId: 5, dup: false, retain: false }),
      ),
    fc.integer({ min: 1, max: 65535 }).map((messageId) => mqttPacket.generate({ cmd: "puback", messageId } as Packet)),
    fc.constant(mqttPacket.generate({ cmd: "pingreq" })),
  ),
  { maxLength: 6 },
);

test("packets come out whole and in order, however the stream is cut, with their bodies where they begin", () => {
  fc.assert(
    fc.property(packets, fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 20 }), (sent, cuts) => {
      const seen: Buffer[] = [];
      const bodies: number[] = [];
      const frames = new MqttFrames((packet, bodyAt) => {
        seen.push(Buffer.from(packet));
        bodies.push(packet.length - bodyAt);
      });
      const stream = Buffer.concat(sent);
      for (let at = 0, cut = 0; at < stream.length; cut++) {
        const length = cuts[cut % cuts.length]!;
        frames.push(stream.subarray(at, at + length));
        at += length;
      }
      expect(seen.map((each) => each.toString("hex"))).toEqual(sent.map((each) => each.toString("hex")));
      expect(bodies).toEqual(sent.map((each) => each.length - 1 - lengthBytes(each)));
    }),
    { seed: 3, numRuns: 60 },
  );
});

test("a length of more than four bytes is told once, and nothing comes out any more", () => {
  const seen: number[] = [];
  let broken = 0;
  const frames = new MqttFrames(
    (packet) => seen.push(packet[0]!),
    () => broken++,
  );
  frames.push(Buffer.concat([mqttPacket.generate({ cmd: "pingreq" }), Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 1])]));
  frames.push(mqttPacket.generate({ cmd: "pingreq" }));
  expect([seen, broken]).toEqual([[0xc0], 1]);
});

/** How many bytes its remaining length takes (MQTT 3.1.1, 2.2.3). */
function lengthBytes(packet: Buffer): number {
  let count = 1;
  while (packet[count]! >= 128) count++;
  return count;
}
