/** `delta`: a deadband, so that only changes that mean something go on. ESPHome's filter of the same name. */
import { limits } from "../../limits.js";
import { numberIn } from "../datapoints.js";
import { type Family, optional, type Rule, within } from "../family.js";
import { some } from "../flow.js";
import type { Way } from "../push.js";

/** In the channel's unit, or of the baseline's magnitude: "5%". */
export type Difference = number | `${number}%`;

export interface Delta {
  readonly stage: "delta";
  /** Short for `min_value`. */
  readonly by?: Difference;
  /** The difference must be greater. Default 0. */
  readonly min_value?: Difference;
  /** The difference may be so great. Default: any. */
  readonly max_value?: Difference;
  /** From what it is taken: a value, or a function (not in JSON) that gets the last value passed. Default: the last value passed. */
  readonly baseline?: number | ((last: number) => number);
}

/** Passes what differs from the last passed by more than `by` (≥ 0), in the channel's unit or as "5%" of the last passed. */
export function delta(by: Difference | Omit<Delta, "stage">): Delta {
  return typeof by === "object" ? { stage: "delta", ...by } : { stage: "delta", by };
}

const percentMax = 1e6;

/** NaN when it is none. */
function fractionOf(difference: string): number {
  return difference.endsWith("%") ? numberIn(difference.slice(0, -1)) / 100 : NaN;
}

function magnitude(difference: unknown): number {
  return typeof difference === "string" ? fractionOf(difference) : (difference as number);
}

function differenceRule(key: string): Rule {
  return {
    key,
    need: `a number from 0 to ${limits.valueMax} or a percentage such as "5%"`,
    holds: (value) => (typeof value === "string" ? within(fractionOf(value), 0, percentMax / 100) : within(value, 0, limits.valueMax)),
  };
}

/**
 * Passes x when min_value < |x − baseline| ≤ max_value, and the first sample. A missing reading passes once,
 * and the sample behind it whatever it is; before the first sample, and behind another, it is dropped.
 * A baseline that throws or gives no number lets nothing pass.
 */
export const deltaFamily: Family<Delta> = {
  name: "delta",
  rules: [
    optional(differenceRule("by")),
    optional(differenceRule("min_value")),
    optional(differenceRule("max_value")),
    optional({
      key: "baseline",
      need: "a number, or in app.ts a function of the last value passed",
      holds: (value) => typeof value === "function" || within(value, -limits.valueMax, limits.valueMax),
    }),
  ],
  clash({ by, min_value, max_value }) {
    if (by !== undefined && min_value !== undefined) return "by is short for min_value, give only one of them";
    const least = by ?? min_value;
    if (least === undefined && max_value === undefined) return "by, min_value and max_value are all missing, give at least one";
    if (typeof least !== typeof max_value || magnitude(max_value) > magnitude(least)) return undefined;
    return `max_value must be above ${by === undefined ? "min_value" : "by"}, and ${String(max_value)} is not above ${String(least)}`;
  },
  flow: (_params, flow) => some(flow),
  build({ by = 0, min_value = by, max_value, baseline }, next) {
    if (typeof min_value === "number" && max_value === undefined && baseline === undefined) return deadband(min_value, next);
    return band(min_value, max_value ?? Infinity, baseline, next);
  },
};

function deadband(by: number, { push, missing }: Way): Way {
  // Every sample is further than `by` from infinity, so one without anything passed before it needs no test of its own.
  let last = Infinity;
  return {
    push(x) {
      if ((x > last ? x - last : last - x) > by) {
        last = x;
        return push(x);
      }
    },
    missing() {
      if (last === Infinity) return;
      last = Infinity;
      return missing();
    },
  };
}

function band(least: Difference, most: Difference, baseline: Delta["baseline"], { push, missing }: Way): Way {
  const leastFixed = typeof least === "number" ? least : 0;
  const leastPart = typeof least === "number" ? 0 : fractionOf(least);
  const mostFixed = typeof most === "number" ? most : 0;
  const mostPart = typeof most === "number" ? 0 : fractionOf(most);
  let last = Infinity;
  const reference = (): number => {
    if (typeof baseline !== "function") return baseline!;
    try {
      const given: unknown = baseline(last);
      return typeof given === "number" ? given : NaN;
    } catch {
      return NaN;
    }
  };
  const fromLast = baseline === undefined;
  return {
    push(x) {
      if (last !== Infinity) {
        const from = fromLast ? last : reference();
        const size = from < 0 ? -from : from;
        const difference = x > from ? x - from : from - x;
        if (!(difference > leastFixed + size * leastPart && difference <= mostFixed + size * mostPart)) return;
      }
      last = x;
      return push(x);
    },
    missing() {
      if (last === Infinity) return;
      last = Infinity;
      return missing();
    },
  };
}
