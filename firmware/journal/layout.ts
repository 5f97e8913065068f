/** The bytes of sectors and records as FORMAT.md gives them: where things stand, and how they are written and read. */
import { crc32 } from "../base/crc32.js";
import type { Bytes } from "../device.js";
import { putUint } from "../telemetry/block-header.js";

export const sectorBytes = 4096;
/** Everything begins at a multiple of it. */
export const unitBytes = 16;
/** The sector's header: what is written after the erase, and what when it is opened. */
export const erasedHeaderBytes = 16;
export const openedHeaderBytes = 32;
export const recordsAt = erasedHeaderBytes + openedHeaderBytes;
export const recordHeaderBytes = 16;
export const gapBytes = 64;

/** The longest payload: seven such records fit a sector, a gap and three marks beside them. */
export const payloadBytesMax = 544;
export const recordsPerSector = 7;
/** What stays free in a sector for a gap and marks, without which nothing could be given up or erased in order. */
export const reservedBytes = recordHeaderBytes + gapBytes + 3 * recordHeaderBytes;

const sectorMagic = 0x314a544d;
const recordMagic = 0x52;
export const none = 0xffffffff;

export const kind = { block: 0x42, gap: 0x47, mark: 0x41, thinned: 0x4c } as const;

export const reason = { oldest: 1, newest: 2, thinned: 3, damaged: 4, flash: 5 } as const;

/** Bits of a gap's second byte. */
export const gapFlag = { more: 1, samplesUnknown: 2, timesUnknown: 4 } as const;

export function uint32(bytes: Bytes, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

export function uint16(bytes: Bytes, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8);
}

/** A time of up to 48 bits. */
export function uint48(bytes: Bytes, at: number): number {
  return uint32(bytes, at) + uint16(bytes, at + 4) * 0x1_0000_0000;
}

export function putUint48(bytes: Bytes, at: number, x: number): void {
  putUint(bytes, at, x % 0x1_0000_0000, 4);
  putUint(bytes, at + 4, Math.floor(x / 0x1_0000_0000), 2);
}

/** Length as it is stored: padded to whole units. */
export function padded(length: number): number {
  return (length + unitBytes - 1) & -unitBytes;
}

export function isBlank(bytes: Bytes, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] !== 0xff) return false;
  return true;
}

/** Puts the CRC of bytes `from` … `end − 1` at `end`. */
function seal(bytes: Bytes, from: number, end: number): void {
  putUint(bytes, end, crc32(bytes, from, end), 4);
}

export function isSealed(bytes: Bytes, from: number, end: number): boolean {
  return uint32(bytes, end) === crc32(bytes, from, end);
}

// ---- the sector's header

export function writeErased(into: Bytes, eraseCount: number): void {
  putUint(into, 0, sectorMagic, 4);
  putUint(into, 4, eraseCount, 4);
  putUint(into, 8, none, 4);
  seal(into, 0, 12);
}

export function isErasedHeader(header: Bytes): boolean {
  return uint32(header, 0) === sectorMagic && isSealed(header, 0, 12);
}

/** Fields of the opened header, as offsets within the whole one. */
export const at = { eraseCount: 4, install: 16, boot: 20, first: 24, done: 28, end: 32, level: 36 } as const;

export interface Opened {
  readonly install: number;
  readonly boot: number;
  readonly first: number;
  readonly done: number;
  /** `none` but in a merged sector. */
  readonly end: number;
  readonly level: number;
}

/** Writes bytes 16 … 47 of the sector's header into `into` from 0 on. */
export function writeOpened(into: Bytes, { install, boot, first, done, end, level }: Opened): void {
  putUint(into, 0, install, 4);
  putUint(into, 4, boot, 4);
  putUint(into, 8, first, 4);
  putUint(into, 12, done, 4);
  putUint(into, 16, end, 4);
  putUint(into, 20, level, 4);
  putUint(into, 24, none, 4);
  seal(into, 0, 28);
}

export function isOpenedHeader(header: Bytes): boolean {
  return isSealed(header, 16, 44) && isNumber(header, at.boot) && isNumber(header, at.first) && isNumber(header, at.done);
}

/** Those from here on are nobody's, so that counting on never comes to an end. */
const numbersEnd = 0xf0000000;

function isNumber(bytes: Bytes, offset: number): boolean {
  return bytes[offset + 3]! < 0xf0;
}

// ---- a record's header

export function writeRecordHeader(into: Bytes, what: number, length: number, samples: number, endMs: number): void {
  into[0] = recordMagic;
  into[1] = what;
  putUint(into, 2, length, 2);
  putUint(into, 4, samples > 65535 ? 65535 : samples, 2);
  putUint48(into, 6, endMs);
  seal(into, 0, 12);
}

/** A mark, or what a merged sector has in place of blocks: two numbers. */
export function writeNote(into: Bytes, what: number, first: number, second: number): void {
  into[0] = recordMagic;
  into[1] = what;
  putUint(into, 2, 0, 2);
  putUint(into, 4, first, 4);
  putUint(into, 8, second, 4);
  seal(into, 0, 12);
}

/** The kind of a record whose header is right; 0 where it is not. */
export function kindOf(header: Bytes): number {
  return header[0] === recordMagic && isSealed(header, 0, 12) ? header[1]! : 0;
}

// ---- payloads

/** Whether `length` bytes are a block or a gap of that install (of any where it is below 0), whole. */
export function isPayload(bytes: Bytes, length: number, install: number): boolean {
  if (length < 20 || uint16(bytes, 2) !== length || (install >= 0 && uint32(bytes, 4) !== install)) return false;
  return isNumber(bytes, 8) && isNumber(bytes, 12) && isSealed(bytes, 0, length - 4);
}

/** Whether a payload that is sealed, and no block, is a gap over numbers that there may be. */
export function isGap(payload: Bytes): boolean {
  return payload.length === gapBytes && uint32(payload, 16) + uint32(payload, 20) <= numbersEnd;
}

export function installOf(payload: Bytes): number {
  return uint32(payload, 4);
}

export function bootOf(payload: Bytes): number {
  return uint32(payload, 8);
}

export function seqOf(payload: Bytes): number {
  return uint32(payload, 12);
}

/** Gives a payload another number. */
export function renumber(payload: Bytes, seq: number): void {
  putUint(payload, 12, seq, 4);
  seal(payload, 0, payload.length - 4);
}

/** When a block begins: the varint behind its identity. */
export function startOf(block: Bytes): number {
  let ms = 0;
  let scale = 1;
  for (let at = 16; at < 24; at++) {
    const byte = block[at]!;
    ms += (byte & 0x7f) * scale;
    if (byte < 0x80) return ms;
    scale *= 128;
  }
  return ms;
}
