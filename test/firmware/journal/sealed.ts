/** Payloads as a journal takes and gives them: blocks that are sealed, and what a gap says. Written from the two FORMAT.md alone. */
import { crc32 } from "../../../firmware/base/crc32.js";
import type { BlockIdentity } from "../../../firmware/telemetry/block-header.js";

export function u32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

export function putU32(bytes: Uint8Array, at: number, x: number): void {
  for (let i = 0; i < 4; i++) bytes[at + i] = x >>> (8 * i);
}

/** At least 28 bytes. What it holds depends on `salt`; only head and seal are those of a block. */
export function sealedBlock({ install, boot, seq }: BlockIdentity, startMs: number, length: number, salt: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  bytes[0] = 0x4d;
  bytes[1] = 0x11;
  bytes[2] = length;
  bytes[3] = length >> 8;
  putU32(bytes, 4, install);
  putU32(bytes, 8, boot);
  putU32(bytes, 12, seq);
  let at = 16;
  let rest = startMs;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes[at++] = (rest % 128) | 128;
  bytes[at++] = rest;
  bytes[at++] = 1;
  for (let x = salt >>> 0; at < length - 4; at++) {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    // Runs of ff, zeros and what looks like a record's head: what a reader on the grid may stumble over.
    bytes[at] = x >>> 29 === 0 ? 0xff : x >>> 29 === 1 ? 0x52 : x >>> 24;
  }
  putU32(bytes, length - 4, crc32(bytes, 0, length - 4));
  return bytes;
}

export interface Gap {
  readonly boot: number;
  readonly seq: number;
  readonly moreLost: boolean;
  readonly samplesUnknown: boolean;
  readonly timesUnknown: boolean;
  readonly first: number;
  readonly count: number;
  readonly samples: number;
  readonly fromBoot: number;
  readonly fromMs: number;
  readonly toBoot: number;
  readonly toMs: number;
  readonly reason: number;
}

/** Undefined: no gap of version 1 with a right CRC. */
export function readGap(bytes: Uint8Array): Gap | undefined {
  if (bytes.length !== 64 || bytes[0] !== 0x47 || bytes[1]! >> 4 !== 1 || bytes[2] !== 64 || bytes[3] !== 0) return undefined;
  if (crc32(bytes, 0, 60) !== u32(bytes, 60)) return undefined;
  const flags = bytes[1]!;
  return {
    boot: u32(bytes, 8),
    seq: u32(bytes, 12),
    moreLost: (flags & 1) !== 0,
    samplesUnknown: (flags & 2) !== 0,
    timesUnknown: (flags & 4) !== 0,
    first: u32(bytes, 16),
    count: u32(bytes, 20),
    samples: u32(bytes, 24),
    fromBoot: u32(bytes, 28),
    fromMs: u32(bytes, 32) + u32(bytes, 36) * 2 ** 32,
    toBoot: u32(bytes, 40),
    toMs: u32(bytes, 44) + u32(bytes, 48) * 2 ** 32,
    reason: bytes[52]!,
  };
}

/** A gap that stands in the place of its first record and for all of them. */
export function standsForRecords({ reason }: Gap): boolean {
  return reason === 3 || reason === 4;
}
