/**
 * A column of whole numbers under way: each less `low`, as a digit of `radix`, several of them in one
 * number (FORMAT.md, "Packed numbers"). Only those group numbers are kept.
 */
import { varintBytes, zigzag, type BlockBytes } from "./block-bytes.js";

const combinationsMax = 16777216;
/** A greater range is not packed. */
export const radixMax = 1073741824;
/** What counts as a group where digits take no bits. */
const emptyGroup = 254;

/** Digits of a group. */
export function groupSize(radix: number): number {
  if (radix === 1) return emptyGroup;
  let size = 1;
  for (let combinations = radix * radix; combinations <= combinationsMax; combinations *= radix) size++;
  return size;
}

/** How many numbers a group of so many digits can be. */
export function combinationsOf(radix: number, digits: number): number {
  let combinations = 1;
  if (radix > 1) for (let i = 0; i < digits; i++) combinations *= radix;
  return combinations;
}

export function bitsOf(combinations: number): number {
  return combinations === 1 ? 0 : 32 - Math.clz32(combinations - 1);
}

/** A column's head takes one byte. */
function isShort(low: number, radix: number): boolean {
  return radix <= 15 && low >= -8 && low <= 7;
}

export function headBytes(low: number, radix: number): number {
  return isShort(low, radix) ? 1 : 1 + varintBytes(radix - 1) + varintBytes(zigzag(low));
}

export function writeHead(out: BlockBytes, low: number, radix: number): void {
  if (isShort(low, radix)) {
    out.byte(((radix - 1) << 4) | (low + 8));
    return;
  }
  out.byte(0xf0);
  out.varint(radix - 1);
  out.varint(zigzag(low));
}

/** The least and the greatest digit of full groups, which stand at `first`, `first + step` and so on. */
export function digitRange(
  groups: Int32Array,
  first: number,
  step: number,
  count: number,
  size: number,
  radix: number,
): { least: number; most: number } {
  let least = radix;
  let most = 0;
  let number = 0;
  let digit = 0;
  let rest = 0;
  for (let i = 0; i < count; i++) {
    number = groups[first + i * step]!;
    for (let j = 0; j < size; j++) {
      rest = (number / radix) | 0;
      digit = number - rest * radix;
      number = rest;
      if (digit < least) least = digit;
      if (digit > most) most = digit;
    }
  }
  return { least, most };
}
