/**
 * The bytes of a block while it is written: whole numbers as varints, and numbers of some bits each.
 * Nothing is checked against the end of the buffer: who writes has reserved the room.
 */
import type { Bytes } from "../device.js";

/** Bytes of `x` ≥ 0 as a varint. */
export function varintBytes(x: number): number {
  if (x < 128) return 1;
  if (x < 16384) return 2;
  let bytes = 1;
  while (x >= 128) {
    x = Math.floor(x / 128);
    bytes++;
  }
  return bytes;
}

/** Whole numbers of either sign as such ≥ 0, small ones first: 0, −1, 1, −2, 2 … */
export function zigzag(x: number): number {
  return x < 0 ? -2 * x - 1 : 2 * x;
}

export interface BlockBytes {
  readonly bytes: Bytes;
  at(): number;
  moveTo(index: number): void;
  byte(x: number): void;
  varint(x: number): void;
  copy(from: Uint8Array): void;
  /** The lowest `bits` (0 … 30) of `x`, behind the bits before. */
  bits(x: number, bits: number): void;
  /** The lowest `bits` (0 … 30) of each of the first `count`. */
  groups(from: Int32Array, count: number, bits: number): void;
  /** Fills up the last byte of bits. */
  endBits(): void;
}

export function blockBytes(bytesMax: number): BlockBytes {
  const bytes: Bytes = new Uint8Array(bytesMax);
  let at = 0;
  let pending = 0;
  let fill = 0;

  function put(x: number, bits: number): void {
    let into = pending | (x << fill);
    let count = fill + bits;
    while (count >= 8) {
      bytes[at++] = into;
      into >>>= 8;
      count -= 8;
    }
    pending = into;
    fill = count;
  }

  return {
    bytes,
    at: () => at,
    moveTo(index) {
      at = index;
    },
    byte(x) {
      bytes[at++] = x;
    },
    varint(x) {
      while (x >= 128) {
        bytes[at++] = (x % 128) + 128;
        x = Math.floor(x / 128);
      }
      bytes[at++] = x;
    },
    copy(from) {
      bytes.set(from, at);
      at += from.length;
    },
    bits(x, bits) {
      if (bits > 24) {
        put(x & 0xffff, 16);
        put(x >>> 16, bits - 16);
      } else put(x, bits);
    },
    groups(from, count, bits) {
      let into = pending;
      let filled = fill;
      let index = at;
      let x = 0;
      let rest = bits;
      for (let i = 0; i < count; i++) {
        x = from[i]!;
        if (bits > 24) {
          into |= (x & 0xffff) << filled;
          bytes[index++] = into;
          bytes[index++] = into >>> 8;
          into >>>= 16;
          x >>>= 16;
          rest = bits - 16;
        }
        into |= x << filled;
        filled += rest;
        while (filled >= 8) {
          bytes[index++] = into;
          into >>>= 8;
          filled -= 8;
        }
      }
      pending = into;
      fill = filled;
      at = index;
    },
    endBits() {
      if (fill > 0) bytes[at++] = pending;
      pending = 0;
      fill = 0;
    },
  };
}
