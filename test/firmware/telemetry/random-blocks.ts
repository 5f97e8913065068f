// Bytes to try decoders on, drawn from a seed: strings that have nothing of a block but its header and CRC, blocks with
// bytes changed and the CRC repaired, and blocks whose every field is drawn, most of them right and many at their bounds.
import { crc32, groupsOf } from "./second-reader.js";

/** A whole number from 0 to below `below`, at most 2^32. */
export type Draw = (below: number) => number;

export function drawFrom(seed: number): Draw {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function oneOf<T>(draw: Draw, choice: readonly T[]): T {
  return choice[draw(choice.length)] as T;
}

/** Writes the length and the CRC that fit the bytes into them. */
export function repair(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 8) return bytes;
  bytes[2] = bytes.length;
  bytes[3] = bytes.length >> 8;
  const crc = crc32(bytes.subarray(0, -4));
  for (let i = 0; i < 4; i++) bytes[bytes.length - 4 + i] = crc >>> (8 * i);
  return bytes;
}

export function randomBytes(draw: Draw): Uint8Array {
  const bytes = Uint8Array.from({ length: draw(60) }, () => draw(256));
  if (draw(10) === 0) return bytes;
  bytes.set([0x4d, 0x10 | draw(4)].slice(0, bytes.length));
  return repair(bytes);
}

export function mutated(body: Uint8Array, draw: Draw): Uint8Array {
  let bytes = Array.from(body);
  for (let changes = 1 + draw(4); changes > 0; changes--) {
    const at = draw(bytes.length);
    const byte = bytes[at] as number;
    const kind = draw(7);
    if (kind === 0) bytes[at] = draw(256);
    else if (kind === 1) bytes[at] = byte ^ (1 << draw(8));
    else if (kind === 2) bytes[at] = oneOf(draw, [0, 1, 0x40, 0x7f, 0x80, 0xef, 0xf0, 0xff]);
    else if (kind === 3) bytes.splice(at, draw(4));
    else if (kind === 4) bytes.splice(at, 0, ...bytes.slice(draw(bytes.length)).slice(0, draw(9)));
    else if (kind === 5) bytes[at] = byte + draw(5) - 2;
    else bytes = bytes.slice(0, bytes.length - draw(3));
    if (bytes.length === 0) bytes = [0x4d];
  }
  const made = Uint8Array.from(bytes);
  return draw(50) === 0 ? made : repair(made);
}

/** Now and then longer than need be; no check whether it is too great or too long. */
function varint(draw: Draw, x: bigint): number[] {
  const bytes: number[] = [];
  for (; x >= 128n; x >>= 7n) bytes.push(Number(x & 127n) | 128);
  bytes.push(Number(x));
  for (let spare = draw(60) === 0 ? draw(7) : 0; spare > 0; spare--) {
    bytes[bytes.length - 1] = (bytes.at(-1) as number) | 128;
    bytes.push(0);
  }
  return bytes;
}

function zigzag(draw: Draw, x: bigint): number[] {
  return varint(draw, x < 0n ? -2n * x - 1n : 2n * x);
}

/** A number of either sign, mostly small, else at the bounds that the format knows. */
function near(draw: Draw): bigint {
  const size = draw(8);
  if (size < 5) return BigInt(draw(41) - 20);
  if (size === 5) return BigInt(draw(2_000_001) - 1_000_000);
  const bound = 2n ** oneOf(draw, [24n, 30n, 31n, 32n, 49n, 50n, 51n, 52n]) + BigInt(draw(3) - 1);
  return draw(2) === 0 ? bound : -bound;
}

/** As `near`, and never below 0. */
function size(draw: Draw): bigint {
  const x = near(draw);
  if (draw(60) === 0) return 2n ** 53n - BigInt(draw(3));
  return x < 0n ? -x : x;
}

function period(draw: Draw): number[] {
  return varint(draw, oneOf(draw, [0n, 1n, 250n, 1000n, 60_000n, draw(20) === 0 ? 2n ** 32n - BigInt(draw(2)) : 2n ** 32n - 1n]));
}

/** A head, and the radix that it says. */
function head(draw: Draw): { bytes: number[]; radix: number } {
  if (draw(3) > 0) {
    const byte = oneOf(draw, [0x07, 0x08, 0x09, 0x17, 0x37, 0x28, 0x46, 0x78, draw(240), draw(300) === 0 ? 0xf1 + draw(15) : 0xef]);
    return { bytes: [byte], radix: (byte >> 4) + 1 };
  }
  const radices = [1, 2, 3, 16, 17, 60, 256, 257, 4095, 4096, 4097, 2 ** 20, 2 ** 24 - 1, 2 ** 24, 2 ** 24 + 1, 2 ** 29];
  const radix = oneOf(draw, [...radices, 2 ** 30 - 1, 2 ** 30, draw(30) === 0 ? 2 ** 30 + 1 : 4]);
  return { bytes: [0xf0, ...varint(draw, BigInt(radix - 1)), ...zigzag(draw, near(draw))], radix };
}

/** As many bytes as the columns need. High bits are mostly 0, so that groups of digits mostly lie below radix^j. */
function packed(draw: Draw, columns: [radix: number, numbers: number][]): number[] {
  const run: number[] = [];
  for (const [radix, numbers] of columns) {
    for (const { bits } of groupsOf(radix, numbers)) {
      const number = draw(2 ** (draw(12) === 0 || bits === 0 ? bits : bits - 1));
      for (let bit = 0; bit < bits; bit++) run.push((number >> bit) & 1);
    }
  }
  const bytes = Array.from({ length: Math.ceil(run.length / 8) }, () => 0);
  run.forEach((bit, i) => (bytes[i >> 3] = (bytes[i >> 3] as number) | (bit << (i & 7))));
  if (draw(100) === 0 && bytes.length > 0) bytes[bytes.length - 1] = draw(256);
  return bytes;
}

interface Progress {
  count: number;
  /** Samples of the last section; 0: there is none. */
  before: number;
}

function section(draw: Draw, progress: Progress, channels: number): number[] {
  const kind = draw(20);
  const body = kind < 13 ? kind & 3 : kind < 15 ? 4 : kind < 17 ? 5 : draw(200) === 0 ? 6 + draw(2) : 8 + draw(8);
  let times = oneOf(draw, [0, 0, 0, 1, 1, 2, 2, 3]);
  if (body === 5 && draw(200) > 0) times = 0;
  if (body === 4 && draw(200) > 0) times &= 1;
  const tagged = draw(3) === 0 ? [draw(200) === 0 ? channels : draw(channels)] : [];
  let tag = body | (times << 4) | (tagged.length << 7);

  if (body === 4 || body === 5) {
    if (draw(200) === 0) tag |= 64;
    const time = BigInt(draw(20) === 0 ? size(draw) : draw(100_000));
    if (body === 5) return [tag, ...tagged, ...zigzag(draw, draw(4) === 0 ? near(draw) : time), ...period(draw)];
    return [tag, ...tagged, ...varint(draw, draw(4) === 0 ? size(draw) : BigInt(draw(9))), ...(times === 1 ? varint(draw, time) : [])];
  }

  let counted: number[] = [];
  if (draw(2) === 0) counted = [draw(300) === 0 ? 0 : oneOf(draw, [1, 2, 3, 4, 7, 11, 16, 31, 33, draw(3) === 0 ? 255 : 1 + draw(60)])];
  if (times === 3) {
    if (progress.before === 0 && draw(20) > 0) times = 0;
    else if (draw(30) > 0 && (counted[0] ?? progress.count) !== progress.before) counted = [progress.before];
    tag = (tag & ~0x30) | (times << 4);
  }
  tag |= counted.length << 6;
  progress.count = counted[0] ?? progress.count;
  progress.before = progress.count;
  const timeHead = times === 1 || times === 2 ? head(draw) : undefined;
  const valueHead = body < 4 ? head(draw) : undefined;
  const firsts = body === 2 ? zigzag(draw, near(draw)) : body === 3 ? [...zigzag(draw, near(draw)), ...zigzag(draw, near(draw))] : [];
  const columns: [number, number][] = [];
  if (timeHead) columns.push([timeHead.radix, progress.count]);
  if (valueHead) columns.push([valueHead.radix, Math.max(0, progress.count - (body === 2 ? 1 : body === 3 ? 2 : 0))]);
  return [tag, ...tagged, ...counted, ...(timeHead?.bytes ?? []), ...(valueHead?.bytes ?? []), ...firsts, ...packed(draw, columns)];
}

function text(draw: Draw): number[] {
  const length = draw(1000) === 0 ? 64 : oneOf(draw, [0, 1, 5, 63]);
  return [length, ...Array.from({ length }, () => (draw(40) === 0 ? draw(256) : 97 + draw(26)))];
}

export function randomBlock(draw: Draw): Uint8Array {
  const flags = draw(4);
  const channels = draw(300) === 0 ? oneOf(draw, [0, 33]) : oneOf(draw, [1, 1, 2, 3, 5, 32]);
  const identity = (flags & 1) === 0 ? [] : Array.from({ length: 12 }, () => draw(256));
  const start = draw(3) === 0 ? size(draw) : BigInt(draw(10_000_000));
  const bytes = [0x4d, 0x10 | flags, 0, 0, ...identity, ...varint(draw, start), channels];
  for (let place = 0; place < channels; place++) {
    const id = draw(2000) === 0 ? 16384 : draw(2000) === 0 ? 0 : place * 512;
    const stepNibble = draw(300) === 0 ? 0 : 1 + draw(15);
    const step = stepNibble === 15 ? varint(draw, draw(4) === 0 ? size(draw) : BigInt(1 + draw(1000))) : [];
    bytes.push(...varint(draw, BigInt(id)), (stepNibble << 4) | (draw(500) === 0 ? 13 : draw(13)), ...step, ...period(draw));
    if ((flags & 2) !== 0) bytes.push(...text(draw), ...text(draw));
  }
  const progress = { count: 32, before: 0 };
  for (let sections = draw(7); sections > 0; sections--) bytes.push(...section(draw, progress, Math.max(1, channels)));
  const made = repair(Uint8Array.from([...bytes, 0, 0, 0, 0]));
  return draw(10) === 0 ? Uint8Array.from([...made, draw(256)]) : made;
}
