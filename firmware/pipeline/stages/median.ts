/**
 * `median`: takes spikes out. Windows of 3 and 5 hold scalars and do no more than a handful of
 * comparisons; longer ones keep the window twice, in order of time and in order of size.
 */
import { limits } from "../../limits.js";
import { type Family, within } from "../family.js";
import { later } from "../flow.js";
import type { Push } from "../push.js";

export interface Median {
  readonly stage: "median";
  readonly window: number;
}

/** The median of the last `window` samples, an odd number 3 … 101: takes spikes out. */
export function median(window: number): Median {
  return { stage: "median", window };
}

/**
 * The median of the last `window` samples, one result a sample. The window starts filled with the
 * first sample, so a constant start gives a constant; ESPHome's `median` with `send_every: 1` takes
 * the samples there are instead, and the mean of the middle two when their number is even.
 */
export const medianFamily: Family<Median> = {
  name: "median",
  rules: [
    {
      key: "window",
      need: `an odd whole number from 3 to ${limits.windowSamplesMax}`,
      holds: (value) => within(value, 3, limits.windowSamplesMax) && (value as number) % 2 === 1,
    },
  ],
  flow: ({ window }, flow) => later(flow, ((window - 1) / 2) * flow.periodMs),
  held: ({ window }) => (window > 5 ? 2 * window : 0),
  build({ window }, { push, missing }) {
    return { push: window === 3 ? ofThree(push) : window === 5 ? ofFive(push) : ofMany(window, push), missing };
  },
};

/** x, held between the two before it. */
function ofThree(next: Push): Push {
  let a = 0;
  let b = 0;
  let started = false;
  return (x) => {
    if (!started) {
      started = true;
      a = b = x;
    }
    const low = a < b ? a : b;
    const high = a < b ? b : a;
    a = b;
    b = x;
    return next(x < low ? low : x > high ? high : x);
  };
}

/**
 * x, held between the middle two of the four before it. Those come out of two sorted pairs: the
 * greater of the lows and the lesser of the highs. Each pair is sorted once, when it is newest, and
 * serves twice, when it is two samples old and when it is new.
 */
function ofFive(next: Push): Push {
  let before = 0;
  let low1 = 0;
  let high1 = 0;
  let low2 = 0;
  let high2 = 0;
  let low3 = 0;
  let high3 = 0;
  let started = false;
  return (x) => {
    if (started) {
      const a = low1 > low3 ? low1 : low3;
      const b = high1 < high3 ? high1 : high3;
      low1 = low2;
      high1 = high2;
      low2 = low3;
      high2 = high3;
      if (x < before) {
        low3 = x;
        high3 = before;
      } else {
        low3 = before;
        high3 = x;
      }
      before = x;
      return next(a < b ? (x < a ? a : x > b ? b : x) : x < b ? b : x > a ? a : x);
    }
    started = true;
    before = low1 = high1 = low2 = high2 = low3 = high3 = x;
    return next(x);
  };
}

/** Takes the oldest sample out of the sorted ones and moves those between its place and the new one's by one. */
function ofMany(window: number, next: Push): Push {
  const ring: number[] = [];
  const sorted: number[] = [];
  const last = window - 1;
  const middle = last / 2;
  let oldest = 0;
  return (x) => {
    if (ring.length === 0) {
      for (let i = 0; i < window; i++) {
        ring.push(x);
        sorted.push(x);
      }
    }
    const leaving = ring[oldest]!;
    ring[oldest] = x;
    oldest = oldest === last ? 0 : oldest + 1;
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
    return next(sorted[middle]!);
  };
}
