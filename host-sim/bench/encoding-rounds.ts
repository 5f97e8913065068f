/** The part of the encodings' benchmark that runs inside XS: each encoding on each window, timed in turns with the yardstick P1, its bytes decoded again. */
import type { Bytes } from "../../firmware/device.js";
import { blockEncoder } from "../../firmware/telemetry/block-encoder.js";
import type { BlockChannel } from "../../firmware/telemetry/block-options.js";
import { columnsDecode, columnsEncode, senmlDecode, senmlEncode } from "./encoding-cbor.js";
import { gorillaDecode, gorillaEncode } from "./encoding-gorilla.js";
import { sampleWindow, sumsOf, type SampleWindow, type WindowKind, type WindowSums } from "./encoding-windows.js";
import { fused, signal } from "./p1.js";

export interface MeasuredEncoding {
  name: string;
  bytes: number;
  /** µs a round of the window. */
  us: number[];
  /** Decoded, in XS, to what it was made of; blocks are decoded outside. */
  equal: boolean;
}

export interface MeasuredWindow {
  sums: WindowSums;
  encodings: MeasuredEncoding[];
  /** The window's blocks of at most 1 KB each, and of 125 samples each. */
  blocks: number[][];
  shortBlocks: number[][];
  /** What encoding a window allocated, closing its blocks included. */
  slots: number;
  chunkBytes: number;
}

/** What an encoder with a block under way takes, its buffer of 1 KB included, after a collection. */
export interface MeasuredRoom {
  slots: number;
  chunkBytes: number;
}

export interface Measured {
  /** By the count of channels. */
  rooms: Record<"one" | "six", MeasuredRoom>;
  windows: Record<WindowKind, MeasuredWindow>;
  /** µs that P1 by hand took in each round. */
  yardstickUs: number[];
  yardstickSamples: number;
}

const blockBytes = 1024;
const rounds = 15;
const yardstickSamples = 1000;

type Encode = (window: SampleWindow, into: Bytes) => number;

interface Encoding {
  name: string;
  encode: Encode;
  decode?: (bytes: Bytes) => SampleWindow;
}

/** Encodes windows into blocks, one encoder for all as on a board; `keep` gets each block. */
function blocks(samplesMax: number): (window: SampleWindow, keep: (bytes: Bytes) => void) => void {
  const made = blockEncoder({ channels: [{ id: 0, resolution: 0.01, periodMs: 1000 }], bytesMax: blockBytes });
  if (!made.ok) throw new Error(made.error.message);
  const encoder = made.value;
  const value = encoder.values[0]!;
  const close = (keep: (bytes: Bytes) => void): void => {
    const bytes = encoder.finish();
    if (bytes !== undefined) keep(bytes);
  };
  return ({ times, values }, keep) => {
    const count = values.length;
    const take = value;
    let end = 0;
    let i = 0;
    while (end < count) {
      end = end + samplesMax < count ? end + samplesMax : count;
      for (; i < end; i++) {
        if (take(values[i]!, times[i]!)) continue;
        close(keep);
        take(values[i]!, times[i]!);
      }
      close(keep);
    }
  };
}

function room(count: number): MeasuredRoom {
  const channels: BlockChannel[] = [];
  for (let id = 0; id < count; id++) channels.push({ id, resolution: 0.01, periodMs: 1000 });
  const options = { channels, bytesMax: blockBytes };
  const { times, values } = sampleWindow("raw");
  collect();
  const slotsBefore = slotsInUse();
  const chunkBytesBefore = chunkBytesInUse();
  const made = blockEncoder(options);
  if (!made.ok) throw new Error(made.error.message);
  for (let i = 0; i < 100; i++) {
    for (let channel = 0; channel < count; channel++) made.value.values[channel]!(values[i]!, times[i]!);
  }
  collect();
  const used = { slots: slotsInUse() - slotsBefore, chunkBytes: chunkBytesInUse() - chunkBytesBefore };
  if (made.value.finish() === undefined) throw new Error("no block was under way");
  return used;
}

function json({ times, values }: SampleWindow): string {
  const pairs: number[][] = [];
  for (let i = 0; i < times.length; i++) pairs.push([times[i]!, values[i]!]);
  return JSON.stringify(pairs);
}

function parsed(text: string): SampleWindow {
  const times: number[] = [];
  const values: number[] = [];
  for (const [atMs, value] of JSON.parse(text) as [number, number][]) {
    times.push(atMs);
    values.push(value);
  }
  return { times, values };
}

function equal(one: SampleWindow, other: SampleWindow): boolean {
  const count = one.values.length;
  if (one.times.length !== count || other.values.length !== count || other.times.length !== count) return false;
  for (let i = 0; i < count; i++) if (one.times[i] !== other.times[i] || one.values[i] !== other.values[i]) return false;
  return true;
}

function encodings(): Encoding[] {
  const encode = blocks(65535);
  let bytes = 0;
  const count = (block: Bytes): void => {
    bytes += block.length;
  };
  return [
    {
      name: "blocks",
      encode(window) {
        bytes = 0;
        encode(window, count);
        return bytes;
      },
    },
    { name: "Gorilla", encode: (window, into) => gorillaEncode(window, 1, into), decode: (from) => gorillaDecode(from, 1) },
    {
      name: "Gorilla on value × 100",
      encode: (window, into) => gorillaEncode(window, 100, into),
      decode: (from) => gorillaDecode(from, 100),
    },
    { name: "CBOR columns", encode: columnsEncode, decode: columnsDecode },
    { name: "SenML-CBOR", encode: senmlEncode, decode: senmlDecode },
    { name: "JSON", encode: (window) => json(window).length },
  ];
}

function measureWindow(kind: WindowKind, yardstick: () => void): MeasuredWindow {
  const window = sampleWindow(kind);
  const into: Bytes = new Uint8Array(32768);
  const all = encodings();
  const measured = all.map(({ name, encode, decode }): MeasuredEncoding => {
    const bytes = encode(window, into);
    const back =
      decode === undefined ? name === "JSON" && equal(parsed(json(window)), window) : equal(decode(into.subarray(0, bytes)), window);
    return { name, bytes, us: [], equal: back };
  });
  const kept: number[][] = [];
  blocks(65535)(window, (bytes) => kept.push(Array.from(bytes)));
  const keptShort: number[][] = [];
  blocks(125)(window, (bytes) => keptShort.push(Array.from(bytes)));
  collect();
  const collectionsBefore = collections();
  const slotsBefore = slotsInUse();
  const chunkBytesBefore = chunkBytesInUse();
  all[0]!.encode(window, into);
  const chunkBytes = chunkBytesInUse() - chunkBytesBefore;
  const slots = slotsInUse() - slotsBefore;
  if (collections() !== collectionsBefore) throw new Error("a collection ran during the measurement of allocations");
  for (let round = 0; round < rounds; round++) {
    collect();
    yardstick();
    all.forEach(({ encode }, index) => {
      const start = nowUs();
      encode(window, into);
      measured[index]!.us.push(nowUs() - start);
    });
  }
  return { sums: sumsOf(window), encodings: measured, blocks: kept, shortBlocks: keptShort, slots, chunkBytes };
}

export function measure(): Measured {
  const samples = signal().slice(0, yardstickSamples);
  const yardstickUs: number[] = [];
  const yardstick = (): void => {
    const start = nowUs();
    fused(samples, 1);
    yardstickUs.push(nowUs() - start);
  };
  const windows = { smooth: measureWindow("smooth", yardstick), raw: measureWindow("raw", yardstick) };
  return { rooms: { one: room(1), six: room(6) }, windows, yardstickUs, yardstickSamples };
}
