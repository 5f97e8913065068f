/** `page_hinkley`: tells when a quantity leaves the mean that it has had so far, which nobody has to know beforehand. */
import { limits } from "../../limits.js";
import { aboveRule, choiceRule, type Family, numberRule, optional, truthRule, wholeRule } from "../family.js";
import { type Direction, directionRule, sides } from "./detector.js";

const sequels = ["stay", "relearn"] as const;

export interface PageHinkleyParameters {
  /** How far from the mean counts as nothing, in the channel's unit, 0 or more; best half of the change to be found. */
  readonly delta: number;
  /** What the sum of the rest must exceed, in the channel's unit, > 0. */
  readonly threshold: number;
  /** Default: `either`. */
  readonly direction?: Direction;
  /** Samples before it judges, 1 … 1,000,000. Default: 30. */
  readonly learn?: number;
  /** Over how many samples, 2 … 1,000,000, the mean is taken; exponentially beyond. Default: all. */
  readonly memory?: number;
  /** After an alarm: `stay`: 1 for as long as it lasts; `relearn`: 1 once, and everything anew, mean included. Default: `stay`. */
  readonly after?: (typeof sequels)[number];
  /** Whether the mean and the sums outlive a restart. Default: true. */
  readonly restore?: boolean;
}

export interface PageHinkley extends PageHinkleyParameters {
  readonly stage: "page_hinkley";
}

/** 1 when the mean has changed, 0 otherwise and while it learns. What the parameters are: above. */
export function page_hinkley(parameters: PageHinkleyParameters): PageHinkley {
  return { stage: "page_hinkley", ...parameters };
}

/**
 * D. V. Hinkley, "Inference about the Change-Point from Cumulative Sum Tests", Biometrika 58 (1971), in the form
 * of a data stream: the sum of x − mean − delta, with the mean of the samples up to x, has risen by more
 * than `threshold` above its least so far; likewise downwards. With `stay` it ends at twice the threshold, and an
 * alarm ends when the quantity is back or the mean has followed, which `memory` hastens. After a step by s, it comes after
 * some threshold ÷ (s − delta) samples. A missing reading passes as missing and changes nothing.
 */
export const pageHinkleyFamily: Family<PageHinkley> = {
  name: "page_hinkley",
  alarm: () => true,
  rules: [
    numberRule("delta", 0, limits.valueMax),
    aboveRule("threshold", 0, limits.valueMax),
    directionRule,
    optional(wholeRule("learn", 1, limits.reducedSamplesMax)),
    optional(wholeRule("memory", 2, limits.reducedSamplesMax)),
    optional(choiceRule("after", sequels)),
    optional(truthRule("restore")),
  ],
  state: ({ restore = true }) => (restore ? 32 : 0),
  build({ delta, threshold, direction, learn = 30, memory = Infinity, after }, { push, missing }, { state }) {
    const deltas = sides(delta, direction);
    const deltaOfRise = deltas.rise;
    const deltaOfFall = deltas.fall;
    const most = 2 * threshold;
    const relearn = after === "relearn";
    let count = 0;
    let mean = 0;
    let rise = 0;
    let fall = 0;
    const alarm = (): void => {
      if (relearn) count = mean = rise = fall = 0;
      return push(1);
    };
    state?.((walk) => {
      count = walk.size(count);
      mean = walk.number(mean);
      rise = walk.size(rise);
      fall = walk.size(fall);
    });
    return {
      push(x) {
        mean += (x - mean) / (++count < memory ? count : memory);
        if (count <= learn) return push(0);
        x -= mean;
        rise += x - deltaOfRise;
        if (rise < 0) rise = 0;
        else if (rise > most) rise = most;
        fall -= x + deltaOfFall;
        if (fall < 0) fall = 0;
        else if (fall > most) fall = most;
        if (rise > threshold || fall > threshold) return alarm();
        return push(0);
      },
      missing,
    };
  },
};
