/** `cusum`: tells when a quantity's mean has moved, by little and for long rather than much and for once. */
import { type Family, aboveRule, numberRule, optional } from "../family.js";
import { type Direction, directionRule, sides } from "./detector.js";
import { type Standard, standardClash, standardised, standardRules, standardState } from "./standard.js";

export interface CusumParameters extends Standard {
  /** How far from the target counts as nothing, in deviations, 0 … 100; best half of the shift to be found. Default: 0.5. */
  readonly slack?: number;
  /** What the sum of the rest must exceed, in deviations, above 0, at most 10,000. Default: 5. */
  readonly threshold?: number;
  /** Default: `either`. */
  readonly direction?: Direction;
}

export interface Cusum extends CusumParameters {
  readonly stage: "cusum";
}

/** 1 when the mean has moved from `target`, 0 otherwise and while it learns. What the parameters are: above, and standard.ts. */
export function cusum(parameters: CusumParameters = {}): Cusum {
  return { stage: "cusum", ...parameters };
}

/**
 * E. S. Page, "Continuous Inspection Schemes", Biometrika 41 (1954), two-sided: with z = (x − target) ÷ deviation, rise = max(0,
 * rise + z − slack) and fall = max(0, fall − z − slack), alarm when one exceeds `threshold`. With slack 0.5
 * and threshold 5, normal samples that depend on nothing before them raise a false alarm every 465, and a
 * shift by one deviation is told after 10.4 (Montgomery, "Introduction to Statistical Quality Control",
 * ch. 9). Learnt parameters and samples that depend on each other make more false alarms. A sum ends at twice the threshold,
 * so that an alarm ends too: at the latest after threshold ÷ slack samples at the target. A missing reading
 * passes as missing and changes nothing.
 */
export const cusumFamily: Family<Cusum> = {
  name: "cusum",
  alarm: () => true,
  rules: [...standardRules, optional(numberRule("slack", 0, 100)), optional(aboveRule("threshold", 0, 10_000)), directionRule],
  clash: standardClash,
  state: (params) => standardState(params, 16),
  build({ slack = 0.5, threshold = 5, direction, after, ...standard }, { push, missing }, { resolution, state }) {
    const slacks = sides(slack, direction);
    const slackOfRise = slacks.rise;
    const slackOfFall = slacks.fall;
    const most = 2 * threshold;
    let rise = 0;
    let fall = 0;
    const alarm = (): void => {
      if (after !== undefined && after !== "stay") {
        rise = fall = 0;
        if (after === "relearn") samples.relearn();
      }
      return push(1);
    };
    const judge = (z: number): void => {
      rise += z - slackOfRise;
      // Also when it is NaN, of infinite z and slack.
      if (!(rise > 0)) rise = 0;
      else if (rise > most) rise = most;
      fall -= z + slackOfFall;
      if (!(fall > 0)) fall = 0;
      else if (fall > most) fall = most;
      if (rise > threshold || fall > threshold) return alarm();
      return push(0);
    };
    const samples = standardised(
      standard,
      resolution,
      judge,
      () => push(0),
      state,
      (walk) => {
        rise = walk.size(rise);
        fall = walk.size(fall);
      },
    );
    return { push: samples.push, missing };
  },
};
