/** `zero_crossings`: how often a signal swings, a block at a time, without a spectrum. */
import { limits } from "../../limits.js";
import { type Family, numberRule, optional } from "../family.js";
import { bounded, gapDoor, gridMistake, perBlock, samplesRule } from "./block.js";

export interface ZeroCrossings {
  readonly stage: "zero_crossings";
  readonly samples: number;
  readonly level?: number;
  readonly hysteresis?: number;
}

/**
 * One result for each `samples` samples, 2 … 1,000,000. `level` (default 0) in place of zero, such as gravity;
 * `hysteresis` (default 0): how far beyond it to either side counts, so that noise about it does not.
 */
export function zero_crossings(samples: number, options: { level?: number; hysteresis?: number } = {}): ZeroCrossings {
  return { stage: "zero_crossings", samples, ...options };
}

/**
 * Crossings upwards a second, Hz: a tone's frequency, to within one in the block's length. Of a crossing on
 * the border between two blocks the second has it. For a missing reading see block.ts: the sample after
 * it crosses nothing.
 */
export const zeroCrossingsFamily: Family<ZeroCrossings> = {
  name: "zero_crossings",
  rules: [
    samplesRule(2),
    optional(numberRule("level", -limits.valueMax, limits.valueMax)),
    optional(numberRule("hysteresis", 0, limits.valueMax)),
  ],
  flow: ({ samples }, flow) => gridMistake(flow) ?? perBlock(flow, samples),
  build({ samples, level = 0, hysteresis = 0 }, next, { flow }) {
    const give = bounded(next);
    const perS = 1000 / (samples * flow.periodMs);
    const high = level + hysteresis;
    const low = level - hysteresis;
    let left = samples;
    let crossings = 0;
    let below = false;
    let fresh = false;
    const finish = (): void => {
      const x = crossings * perS;
      left = samples;
      crossings = 0;
      fresh = true;
      return give(x);
    };
    const drop = (): boolean => {
      const some = fresh || left < samples;
      left = samples;
      crossings = 0;
      below = fresh = false;
      return some;
    };
    return {
      push(x) {
        if (below) {
          if (x > high) {
            below = false;
            crossings++;
          }
        } else if (x < low) below = true;
        if (--left > 0) return;
        return finish();
      },
      missing: gapDoor(samples, drop, next.missing),
    };
  },
};
