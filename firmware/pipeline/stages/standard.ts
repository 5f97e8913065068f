/**
 * Samples in the measure of a control chart: how many standard deviations they lie from where they
 * should. Both are given, or learnt from the first samples.
 */
import { limits } from "../../limits.js";
import { choiceRule, numberRule, optional, type Params, type Rule, truthRule, wholeRule } from "../family.js";
import type { Push } from "../push.js";
import type { Site, Walk } from "../site.js";

const sequels = ["stay", "restart", "relearn"] as const;

/** So that a sample ÷ deviation is still a number. */
const deviationMin = 1e-100;

export interface Standard {
  /** Where the samples should be, in the channel's unit. Default: learnt. */
  readonly target?: number;
  /** Their standard deviation when all is well, in the channel's unit, at least 1e-100. Default: learnt. */
  readonly deviation?: number;
  /** From how many samples what is not given is learnt, 2 … 1,000,000. Default: 100. */
  readonly learn?: number;
  /**
   * After an alarm: `stay`: 1 for as long as it lasts; `restart`: 1 once, and on with a clean sheet; `relearn`: 1
   * once, and what is not given is learnt anew, so that a lasting change is told once. Default: `stay`.
   */
  readonly after?: (typeof sequels)[number];
  /** Whether what it learnt and has summed up outlives a restart. Default: true where it learns anything. */
  readonly restore?: boolean;
}

export const standardRules: readonly Rule[] = [
  optional(numberRule("target", -limits.valueMax, limits.valueMax)),
  optional(numberRule("deviation", deviationMin, limits.valueMax)),
  optional(wholeRule("learn", 2, limits.reducedSamplesMax)),
  optional(choiceRule("after", sequels)),
  optional(truthRule("restore")),
];

export function standardClash({ target, deviation, learn, after }: Params): string | undefined {
  if (target === undefined || deviation === undefined) return undefined;
  if (learn !== undefined) return "learn has no use beside target and deviation, drop one of the three";
  return after === "relearn"
    ? 'after "relearn" has nothing to learn beside target and deviation, drop one of them or choose "restart"'
    : undefined;
}

const learnDefault = 100;

/** Bytes of the state, `own` of them the chart's. */
export function standardState(
  { target, deviation, restore = target === undefined || deviation === undefined }: Standard,
  own: number,
): number {
  return restore ? 36 + own : 0;
}

/**
 * Hands (x − target) ÷ deviation to `judge`, and calls `wait` for each sample that is learnt from. Learnt are the mean, and the
 * standard deviation (over n − 1 about a learnt mean, n about a given target), which is never below `resolution`.
 * `own` walks over the chart's part of the state.
 */
export function standardised(
  { target, deviation, learn = learnDefault }: Standard,
  resolution: number,
  judge: Push,
  wait: () => void,
  state: Site["state"],
  own: Walk,
): { push: Push; relearn: () => void } {
  let left = target === undefined || deviation === undefined ? learn : 0;
  let centre = target ?? 0;
  let scale = deviation ?? 1;
  let mean = 0;
  let squares = 0;

  function study(x: number): void {
    const count = learn - --left;
    const distance = x - mean;
    if (target === undefined) {
      mean += distance / count;
      squares += distance * (x - mean);
    } else squares += (x - target) * (x - target);
    if (left > 0) return wait();
    if (target === undefined) centre = mean;
    if (deviation === undefined) {
      scale = Math.sqrt(squares / (target === undefined ? learn - 1 : learn));
      if (scale < resolution) scale = resolution;
    }
    mean = squares = 0;
    return wait();
  }

  state?.((walk) => {
    left = walk.whole(left, limits.reducedSamplesMax);
    centre = walk.number(centre);
    scale = walk.size(scale);
    mean = walk.number(mean);
    squares = walk.size(squares);
    own(walk);
  });
  return {
    push(x) {
      if (left === 0) return judge((x - centre) / scale);
      return study(x);
    },
    relearn() {
      left = learn;
    },
  };
}
