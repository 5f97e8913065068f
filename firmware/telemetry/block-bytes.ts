/**
 * The bytes of a block while it is written: whole numbers as varints, and columns of small ones packed
 * in a mixed radix (FORMAT.md, "Packed numbers"). Nothing is checked against the end of the buffer: who
 * writes has reserved the room.
 */
import type { Bytes } from "../device.js";

/** A group of packed numbers counts at most so many combinations, unless a single one has more. */
const groupMax = 16777216;

/** Bytes of `x` ≥ 0 as a varint. */
export function varintBytes(x: number): number {
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
  /**
   * Packs `source[from]` … `source[count − 1]`, each as what it differs from its prediction, less `low`,
   * 0 … radix − 1. `order` 0 predicts `predicted` for all; 1 the number before, first `predicted`; 2 the
   * line through the two before, first `predicted` with `before` the number before it.
   */
  pack(
    source: Int32Array,
    from: number,
    count: number,
    order: number,
    low: number,
    radix: number,
    predicted: number,
    before: number,
  ): void;
  /** Fills up the last byte of what was packed. */
  endPack(): void;
}

export function blockBytes(bytesMax: number): BlockBytes {
  const bytes: Bytes = new Uint8Array(bytesMax);
  let at = 0;
  let pending = 0;
  let fill = 0;

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
    pack(source, from, count, order, low, radix, predicted, before) {
      if (radix === 1) return;
      let size = 1;
      let combinations = radix;
      let i = from;
      let end = 0;
      let x = 0;
      let number = 0;
      let bits = 0;
      while (combinations * radix <= groupMax) {
        combinations *= radix;
        size++;
      }
      while (i < count) {
        end = i + size;
        if (end > count) {
          end = count;
          combinations = radix;
          for (x = i + 1; x < end; x++) combinations *= radix;
        }
        number = 0;
        for (; i < end; i++) {
          x = source[i]!;
          number = number * radix + (x - predicted - low);
          if (order !== 0) {
            predicted = order === 1 ? x : x + x - before;
            before = x;
          }
        }
        bits = 32 - Math.clz32(combinations - 1);
        if (bits > 24) {
          pending |= (number & 0xffff) << fill;
          bytes[at++] = pending;
          bytes[at++] = pending >>> 8;
          pending >>>= 16;
          number >>>= 16;
          bits -= 16;
        }
        pending |= number << fill;
        fill += bits;
        while (fill >= 8) {
          bytes[at++] = pending;
          pending >>>= 8;
          fill -= 8;
        }
      }
    },
    endPack() {
      if (fill > 0) bytes[at++] = pending;
      pending = 0;
      fill = 0;
    },
  };
}
