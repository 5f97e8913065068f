/** The part of the MQTT codec's benchmark that runs inside XS: publishes written and read again, and checked byte by byte against vectors. */
import type { Bytes } from "../../firmware/device.js";
import { decoder, topicText } from "../../firmware/uplink/decode.js";
import { publishPacket, topicName, type QoS, type TopicName } from "../../firmware/uplink/encode.js";
import { fused, signal } from "./p1.js";

/** A publish, and what mqtt-packet writes for it. */
export interface Vector {
  topic: string;
  payload: number[];
  qos: QoS;
  retain: boolean;
  id: number;
  expected: number[];
}

export interface Measured {
  /** Indexes of vectors that were written differently, or not read back as they were. */
  different: number[];
  /** µs a round of `publishes`: written and read again; with topic and payload from and to strings; only written. */
  bothUs: number[];
  textUs: number[];
  writeUs: number[];
  publishes: number;
  /** µs that the yardstick, P1 in a loop by hand, took in each round, and its samples. */
  yardstickUs: number[];
  yardstickSamples: number;
  /** What writing and reading one publish allocated. */
  slots: number;
  chunkBytes: number;
}

export const topic = "mote/garden-a1b2c3/temperature";
export const payloadBytes = 100;
const publishes = 100;
const rounds = 100;
const yardstickSamples = 1000;

function named(text: string): TopicName {
  const name = topicName(text);
  if (!name.ok) throw new Error(name.error.message);
  return name.value;
}

function differs(vector: Vector): boolean {
  const written = publishPacket(named(vector.topic), Uint8Array.from(vector.payload), vector.qos, vector.retain, vector.id);
  if (!written.ok || written.value.length !== vector.expected.length) return true;
  for (let index = 0; index < vector.expected.length; index++) if (written.value[index] !== vector.expected[index]) return true;
  const incoming = decoder();
  incoming.feed(written.value);
  const read = incoming.next();
  if (read === undefined || read.type !== "publish" || incoming.next() !== undefined) return true;
  if (topicText(read.topic) !== vector.topic || read.qos !== vector.qos || read.retain !== vector.retain) return true;
  return read.id !== (vector.qos === 0 ? 0 : vector.id) || read.payload.length !== vector.payload.length;
}

/** µs of what is done `publishes` times, with the packet ids 1 … `publishes`. */
function timedUs(once: (id: number) => void): number {
  const start = nowUs();
  for (let id = 1; id <= publishes; id++) once(id);
  return nowUs() - start;
}

export function measure(vectors: Vector[]): Measured {
  const different: number[] = [];
  vectors.forEach((vector, index) => differs(vector) && different.push(index));
  const bytes: Bytes = new Uint8Array(payloadBytes).fill(0x7b);
  let text = "";
  for (let index = 0; index < payloadBytes; index++) text += "{";
  const name = named(topic);
  const incoming = decoder();
  const write = (id: number): Bytes => {
    const written = publishPacket(name, bytes, 1, false, id);
    if (!written.ok) throw new Error(written.error.message);
    return written.value;
  };
  const both = (id: number): void => {
    incoming.feed(write(id));
    const read = incoming.next();
    if (read === undefined || read.type !== "publish" || read.id !== id || incoming.next() !== undefined) throw new Error("publish " + id);
  };
  const texts = (id: number): void => {
    const written = publishPacket(named(topic), text, 1, false, id);
    if (!written.ok) throw new Error(written.error.message);
    incoming.feed(written.value);
    const read = incoming.next();
    if (read === undefined || read.type !== "publish" || topicText(read.topic) !== topic || incoming.next() !== undefined)
      throw new Error("publish " + id);
  };
  timedUs(both);
  collect();
  const collectionsBefore = collections();
  const slotsBefore = slotsInUse();
  const chunkBytesBefore = chunkBytesInUse();
  timedUs(both);
  const slots = (slotsInUse() - slotsBefore) / publishes;
  const chunkBytes = (chunkBytesInUse() - chunkBytesBefore) / publishes;
  if (collections() !== collectionsBefore) throw new Error("a collection ran during the measurement of allocations");
  const bothUs: number[] = [];
  const textUs: number[] = [];
  const writeUs: number[] = [];
  const yardstickUs: number[] = [];
  const samples = signal().slice(0, yardstickSamples);
  for (let round = 0; round < rounds; round++) {
    // What earlier rounds left behind is not this one's to pay for.
    if (round % 10 === 0) collect();
    bothUs.push(timedUs(both));
    textUs.push(timedUs(texts));
    writeUs.push(timedUs(write));
    const start = nowUs();
    fused(samples, 1);
    yardstickUs.push(nowUs() - start);
  }
  return { different, bothUs, textUs, writeUs, publishes, slots, chunkBytes, yardstickUs, yardstickSamples };
}
