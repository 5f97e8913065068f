/** `clamp`: bounds each sample, or drops what lies outside. ESPHome's filter of the same name, and a shorthand of Mote's own. */
import { limits } from "../../limits.js";
import { type Family, numberRule, optional, truthRule } from "../family.js";
import { some } from "../flow.js";

export interface Clamp {
  readonly stage: "clamp";
  readonly min?: number;
  readonly max?: number;
  readonly min_value?: number;
  readonly max_value?: number;
  readonly ignore_out_of_range?: boolean;
}

/** At least one bound, in the channel's unit. With `ignore_out_of_range` (default false), drops what lies outside. */
export type ClampBounds =
  | { readonly min?: number; readonly max?: number; readonly ignore_out_of_range?: boolean }
  | { readonly min_value?: number; readonly max_value?: number; readonly ignore_out_of_range?: boolean };

/**
 * Holds samples between the bounds. With `min` and `max` a missing reading stays one; with ESPHome's
 * `min_value` and `max_value` it is out of range, as in ESPHome: the lower bound takes its place, or the
 * upper when there is no lower, or it is dropped.
 */
export function clamp(bounds: ClampBounds): Clamp {
  return { stage: "clamp", ...bounds };
}

const valueMax = limits.valueMax;

/** A bound that is not given does not bound. For a missing reading see `clamp`. */
export const clampFamily: Family<Clamp> = {
  name: "clamp",
  rules: [
    optional(numberRule("min", -valueMax, valueMax)),
    optional(numberRule("max", -valueMax, valueMax)),
    optional(numberRule("min_value", -valueMax, valueMax)),
    optional(numberRule("max_value", -valueMax, valueMax)),
    optional(truthRule("ignore_out_of_range")),
  ],
  flow: ({ ignore_out_of_range }, flow) => (ignore_out_of_range ? some(flow) : flow),
  clash({ min, max, min_value, max_value }) {
    const own = min !== undefined || max !== undefined;
    const theirs = min_value !== undefined || max_value !== undefined;
    if (own && theirs) {
      return "give min and max, which leave a missing reading missing, or min_value and max_value, which put a bound in its place, not both";
    }
    if (!own && !theirs) return "min and max are both missing, give at least one";
    if ((min as number) > (max as number)) return `min must not be above max, and ${String(min)} is above ${String(max)}`;
    if ((min_value as number) > (max_value as number)) {
      return `min_value must not be above max_value, and ${String(min_value)} is above ${String(max_value)}`;
    }
    return undefined;
  },
  build({ min_value, max_value, min = min_value ?? -valueMax, max = max_value ?? valueMax, ignore_out_of_range }, { push, missing }) {
    const bounded = min_value ?? max_value;
    if (ignore_out_of_range) {
      return {
        push(x) {
          if (x >= min && x <= max) return push(x);
        },
        missing: bounded === undefined ? missing : () => {},
      };
    }
    return {
      push: (x) => push(x < min ? min : x > max ? max : x),
      missing: bounded === undefined ? missing : () => push(bounded),
    };
  },
};
