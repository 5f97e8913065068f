/**
 * `hampel`: takes outliers out and leaves everything else as it is, unlike a median. Holds the window
 * twice, in order of time and in order of size; the spread comes out of the ordered one by two fingers
 * that walk outwards from its middle.
 */
import { limits } from "../../limits.js";
import { type Family, numberRule, optional, truthRule, wholeRule } from "../family.js";
import { some } from "../flow.js";
import { sort } from "./sorted-window.js";

export interface Hampel {
  readonly stage: "hampel";
  /** Default: 7. */
  readonly window?: number;
  /** Default: 3. */
  readonly threshold?: number;
  readonly drop?: boolean;
  /** Whether the window outlives a restart. Default: false. */
  readonly restore?: boolean;
}

/**
 * Of the last `window` samples (3 … 101), puts the median in the newest one's place when that is an
 * outlier: further from the median than `threshold` (0 … 100) robust standard deviations. `drop`: nothing in its place. `restore`: the window outlives a restart.
 */
export function hampel(window = windowDefault, threshold = thresholdDefault, more: { drop?: boolean; restore?: boolean } = {}): Hampel {
  return { stage: "hampel", window, threshold, ...more };
}

const windowDefault = 7;
const thresholdDefault = 3;

/** Median absolute deviation to standard deviation, for a normal distribution: 1 ÷ Φ⁻¹(¾). */
const scale = 1.4826;

/**
 * F. R. Hampel, "The Influence Curve and Its Role in Robust Estimation", JASA 69 (1974): outlier when
 * |x − median| > threshold × 1.4826 × MAD, and by more than `threshold` steps of the channel's resolution:
 * without these, readings that stand still, whose MAD is 0, would make an outlier of the next step.
 * Causal: judges the newest sample against the last `window`, itself among them, so nothing is delayed;
 * but a lasting step only passes when half of the window lies behind it. Until there are `window`
 * samples, those that there are judge; of an even number the median is the mean of the middle two. The
 * window holds the samples as they came. A missing reading passes as missing and is not in the window.
 */
export const hampelFamily: Family<Hampel> = {
  name: "hampel",
  rules: [
    optional(wholeRule("window", 3, limits.windowSamplesMax)),
    optional(numberRule("threshold", 0, 100)),
    optional(truthRule("drop")),
    optional(truthRule("restore")),
  ],
  flow: ({ drop }, flow) => (drop ? some(flow) : flow),
  held: ({ window = windowDefault }) => 2 * window,
  state: ({ window = windowDefault, restore = false }) => (restore ? 8 * window + 2 : 0),
  build({ window = windowDefault, threshold = thresholdDefault, drop = false }, { push, missing }, { resolution, state }) {
    const ring: number[] = [];
    const sorted: number[] = [];
    // Half a step more, since steps of 0.01 are none in binary.
    const least = (threshold + 0.5) * resolution;
    const factor = threshold * scale;
    let count = 0;
    let oldest = 0;

    state?.((walk) => {
      let restored = false;
      count = walk.whole(count, window);
      for (let i = 0; i < window; i++) {
        const x = walk.number(i < ring.length ? ring[i]! : 0);
        if (i < count && i >= ring.length) {
          ring.push(x);
          sorted.push(x);
          restored = true;
        }
      }
      oldest = walk.whole(oldest, window - 1);
      if (restored) sort(ring, sorted, count);
    });

    /** Takes the oldest sample out of the sorted ones when the window is full, and puts x in. */
    function insert(x: number): void {
      let low: number;
      if (count < window) {
        ring.push(x);
        sorted.push(x);
        low = count++;
      } else {
        const leaving = ring[oldest]!;
        ring[oldest] = x;
        oldest = oldest === window - 1 ? 0 : oldest + 1;
        low = 0;
        let high = window - 1;
        while (low < high) {
          const between = (low + high) >> 1;
          if (sorted[between]! < leaving) low = between + 1;
          else high = between;
        }
        while (low < window - 1 && sorted[low + 1]! < x) {
          sorted[low] = sorted[low + 1]!;
          low++;
        }
      }
      while (low > 0 && sorted[low - 1]! > x) {
        sorted[low] = sorted[low - 1]!;
        low--;
      }
      sorted[low] = x;
    }

    /** The median of the deviations from `middle`: they grow from the window's middle towards both of its ends. */
    function deviation(middle: number): number {
      let left = (count - 1) >> 1;
      let right = left + 1;
      let below = middle - sorted[left]!;
      let above = right < count ? sorted[right]! - middle : Infinity;
      let last = 0;
      let before = 0;
      let rank = count >> 1;
      for (; rank >= 0; rank--) {
        before = last;
        if (below <= above) {
          last = below;
          below = --left < 0 ? Infinity : middle - sorted[left]!;
        } else {
          last = above;
          above = ++right < count ? sorted[right]! - middle : Infinity;
        }
      }
      return (count & 1) === 1 ? last : (before + last) / 2;
    }

    return {
      push(x) {
        insert(x);
        const half = count >> 1;
        const middle = (count & 1) === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
        const distance = x > middle ? x - middle : middle - x;
        if (distance <= least || distance <= factor * deviation(middle)) return push(x);
        if (!drop) return push(middle);
      },
      missing,
    };
  },
};
