/**
 * The last samples in order of size, for medians and quantiles. The window is kept twice, in order of
 * time and in order of size: a new sample takes the oldest one's place in both, and in the second moves
 * past those between the two by one. Places of missing readings, and those not yet filled, hold infinity,
 * which sorts behind every sample.
 */
import type { Way } from "../push.js";
import type { Sending } from "./sliding-window.js";

/** What stands for a missing reading. By a name of its own: `Infinity` is a look-up among the globals on XS. */
const nothing = Infinity;

export interface SortedWindow {
  /** Ascending; the first `count()` are samples. */
  readonly sorted: readonly number[];
  /** Infinity stands for a missing reading. */
  readonly take: (x: number) => void;
  readonly count: () => number;
}

export function sortedWindow(size: number): SortedWindow {
  const ring: number[] = [];
  const sorted: number[] = [];
  for (let i = 0; i < size; i++) {
    ring.push(nothing);
    sorted.push(nothing);
  }
  const last = size - 1;
  let oldest = 0;
  let count = 0;
  return {
    sorted,
    take(x) {
      const leaving = ring[oldest]!;
      ring[oldest] = x;
      oldest = oldest === last ? 0 : oldest + 1;
      if (leaving === nothing) count++;
      if (x === nothing) count--;
      let low = 0;
      let high = last;
      while (low < high) {
        const between = (low + high) >> 1;
        if (sorted[between]! < leaving) low = between + 1;
        else high = between;
      }
      if (x > leaving) {
        while (low < last && sorted[low + 1]! < x) {
          sorted[low] = sorted[low + 1]!;
          low++;
        }
      } else {
        while (low > 0 && sorted[low - 1]! > x) {
          sorted[low] = sorted[low - 1]!;
          low--;
        }
      }
      sorted[low] = x;
    },
    count: () => count,
  };
}

/** `pick` makes the result of the sorted samples, at least one. */
export function picking({ size, every, first }: Sending, pick: (sorted: readonly number[], count: number) => number, next: Way): Way {
  const { push, missing } = next;
  const { sorted, take, count } = sortedWindow(size);
  let left = first;
  const send = () => {
    left = every;
    const there = count();
    return there > 0 ? push(pick(sorted, there)) : missing();
  };
  return {
    push(x) {
      take(x);
      if (--left === 0) return send();
    },
    missing() {
      take(nothing);
      if (--left === 0) return send();
    },
  };
}
