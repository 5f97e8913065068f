/** `summary`: statistics beside the stream, which goes on as it is. */
import { limits } from "../../limits.js";
import { type Family, wholeRule } from "../family.js";

export interface Summary {
  readonly stage: "summary";
  readonly samples: number;
}

/** Passes samples on, and reports min, max, mean, std and count of each `samples` (1 … 1,000,000) beside them. */
export function summary(samples: number): Summary {
  return { stage: "summary", samples };
}

/**
 * Passes every x on, and before each `samples`th reports min, max, mean, std and count of those up to it.
 * Mean and std are taken relative to the window's first sample, so that a small spread on a great
 * value keeps its digits; std divides by n. Nothing is reported of a window that is not full.
 */
export const summaryFamily: Family<Summary> = {
  name: "summary",
  rules: [wholeRule("samples", 1, limits.reducedSamplesMax)],
  build({ samples }, { push, missing }, { summary: tell }) {
    let left = samples;
    let min = Infinity;
    let max = -Infinity;
    let origin = 0;
    let sum = 0;
    let squares = 0;
    // Apart, because a closure on XS pays at each call for every variable that it mentions.
    const report = () => {
      const mean = sum / samples;
      const variance = squares / samples - mean * mean;
      tell(min, max, origin + mean, Math.sqrt(variance > 0 ? variance : 0), samples);
      left = samples;
      min = Infinity;
      max = -Infinity;
      sum = squares = 0;
    };
    return {
      push(x) {
        if (x < min) {
          min = x;
          // Only a window's first sample is both below its min and above its max.
          if (x > max) max = origin = x;
        } else if (x > max) max = x;
        const distance = x - origin;
        sum += distance;
        squares += distance * distance;
        if (--left === 0) report();
        return push(x);
      },
      missing,
    };
  },
};
