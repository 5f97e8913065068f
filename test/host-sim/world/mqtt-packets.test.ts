import fc from "fast-check";
import mqttPacket from "mqtt-packet";
import { expect, test } from "vitest";
import { empty } from "../../../host-sim/world/message.js";
import { MqttFrames } from "../../../host-sim/world/mqtt-frames.js";
import { messageIdOf, PacketReader, publishedMessage } from "../../../host-sim/world/mqtt-packets.js";
import { TopicNames } from "../../../host-sim/world/topic-names.js";

const publish = fc.record({
  topic: fc.oneof(fc.constantFrom("m/x", "m/y", "m/°C"), fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 })),
  payload: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  qos: fc.constantFrom<0 | 1>(0, 1),
  messageId: fc.integer({ min: 1, max: 65535 }),
  retain: fc.boolean(),
});

test("a plain PUBLISH is read by hand as mqtt-packet reads it, its topic decoded once", () => {
  const names = new TopicNames();
  const reader = new PacketReader();
  fc.assert(
    fc.property(publish, fc.boolean(), ({ qos, ...rest }, dup) => {
      const bytes = mqttPacket.generate({ cmd: "publish", qos, dup: dup && qos === 1, ...rest });
      let bodyAt = 0;
      new MqttFrames((_, at) => (bodyAt = at)).push(bytes);
      const read = reader.read(bytes);
      if (read?.cmd !== "publish") throw new Error("mqtt-packet reads its own packets");
      // A view of a plain Uint8Array, not at its buffer's beginning.
      const view = new Uint8Array([0, 0, ...bytes]).subarray(2);
      for (const packet of [bytes, view]) {
        const { topic, payload, retain, ...message } = publishedMessage(packet, bodyAt, names)!;
        expect([topic, retain, message.qos]).toEqual([read.topic, read.retain, read.qos]);
        expect(payload.equals(read.payload as Buffer)).toBe(true);
        if (qos === 1) expect(messageIdOf(packet, bodyAt)).toBe(read.messageId);
      }
    }),
    { seed: 5, numRuns: 300 },
  );
});

test("whatever is no plain PUBLISH is left to mqtt-packet", () => {
  const read = (...bytes: number[]): unknown => publishedMessage(Uint8Array.from(bytes), 2, new TopicNames());
  expect(read(0x40, 2, 0, 1)).toBeUndefined();
  // QoS 2, and 3.
  expect(read(0x34, 5, 0, 1, 0x61, 0, 1)).toBeUndefined();
  expect(read(0x36, 5, 0, 1, 0x61, 0, 1)).toBeUndefined();
  // Cut short in the topic's length, the topic and the packet id.
  expect(read(0x30, 1, 0)).toBeUndefined();
  expect(read(0x30, 4, 0, 3, 0x61, 0x62)).toBeUndefined();
  expect(read(0x32, 4, 0, 1, 0x61, 0)).toBeUndefined();
});

test("a payload is the caller's own, and known to be empty without being made", () => {
  const read = (text: string) => {
    const bytes = mqttPacket.generate({ cmd: "publish", topic: "a", payload: text, qos: 0, dup: false, retain: true });
    return publishedMessage(bytes, 2, new TopicNames())!;
  };
  const message = read("21.5 °C");
  message.payload.fill(0);
  expect(message.payload.toString()).toBe("21.5 °C");
  expect([empty(message), empty(read(""))]).toEqual([false, true]);
});

test("topics are the same in whatever order they come, also more than are remembered", () => {
  const names = new TopicNames();
  const topics = Array.from({ length: 60 }, (_, index) => `mote/board/${"x".repeat(index % 4)}${index}`);
  for (const topic of [...topics, ...topics.toReversed()]) {
    const bytes = Buffer.from(`..${topic}..`);
    expect(names.of(bytes, 2, bytes.length - 2)).toBe(topic);
  }
});
