/** `clamp`: bounds each sample, or drops what lies outside, as ESPHome's `clamp` with `ignore_out_of_range`. */
import { limits } from "../../limits.js";
import { type Family, numberRule, optional, truthRule } from "../family.js";

export interface Clamp {
  readonly stage: "clamp";
  readonly min?: number;
  readonly max?: number;
  readonly ignore?: boolean;
}

/** Holds samples in [min, max], of which one may be missing; with `ignore`, drops those outside. */
export function clamp(bounds: { min?: number; max?: number; ignore?: boolean }): Clamp {
  return { stage: "clamp", ...bounds };
}

const valueMax = limits.valueMax;

/** A bound that is not given does not bound. */
export const clampFamily: Family<Clamp> = {
  name: "clamp",
  rules: [
    optional(numberRule("min", -valueMax, valueMax)),
    optional(numberRule("max", -valueMax, valueMax)),
    optional(truthRule("ignore")),
  ],
  clash({ min, max }) {
    if (min === undefined && max === undefined) return "min and max are both missing, give at least one";
    if ((min as number) > (max as number)) return `min must not be above max, and ${String(min)} is above ${String(max)}`;
    return undefined;
  },
  build({ min = -valueMax, max = valueMax, ignore }, { push, missing }) {
    if (ignore) {
      return {
        push(x) {
          if (x >= min && x <= max) return push(x);
        },
        missing,
      };
    }
    return { push: (x) => push(x < min ? min : x > max ? max : x), missing };
  },
};
