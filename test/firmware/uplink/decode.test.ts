import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Bytes } from "../../../firmware/device.js";
import { limits } from "../../../firmware/limits.js";
import { decoder, topicText as textOf, type Incoming } from "../../../firmware/uplink/decode.js";
import { oracleBytes, packetId, payload, qos, topicText } from "./packets.js";

/** The time limit is for a failure: shrinking streams of kilobytes would go on for minutes. */
const run = { seed: 73, numRuns: 300, interruptAfterTimeLimit: 15_000, markInterruptAsFailure: true };

/** A packet as a broker sends it, and as the decoder should give it. */
const brokerPacket = fc.oneof(
  fc
    .record({ topic: topicText, payload, qos, retain: fc.boolean(), dup: fc.boolean(), id: packetId })
    .map(({ topic, payload, qos, retain, dup, id }) => {
      const duplicate = dup && qos > 0;
      return {
        bytes: oracleBytes({ cmd: "publish", topic, payload: Buffer.from(payload), qos, retain, dup: duplicate, messageId: id }),
        packet: { type: "publish", topic, payload, qos, retain, id: qos === 0 ? 0 : id },
      };
    }),
  packetId.map((id) => ({ bytes: oracleBytes({ cmd: "puback", messageId: id }), packet: { type: "puback", id } })),
  fc.tuple(packetId, fc.array(fc.constantFrom(0, 1, 2, 128), { minLength: 1, maxLength: 3 })).map(([id, codes]) => ({
    bytes: oracleBytes({ cmd: "suback", messageId: id, granted: codes }),
    packet: { type: "suback", id, codes: new Uint8Array(codes) },
  })),
  fc.tuple(fc.boolean(), fc.nat(5)).map(([present, code]) => ({
    bytes: oracleBytes({ cmd: "connack", sessionPresent: present && code === 0, returnCode: code }),
    packet: { type: "connack", sessionPresent: present && code === 0, code },
  })),
  fc.constant({ bytes: oracleBytes({ cmd: "pingresp" }), packet: { type: "pingresp" } }),
);

type Read = Exclude<Incoming, { type: "publish" }> | { type: "publish"; topic: string | undefined; payload: Bytes };

/** What comes out of `stream` cut at `cuts`: topics as text, and copies of what are views. */
function decode(stream: Bytes, cuts: number[]): Read[] {
  const incoming = decoder();
  const packets: Read[] = [];
  const edges = [...new Set([0, ...cuts.map((cut) => cut % (stream.length + 1)), stream.length])].sort((a, b) => a - b);
  for (let index = 1; index < edges.length; index++) {
    incoming.feed(stream.slice(edges[index - 1], edges[index]));
    for (let packet = incoming.next(); packet !== undefined; packet = incoming.next()) {
      packets.push(packet.type === "publish" ? { ...packet, topic: textOf(packet.topic), payload: packet.payload.slice() } : packet);
      if (packet.type === "fault") return packets;
    }
  }
  return packets;
}

const asText = (packet: object) =>
  JSON.stringify(packet, (_, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value));

const joined = (parts: Uint8Array[]): Bytes => new Uint8Array(Buffer.concat(parts));

test("a broker's packets are read as mqtt-packet wrote them, however the stream is cut", () => {
  fc.assert(
    fc.property(fc.array(brokerPacket, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 12 }), (sent, cuts) => {
      const stream = joined(sent.map(({ bytes }) => bytes));
      // As text: a difference between long arrays takes seconds to draw, and shrinking draws hundreds.
      expect(decode(stream, cuts).map(asText)).toEqual(sent.map(({ packet }) => asText(packet)));
    }),
    run,
  );
});

test("a stream of every kind of packet parses when cut at every byte, and into pieces of every length up to 8", () => {
  const stream = joined([
    oracleBytes({ cmd: "connack", sessionPresent: true, returnCode: 0 }),
    oracleBytes({ cmd: "suback", messageId: 513, granted: [1] }),
    oracleBytes({ cmd: "publish", topic: "größe/€", payload: Buffer.alloc(130, 3), qos: 1, dup: true, retain: true, messageId: 65535 }),
    oracleBytes({ cmd: "publish", topic: "t", payload: "", qos: 0, dup: false, retain: false }),
    oracleBytes({ cmd: "pingresp" }),
    oracleBytes({ cmd: "puback", messageId: 1 }),
  ]);
  const whole = decode(stream, []);
  expect(whole.map(({ type }) => type)).toEqual(["connack", "suback", "publish", "publish", "pingresp", "puback"]);
  expect(decode(stream, [...stream.keys()])).toEqual(whole);
  for (let first = 0; first < stream.length; first++) {
    for (let second = first; second <= first + 8; second++) {
      expect(JSON.stringify(decode(stream, [first, second]))).toBe(JSON.stringify(whole));
    }
  }
});

test("random bytes and mutated streams never throw, end in one lasting fault or none, and give only bounded packets", () => {
  const mutated = fc
    .tuple(fc.array(brokerPacket, { minLength: 1, maxLength: 6 }), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 5 }))
    .map(([sent, changes]) => {
      const stream = joined(sent.map(({ bytes }) => bytes));
      for (const [at, byte] of changes) stream[at % stream.length] = byte;
      return stream;
    });
  const random = fc.uint8Array({ maxLength: 400, size: "max" }).map((bytes) => new Uint8Array(bytes));
  // What a broker may open a packet with, so that more than the first byte is reached.
  const opened = fc
    .tuple(fc.constantFrom(0x20, 0x30, 0x32, 0x3b, 0x40, 0x90, 0xd0), random)
    .map(([first, rest]) => joined([Uint8Array.of(first), rest]));
  fc.assert(
    fc.property(fc.oneof(mutated, random, opened), fc.array(fc.nat(), { maxLength: 10 }), (stream, cuts) => {
      const incoming = decoder();
      const edges = [...new Set([0, ...cuts.map((cut) => cut % (stream.length + 1)), stream.length])].sort((a, b) => a - b);
      let faulty = false;
      for (let index = 1; index < edges.length; index++) {
        incoming.feed(stream.slice(edges[index - 1], edges[index]));
        for (let packet = incoming.next(); packet !== undefined && !faulty; packet = incoming.next()) {
          if (packet.type === "fault") faulty = true;
          if (packet.type === "publish") expect(packet.payload.length).toBeLessThan(limits.packetBytesMax);
        }
        if (faulty) expect(incoming.next()?.type).toBe("fault");
      }
      incoming.reset();
      incoming.feed(Uint8Array.of(0xd0, 0));
      expect(incoming.next()).toEqual({ type: "pingresp" });
    }),
    { seed: 74, numRuns: 3000 },
  );
});

test("what was decoded or refused leaves no memory behind", async () => {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  // V8 frees buffers behind the collector's back: a moment later they are gone.
  const collect = async () => {
    for (let count = 0; count < 3; count++) {
      gc();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const incoming = decoder();
  const publish = oracleBytes({ cmd: "publish", topic: "t", payload: Buffer.alloc(900), qos: 0, dup: false, retain: false });
  const oversize = Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0x7f);
  const round = () => {
    for (const piece of [publish, publish.subarray(0, 500), publish.subarray(500), publish.subarray(0, 700), oversize]) {
      incoming.feed(piece.slice());
      for (let packet = incoming.next(); packet !== undefined && packet.type !== "fault"; packet = incoming.next());
    }
    incoming.reset();
  };
  round();
  await collect();
  const heldBytes = process.memoryUsage().arrayBuffers;
  for (let count = 0; count < 2500; count++) round();
  await collect();
  expect(process.memoryUsage().arrayBuffers - heldBytes).toBeLessThan(1_000_000);
});

test("a packet larger than packetBytesMax is told from its length alone, before its body", () => {
  const length = limits.packetBytesMax - 2;
  const bytes = Uint8Array.of(0x30, (length & 0x7f) | 0x80, length >> 7);
  expect(decode(bytes, [])).toMatchObject([{ type: "fault", error: { kind: "oversize" } }]);
  const whole = oracleBytes({
    cmd: "publish",
    topic: "t",
    payload: Buffer.alloc(limits.packetBytesMax - 5),
    qos: 0,
    dup: false,
    retain: false,
  });
  expect(decode(whole, [])).toMatchObject([{ type: "fault", error: { kind: "oversize" } }]);
  const fits = oracleBytes({
    cmd: "publish",
    topic: "t",
    payload: Buffer.alloc(limits.packetBytesMax - 6),
    qos: 0,
    dup: false,
    retain: false,
  });
  expect(fits.length).toBe(limits.packetBytesMax);
  expect(decode(fits, [5])).toMatchObject([{ type: "publish" }]);
});

test.each([
  ["a packet type that only clients send", [0x10]],
  ["reserved flags", [0x41]],
  ["QoS 2, which is never granted", [0x34]],
  ["QoS 3", [0x36]],
  ["DUP at QoS 0", [0x38]],
  ["a remaining length of five bytes", [0x30, 0x80, 0x80, 0x80, 0x80]],
  ["PUBACK of length 3", [0x40, 3]],
  ["PINGRESP with a body", [0xd0, 1]],
  ["CONNACK with reserved flags", [0x20, 2, 2, 0]],
  ["CONNACK with a reserved code", [0x20, 2, 0, 6]],
  ["CONNACK refused with a session", [0x20, 2, 1, 5]],
  ["PUBACK of packet id 0", [0x40, 2, 0, 0]],
  ["SUBACK without a code", [0x90, 2]],
  ["SUBACK with code 3", [0x90, 3, 0, 1, 3]],
  ["PUBLISH with a topic longer than the packet", [0x30, 3, 0, 2, 1]],
  ["PUBLISH without room for its packet id", [0x32, 5, 0, 2, 65, 65, 1]],
  ["PUBLISH with packet id 0", [0x32, 5, 0, 1, 65, 0, 0]],
])("%s is malformed", (_, bytes) => {
  const stream = Uint8Array.from(bytes);
  for (const cuts of [[], [...stream.keys()]])
    expect(decode(stream, cuts)).toMatchObject([{ type: "fault", error: { kind: "malformed" } }]);
});

test.each([
  ["empty", ""],
  ["a wildcard", "a/#"],
  ["a wildcard", "+"],
  ["a zero character", "a\0"],
])("the topic of a PUBLISH that is %s gives no text", (_, topic) => {
  expect(textOf(new Uint8Array(Buffer.from(topic)))).toBeUndefined();
});

test("the topic of a PUBLISH that is no UTF-8 gives no text", () => {
  expect(textOf(Uint8Array.of(0x61, 0xff))).toBeUndefined();
});
