/** `out_of_range`: finds readings that cannot be, or values that should not be. */
import { limits } from "../../limits.js";
import { type Family, numberRule, optional } from "../family.js";
import { type Mark, markRule } from "./detector.js";

export interface Range {
  /** In the channel's unit; at least one of both. */
  readonly min?: number;
  readonly max?: number;
  /** Default: `alarm`. */
  readonly mark?: Mark;
}

export interface OutOfRange extends Range {
  readonly stage: "out_of_range";
}

/** 1 for a sample below `min` or above `max`, 0 for one within. `mark: "missing"`: those within go on as they are, the others as missing. */
export function out_of_range(range: Range): OutOfRange {
  return { stage: "out_of_range", ...range };
}

/** `clamp` with `ignore_out_of_range` drops such a sample instead. A missing reading passes as missing. */
export const outOfRangeFamily: Family<OutOfRange> = {
  name: "out_of_range",
  alarm: ({ mark }) => mark !== "missing",
  rules: [
    optional(numberRule("min", -limits.valueMax, limits.valueMax)),
    optional(numberRule("max", -limits.valueMax, limits.valueMax)),
    markRule,
  ],
  clash({ min, max }) {
    if (min === undefined && max === undefined) return "min and max are both missing, give at least one";
    return (min as number) > (max as number) ? `min must be at most ${String(max)} (max), not ${String(min)}` : undefined;
  },
  build({ min = -Infinity, max = Infinity, mark }, { push, missing }) {
    if (mark !== "missing") return { push: (x) => push(x < min || x > max ? 1 : 0), missing };
    return {
      push(x) {
        if (x < min || x > max) return missing();
        return push(x);
      },
      missing,
    };
  },
};
