/**
 * `dd_sketch`: a quantile with a bound on its relative error. Counts samples in bins whose bounds grow by
 * a fixed ratio, and keeps only bins that have one, in ascending order. Each bin is held with its outer
 * bound, so a sample is looked up among bounds, and a logarithm is only taken for a bin that is new.
 */
import { exp, ln } from "../../base/math.js";
import { limits } from "../../limits.js";
import { type Family, numberRule, optional, wholeRule } from "../family.js";
import { fewer } from "../flow.js";

export interface DdSketchParameters {
  /** Greatest relative error, 0.0001 … 0.5. Default: 0.01. */
  readonly accuracy?: number;
  /** Samples a result, 1 … 1,000,000. Default: 1000. */
  readonly samples?: number;
  /** Bins to hold at the most, 4 … 512, of 32 bytes. Default: 128. */
  readonly binsMax?: number;
}

export interface DdSketch extends DdSketchParameters {
  readonly stage: "dd_sketch";
  readonly q: number;
}

/** The quantile `q` (0 … 1) of each `samples` samples, to within a part `accuracy` of it. */
export function dd_sketch(q: number, parameters: DdSketchParameters = {}): DdSketch {
  return { stage: "dd_sketch", q, ...parameters };
}

const samplesDefault = 1000;
const binsDefault = 128;
const valueMax = limits.valueMax;

/**
 * C. Masson, J. E. Rim and H. K. Lee, "DDSketch", PVLDB 12 (2019), with bins for numbers below 0 and one
 * for 0 itself. Of n samples in ascending order it estimates the one at place ⌈n × q⌉, as `quantile` has it, to
 * within accuracy × its magnitude. When there are more bins than `binsMax`, the two of least magnitude on one side of 0 become one, which then takes all that is less, so the
 * bound stays true for the greatest magnitudes: with accuracy 0.01, 128 bins reach over a factor of 13 if
 * none of them is empty, which real samples seldom fill. A missing reading passes as missing and is not counted.
 */
export const ddSketchFamily: Family<DdSketch> = {
  name: "dd_sketch",
  rules: [
    numberRule("q", 0, 1),
    optional(numberRule("accuracy", 0.0001, 0.5)),
    optional(wholeRule("samples", 1, limits.reducedSamplesMax)),
    optional(wholeRule("binsMax", 4, 512)),
  ],
  flow: ({ samples = samplesDefault }, flow) => fewer(flow, samples, (samples - 1) / 2),
  held: ({ binsMax = binsDefault }) => 2 * (binsMax + 1),
  build({ q, accuracy = 0.01, samples = samplesDefault, binsMax = binsDefault }, { push, missing }) {
    const ratio = (1 + accuracy) / (1 - accuracy);
    const width = ln(ratio);
    /** From a bin's outer bound to the number that is within `accuracy` of all in it. */
    const inner = 2 / (ratio + 1);
    // Rounded to 32 bits as in `quantile`: 0.55 of 100 is the 55th.
    const place = Math.ceil(Math.fround(samples * q));
    /** Outer bounds, the ones further from zero: ascending. One place more than bins, for the moment before two become one. */
    const bounds: number[] = [];
    const counts: number[] = [];
    for (let i = 0; i <= binsMax; i++) {
      bounds.push(0);
      counts.push(0);
    }
    let bins = 0;
    let left = samples;
    /** Whether the bin next to zero on that side reaches down to it. */
    let mergedAbove = false;
    let mergedBelow = false;
    // The bin of the sample before.
    let from = Infinity;
    let to = -Infinity;
    let at = 0;

    /** The first bin whose bound is not below x. */
    function find(x: number): number {
      let low = 0;
      let high = bins;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (bounds[middle]! < x) low = middle + 1;
        else high = middle;
      }
      return low;
    }

    /** Makes the bin of x the one of the sample before, and counts it. */
    function count(x: number): void {
      at = find(x);
      // Below zero a bin's bound is its lower one.
      if (x < 0 && (at === bins || bounds[at]! > x)) at--;
      if (at >= 0 && at < bins && covers(x)) counts[at] = counts[at]! + 1;
      else add(x);
      from = to = bounds[at]!;
      if (to > 0) from = to / ratio;
      else to = from / ratio;
    }

    /** Whether x belongs to the bin `at`, which is the only one that may be. */
    function covers(x: number): boolean {
      const bound = bounds[at]!;
      if (x > 0) return bound < x * ratio || (mergedAbove && (at === 0 || bounds[at - 1]! <= 0));
      if (x < 0) return bound > x * ratio || (mergedBelow && (at === bins - 1 || bounds[at + 1]! >= 0));
      return bound === 0;
    }

    function add(x: number): void {
      let bound = x;
      if (x !== 0) {
        bound = exp(Math.ceil(ln(x < 0 ? -x : x) / width) * width);
        if (x < 0) bound = -bound;
      }
      at = find(bound);
      if (at < bins && bounds[at] === bound) {
        // x lies where rounding decides between two bins.
        counts[at] = counts[at]! + 1;
        return;
      }
      for (let i = bins++; i > at; i--) {
        bounds[i] = bounds[i - 1]!;
        counts[i] = counts[i - 1]!;
      }
      bounds[at] = bound;
      counts[at] = 1;
      if (bins > binsMax) collapse();
    }

    /** Puts the bin next to zero into the one behind it, on the side where that one is of lesser magnitude. */
    function collapse(): void {
      const zero = find(0);
      const above = zero < bins && bounds[zero] === 0 ? zero + 1 : zero;
      const below = zero - 1;
      const upwards = below < 1 || (above < bins - 1 && bounds[above + 1]! <= -bounds[below - 1]!);
      if (upwards) mergedAbove = true;
      else mergedBelow = true;
      const gone = upwards ? above : below;
      const kept = upwards ? above + 1 : below - 1;
      counts[kept] = counts[kept]! + counts[gone]!;
      if (at === gone) at = kept;
      bins--;
      for (let i = gone; i < bins; i++) {
        bounds[i] = bounds[i + 1]!;
        counts[i] = counts[i + 1]!;
      }
      if (at > gone) at--;
    }

    function result(): number {
      let passed = 0;
      let i = 0;
      while (i < bins - 1) {
        passed += counts[i]!;
        if (passed >= place) break;
        i++;
      }
      bins = 0;
      mergedAbove = mergedBelow = false;
      left = samples;
      from = Infinity;
      to = -Infinity;
      return bounds[i]! * inner;
    }

    return {
      push(x) {
        if (x >= from && x <= to) counts[at] = counts[at]! + 1;
        else count(x);
        if (--left > 0) return;
        x = result();
        if (x >= -valueMax && x <= valueMax) return push(x);
        return missing();
      },
      missing,
    };
  },
};
