/**
 * The last samples in order of size, for medians and quantiles. The window is kept twice, in order of
 * time and in order of size: a new sample takes the oldest one's place in both, and in the second moves
 * past those between the two by one. Places of missing readings, and those not yet filled, hold infinity,
 * which sorts behind every sample.
 */
import { limits } from "../../limits.js";
import type { Way } from "../push.js";
import type { Site, Walk } from "../site.js";
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

/** Bytes of its state. */
export function sortedState(size: number): number {
  return 8 * size + 1;
}

/** Puts the `count` numbers of `ring` into `sorted`, which is as long, in ascending order. */
export function sort(ring: readonly number[], sorted: number[], count: number): void {
  for (let i = 0; i < count; i++) {
    const x = ring[i]!;
    let at = i;
    for (; at > 0 && sorted[at - 1]! > x; at--) sorted[at] = sorted[at - 1]!;
    sorted[at] = x;
  }
}

/** `own` walks over what the state has beside the window. */
export function sortedWindow(size: number, state: Site["state"], own: Walk): SortedWindow {
  const ring: number[] = [];
  const sorted: number[] = [];
  for (let i = 0; i < size; i++) {
    ring.push(nothing);
    sorted.push(nothing);
  }
  const last = size - 1;
  let oldest = 0;
  let count = 0;
  state?.((walk) => {
    let restored = false;
    for (let i = 0; i < size; i++) {
      const x = walk.sample(ring[i]!);
      if (x === ring[i]) continue;
      ring[i] = x;
      restored = true;
    }
    oldest = walk.whole(oldest, last);
    own(walk);
    if (!restored) return;
    sort(ring, sorted, size);
    count = size;
    while (count > 0 && sorted[count - 1] === nothing) count--;
  });
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

/** Bytes of the state of `picking`. */
export function pickingState({ size }: Sending, restore: boolean | undefined): number {
  return restore ? sortedState(size) + 4 : 0;
}

/** `pick` makes the result of the sorted samples, at least one. */
export function picking(
  { size, every, first }: Sending,
  pick: (sorted: readonly number[], count: number) => number,
  next: Way,
  state: Site["state"],
): Way {
  const { push, missing } = next;
  let left = first;
  const { sorted, take, count } = sortedWindow(size, state, (walk) => {
    left = walk.whole(left, limits.reducedSamplesMax);
  });
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
