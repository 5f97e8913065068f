/**
 * A journal on flash that holds anything: noise, and pieces that are right each for itself but do not fit each other. For Node and for XS.
 * What it throws, what it reads beyond measure, and what it leaves without an end comes back as a message.
 */
import { crc32 } from "../../../firmware/base/crc32.js";
import type { Flash } from "../../../firmware/device.js";
import { openJournal } from "../../../firmware/journal/journal.js";
import { putU32, sealedBlock } from "./sealed.js";

const sectorBytes = 4096;
const none = 0xffff_ffff;
/** What lies above is no number. */
const highest = 0xefff_ffff;
const installs = [7, 7, 7, 8, 0, none];
const policies = ["drop-oldest", "drop-newest", "thin-out"] as const;

export interface Fuzzed {
  /** The first thing that went wrong. */
  wrong: string | undefined;
  images: number;
  records: number;
  appended: number;
  /** Most bytes read by a start, and by reading all there is, in partitions. */
  startReads: number;
  allReads: number;
  /** Of numbers and counts, to be the same on each engine. */
  digest: number;
}

function xorshift(seed: number): () => number {
  let x = seed | 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return x >>> 0;
  };
}

/** Fields are small mostly, so that pieces meet; or at the ends of what there may be. */
function number(draw: () => number): number {
  const kind = draw() % 16;
  return kind === 0 ? highest : kind === 1 ? draw() % highest : kind === 2 ? highest - (draw() % 5) : draw() % 120;
}

function seal(bytes: Uint8Array, from: number, to: number): void {
  putU32(bytes, to, crc32(bytes, from, to));
}

function header(image: Uint8Array, at: number, draw: () => number): void {
  image.fill(0xff, at, at + 48);
  image.set([0x4d, 0x54, 0x4a, 0x31], at);
  putU32(image, at + 4, number(draw));
  seal(image, at, at + 12);
  if (draw() % 5 === 0) return;
  putU32(image, at + 16, installs[draw() % installs.length]!);
  for (let field = 20; field < 40; field += 4) putU32(image, at + field, number(draw));
  if (draw() % 3 > 0) putU32(image, at + 32, none);
  if (draw() % 3 > 0) putU32(image, at + 36, draw() % 3);
  seal(image, at + 16, at + 44);
}

function piece(image: Uint8Array, at: number, draw: () => number): void {
  const end = at - (at % sectorBytes) + sectorBytes;
  const kind = [0x42, 0x42, 0x42, 0x47, 0x41, 0x4c, draw() & 255][draw() % 7]!;
  const length = kind === 0x41 || kind === 0x4c ? 0 : kind === 0x47 ? 64 : draw() % 20 === 0 ? draw() % 65_536 : 28 + (draw() % 500);
  image[at] = 0x52;
  image[at + 1] = kind;
  image[at + 2] = length;
  image[at + 3] = length >> 8;
  putU32(image, at + 4, kind === 0x41 || kind === 0x4c ? number(draw) : draw());
  putU32(image, at + 8, number(draw));
  seal(image, at, at + 12);
  if (length < 28 || at + 16 + length > end || draw() % 20 === 0) return;
  const identity = { install: installs[draw() % installs.length]!, boot: number(draw), seq: number(draw) };
  const payload = sealedBlock(identity, draw() % 1000, length, draw());
  if (kind === 0x47) {
    payload[0] = 0x47;
    payload[1] = 0x10 | (draw() & 7);
    for (let field = 16; field < 52; field += 4) putU32(payload, field, number(draw));
    payload[52] = draw() % 7;
    seal(payload, 0, length - 4);
  }
  image.set(payload, at + 16);
}

function change(image: Uint8Array, draw: () => number): void {
  const at = (draw() % image.length) & ~15;
  const kind = draw() % 12;
  if (kind < 3) header(image, at - (at % sectorBytes), draw);
  else if (kind < 8) {
    // One behind the other, as records stand.
    let next = draw() % 2 === 0 ? at - (at % sectorBytes) + 48 : at;
    for (let left = draw() % 6; left >= 0 && next % sectorBytes <= sectorBytes - 16; left--) {
      piece(image, next, draw);
      next += 16 + Math.ceil((image[next + 2]! | (image[next + 3]! << 8)) / 16) * 16;
      if (next >= image.length) return;
    }
  } else if (kind === 8) for (let i = at; i < image.length && i < at + 64; i++) image[i] = draw();
  else if (kind === 9) image[at + (draw() & 15)]! ^= 1 << (draw() & 7);
  else if (kind === 10) image.fill(draw() % 4 === 0 ? 0 : 0xff, at, at + (draw() % 1500));
  else image.copyWithin(at, (draw() % image.length) & ~15, image.length);
}

/** `images` of so many sectors, each a little other than the one before; the journal is at work on every eighth. */
export function fuzzFlash(images: number, sectors: number, seed: number): Fuzzed {
  const draw = xorshift(seed);
  const image = new Uint8Array(sectors * sectorBytes).fill(0xff);
  const fuzzed: Fuzzed = { wrong: undefined, images: 0, records: 0, appended: 0, startReads: 0, allReads: 0, digest: 0 };
  let reads = 0;
  const flash: Flash = {
    read(into, at) {
      if (!(at >= 0 && at + into.length <= image.length)) throw new RangeError("outside");
      reads += into.length;
      into.set(image.subarray(at, at + into.length));
      return into.length;
    },
    write(bytes, at) {
      if (!(at >= 0 && at + bytes.length <= image.length)) throw new RangeError("outside");
      for (let i = 0; i < bytes.length; i++) image[at + i]! &= bytes[i]!;
    },
    eraseBlock(index) {
      image.fill(0xff, index * sectorBytes, (index + 1) * sectorBytes);
    },
    status: () => ({ size: image.length, blockLength: sectorBytes, blocks: sectors, writeAlign: 4, eraseValue: 0xff }),
    close() {},
  };
  const device = { flash: { open: () => flash }, random: (into: Uint8Array) => void into.fill(draw() & 255) };
  const note = (x: number): void => {
    fuzzed.digest = (Math.imul(fuzzed.digest, 31) + x) >>> 0;
  };
  try {
    for (let round = 0; round < images; round++) {
      fuzzed.images++;
      for (let changes = 1 + (draw() % 3); changes > 0; changes--) change(image, draw);
      reads = 0;
      const opened = openJournal(device, { whenFull: policies[draw() % 3]! });
      if (!opened.ok) throw new Error(opened.error.message);
      const journal = opened.value;
      if (reads > fuzzed.startReads) fuzzed.startReads = reads;
      note(journal.nextSeq);
      note(journal.boot);
      if (round % 8 !== 0) continue;
      reads = 0;
      let count = 0;
      let last = -1;
      for (let bytes = journal.peek(); bytes !== undefined; journal.skip(), bytes = journal.peek()) {
        if (++count > (sectors * sectorBytes) / 16) throw new Error("reading does not come to an end");
        if (crc32(bytes, 0, bytes.length - 4) !== u32At(bytes, bytes.length - 4)) throw new Error("a record is read whose CRC is wrong");
        const seq = u32At(bytes, 12);
        if (seq <= last) throw new Error(`number ${seq} is read after ${last}`);
        last = journal.lastSeq;
        note(seq);
      }
      fuzzed.records += count;
      if (reads > fuzzed.allReads) fuzzed.allReads = reads;
      journal.acknowledge(draw() % 2 === 0 ? number(draw) : last);
      for (let appends = draw() % 12; appends > 0; appends--) {
        const block = sealedBlock(journal.identity(), 5, 28 + (draw() % 500), draw());
        if (journal.append(block, draw() % 1000, 5, 10)) fuzzed.appended++;
        if (draw() % 3 === 0) journal.tend();
      }
      for (let times = 0; journal.tend(); times++) if (times > 100) throw new Error("there is always more to tend");
      journal.sectors();
      journal.stop();
      note(journal.doneSeq);
    }
  } catch (error) {
    fuzzed.wrong = `image ${fuzzed.images}: ${error instanceof Error ? error.message : String(error)}`;
    if (error instanceof Error && error.stack !== undefined) fuzzed.wrong += "\n" + error.stack;
  }
  fuzzed.startReads /= image.length;
  fuzzed.allReads /= image.length;
  return fuzzed;
}

function u32At(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}
