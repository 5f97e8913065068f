/** Writes journals byte by byte as firmware/journal/FORMAT.md gives them, for tests of what reads them. */
import { crc32 } from "../../../firmware/base/crc32.js";
import { putU32, sealedBlock } from "../../firmware/journal/sealed.js";

export const install = 0x0dd5_0b0a;
const none = 0xffff_ffff;

/** An erased partition. */
export function partition(sectors: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(sectors * 4096).fill(0xff);
}

export function erasedHeader(erases: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(16).fill(0xff);
  bytes.set([0x4d, 0x54, 0x4a, 0x31]);
  putU32(bytes, 4, erases);
  putU32(bytes, 12, crc32(bytes, 0, 12));
  return bytes;
}

export interface Opened {
  readonly boot?: number;
  readonly first: number;
  readonly done?: number;
  readonly end?: number;
  readonly level?: number;
  readonly install?: number;
  readonly erases?: number;
}

export function openedHeader({
  boot = 1,
  first,
  done = 0,
  end = none,
  level = 0,
  install: own = install,
  erases = 1,
}: Opened): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(48).fill(0xff);
  bytes.set(erasedHeader(erases));
  for (const [index, x] of [own, boot, first, done, end, level, none].entries()) putU32(bytes, 16 + 4 * index, x);
  putU32(bytes, 44, crc32(bytes, 16, 44));
  return bytes;
}

function record(
  kind: number,
  length: number,
  fields: (bytes: Uint8Array) => void,
  payload: Uint8Array = new Uint8Array(0),
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(16 + Math.ceil(length / 16) * 16).fill(0xff);
  bytes.fill(0, 2, 12);
  bytes[0] = 0x52;
  bytes[1] = kind;
  bytes[2] = length;
  bytes[3] = length >> 8;
  fields(bytes);
  putU32(bytes, 12, crc32(bytes, 0, 12));
  bytes.set(payload, 16);
  return bytes;
}

export function block(seq: number, { boot = 1, length = 100, samples = 10, endMs = 5000 } = {}): Uint8Array<ArrayBuffer> {
  const fields = (bytes: Uint8Array): void => {
    bytes[4] = samples;
    bytes[5] = samples >> 8;
    putU32(bytes, 6, endMs % 2 ** 32);
    bytes[10] = endMs / 2 ** 32;
    bytes[11] = endMs / 2 ** 40;
  };
  return record(0x42, length, fields, sealedBlock({ install, boot, seq }, 1000, length, seq));
}

export interface GapFields {
  readonly boot?: number;
  readonly flags?: number;
  readonly first: number;
  readonly count: number;
  readonly samples?: number;
  readonly reason?: number;
}

export function gapPayload(
  seq: number,
  { boot = 1, flags = 0, first, count, samples = 0, reason = 1 }: GapFields,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(64);
  bytes.set([0x47, 0x10 | flags, 64, 0]);
  for (const [at, x] of Object.entries({ 4: install, 8: boot, 12: seq, 16: first, 20: count, 24: samples, 28: 1, 40: 1 }))
    putU32(bytes, Number(at), x);
  bytes[52] = reason;
  putU32(bytes, 60, crc32(bytes, 0, 60));
  return bytes;
}

export function gap(seq: number, fields: GapFields): Uint8Array<ArrayBuffer> {
  return record(0x47, 64, () => {}, gapPayload(seq, fields));
}

export function mark(done: number): Uint8Array<ArrayBuffer> {
  return record(0x41, 0, (bytes) => {
    putU32(bytes, 4, done);
    putU32(bytes, 8, none);
  });
}

export function thinned(count: number, samples: number): Uint8Array<ArrayBuffer> {
  return record(0x4c, 0, (bytes) => {
    putU32(bytes, 4, count);
    putU32(bytes, 8, samples);
  });
}

/** Puts the pieces into a sector one after the other. */
export function fill(image: Uint8Array, sector: number, ...pieces: readonly Uint8Array[]): void {
  let at = sector * 4096;
  for (const piece of pieces) {
    image.set(piece, at);
    at += piece.length;
  }
}
