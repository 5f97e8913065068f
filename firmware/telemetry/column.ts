/**
 * Chooses how a column of whole numbers is coded: as they are, as differences, or as differences of
 * differences, whichever takes the fewest bytes. What is chosen never takes more than the numbers as
 * they are, which is what the encoder reserves room for.
 */
import { varintBytes, zigzag } from "./block-bytes.js";

/** Codes of FORMAT.md. Times know the first two only. */
export const coding = { level: 0, deltas: 1, ownDeltas: 2, curve: 3 } as const;

/** A greater range is not packed. */
export const radixMax = 1073741824;

export interface Plan {
  code: number;
  /** The least of the numbers to be packed, and how many there are from it to the greatest. */
  low: number;
  radix: number;
  /** For `ownDeltas` and `curve`: the first number, from the one before the column, and for `curve` the second, from the first. */
  first: number;
  second: number;
  /** The farthest from 0 in the column. */
  farthest: number;
  /** What it takes at most. */
  bits: number;
}

/** Bits of each of `radix` numbers, packed one by one. */
export function bitsOf(radix: number): number {
  return radix > radixMax ? 1000 : 32 - Math.clz32(radix - 1);
}

/** Bytes of a column's head. */
export function headBytes(low: number, radix: number): number {
  return radix <= 15 && low >= -8 && low <= 7 ? 1 : 1 + varintBytes(radix - 1) + varintBytes(zigzag(low));
}

/** Writes into `plan` how `source[0]` … `source[count − 1]` are coded best; `carry` is the number before them. */
export function planColumn(plan: Plan, source: Int32Array, count: number, carry: number, values: boolean): void {
  let previous = source[0]!;
  let least = previous;
  let most = previous;
  let difference = 0;
  let before = 0;
  let leastDelta = 2147483647;
  let mostDelta = -2147483648;
  let leastBend = 4294967296;
  let mostBend = -4294967296;
  let i = 1;
  const first = previous - carry;
  if (count > 1) {
    before = source[1]! - previous;
    for (; i < count; i++) {
      difference = source[i]!;
      if (difference < least) least = difference;
      else if (difference > most) most = difference;
      difference -= previous;
      previous += difference;
      if (difference < leastDelta) leastDelta = difference;
      if (difference > mostDelta) mostDelta = difference;
      before = difference - before;
      // The first one is no bend: it compares the first difference with itself.
      if (before < leastBend) leastBend = before;
      if (before > mostBend) mostBend = before;
      before = difference;
    }
  }
  plan.farthest = most > -least ? most : -least;
  plan.code = coding.level;
  plan.low = least - carry;
  plan.radix = most - least + 1;
  plan.first = first;
  plan.second = 0;
  if (plan.radix === 1) return;
  plan.bits = 8 * headBytes(plan.low, plan.radix) + bitsOf(plan.radix) * count;
  const low = first < leastDelta ? first : leastDelta;
  take(plan, coding.deltas, low, (first > mostDelta ? first : mostDelta) - low + 1, count, 0);
  if (!values) return;
  const firstBytes = varintBytes(zigzag(first));
  if (first < leastDelta || first > mostDelta) take(plan, coding.ownDeltas, leastDelta, mostDelta - leastDelta + 1, count - 1, firstBytes);
  if (count < 3 || bitsOf(mostBend - leastBend + 1) >= bitsOf(mostDelta - leastDelta + 1)) return;
  plan.second = source[1]! - source[0]!;
  take(plan, coding.curve, leastBend, mostBend - leastBend + 1, count - 2, firstBytes + varintBytes(zigzag(plan.second)));
}

function take(plan: Plan, code: number, low: number, radix: number, packed: number, extraBytes: number): void {
  const bits = 8 * (headBytes(low, radix) + extraBytes) + bitsOf(radix) * packed;
  if (bits > plan.bits || (bits === plan.bits && radix >= plan.radix)) return;
  plan.bits = bits;
  plan.code = code;
  plan.low = low;
  plan.radix = radix;
}
