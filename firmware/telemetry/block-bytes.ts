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

export class BlockBytes {
  readonly bytes: Bytes;
  at = 0;
  /** The same bytes, four at once: all of XS's targets are little-endian. */
  private readonly words: Int32Array;
  /** Bits behind those of the last whole word, while there are bits being written. */
  private pending = 0;
  private fill = 0;

  constructor(bytesMax: number) {
    const buffer = new ArrayBuffer((bytesMax + 3) & -4);
    this.words = new Int32Array(buffer);
    this.bytes = new Uint8Array(buffer);
  }

  byte(x: number): void {
    this.bytes[this.at++] = x;
  }

  varint(x: number): void {
    const { bytes } = this;
    let at = this.at;
    while (x >= 128) {
      bytes[at++] = (x % 128) + 128;
      x = Math.floor(x / 128);
    }
    bytes[at++] = x;
    this.at = at;
  }

  /** Before numbers of bits, which begin at the next byte. */
  beginBits(): void {
    this.fill = 8 * (this.at & 3);
    this.pending = this.fill === 0 ? 0 : this.words[this.at >> 2]! & ((1 << this.fill) - 1);
  }

  /** The lowest `bits` (1 … 30) of `from[first]`, `from[first + step]` and so on, `count` of them, which are no more than that, and then `lastBits` (0 … 30) of `last`. */
  groups(from: Int32Array, first: number, step: number, count: number, bits: number, last: number, lastBits: number): void {
    const words = this.words;
    let at = this.at >> 2;
    let pending = this.pending;
    let fill = this.fill;
    const end = first + step * count;
    const room = 32 - bits;
    let x = 0;
    while (first !== end) {
      x = from[first]!;
      first += step;
      pending |= x << fill;
      if (fill < room) fill += bits;
      else {
        words[at++] = pending;
        pending = x >> (32 - fill);
        fill -= room;
      }
    }
    if (lastBits > 0) {
      pending |= last << fill;
      fill += lastBits;
      if (fill > 31) {
        words[at++] = pending;
        fill -= 32;
        pending = last >>> (lastBits - fill);
      }
    }
    this.at = 4 * at;
    this.pending = pending;
    this.fill = fill;
  }

  /** Fills up the last byte of bits. */
  endBits(): void {
    const words = this.at >> 2;
    if (this.fill > 0) this.words[words] = this.pending;
    this.at = 4 * words + ((this.fill + 7) >> 3);
  }
}
