/** `kurtosis`: how much of a signal's strength lies in rare great swings, a block at a time. */
import type { Family } from "../family.js";
import { bounded, gapDoor, perBlock, samplesRule } from "./block.js";

export interface Kurtosis {
  readonly stage: "kurtosis";
  readonly samples: number;
}

/** One result for each `samples` samples, 4 … 1,000,000. */
export function kurtosis(samples: number): Kurtosis {
  return { stage: "kurtosis", samples };
}

/**
 * Pearson's: the fourth central moment ÷ the square of the second, both over n. 3 for normal noise (not
 * the excess over it), 1.5 for a sine, 1 for a square wave; impacts, such as a worn bearing's, raise
 * it before they raise the rms. Without a unit. A block of one value has none: missing. For a missing
 * reading see block.ts.
 */
export const kurtosisFamily: Family<Kurtosis> = {
  name: "kurtosis",
  rules: [samplesRule(4)],
  flow: ({ samples }, flow) => perBlock(flow, samples),
  build({ samples }, next) {
    const give = bounded(next);
    let left = samples;
    let origin = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    let sum4 = 0;
    let fresh = false;
    const begin = (): void => {
      left = samples;
      sum1 = sum2 = sum3 = sum4 = 0;
    };
    const finish = (): void => {
      const mean = sum1 / samples;
      const square = mean * mean;
      const raw2 = sum2 / samples;
      const second = raw2 - square;
      const fourth = sum4 / samples - 4 * mean * (sum3 / samples) + 6 * square * raw2 - 3 * square * square;
      begin();
      fresh = true;
      // Not above 0, or overflown: no number.
      return give(second > 0 ? fourth / (second * second) : NaN);
    };
    const drop = (): boolean => {
      const some = fresh || left < samples;
      begin();
      fresh = false;
      return some;
    };
    return {
      push(x) {
        // Relative to the first sample: moments about the mean come out of them without losing their digits.
        if (left === samples) origin = x;
        x -= origin;
        const square = x * x;
        sum1 += x;
        sum2 += square;
        sum3 += x * square;
        sum4 += square * square;
        if (--left > 0) return;
        return finish();
      },
      missing: gapDoor(samples, drop, next.missing),
    };
  },
};
