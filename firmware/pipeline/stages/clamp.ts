/** `clamp`: bounds each sample, or drops what lies outside, as ESPHome's `clamp` with `ignore_out_of_range`. */
import { limits } from "../../limits.js";
import { type Family, numberRule } from "../family.js";
import type { Clamp } from "../stage.js";

const valueMax = limits.valueMax;

/** A bound that is not given does not bound. What `ignore` drops is meant to be dropped: `sink.dropped` does not count it. */
export const clamp: Family<Clamp> = {
  name: "clamp",
  rules: [
    { ...numberRule("min", -valueMax, valueMax), optional: true },
    { ...numberRule("max", -valueMax, valueMax), optional: true },
    { key: "ignore", need: "true or false", optional: true, holds: (value) => typeof value === "boolean" },
  ],
  clash({ min, max }) {
    if (min === undefined && max === undefined) return "min and max are both missing, give at least one";
    if ((min as number) > (max as number)) return `min must not be above max, and ${String(min)} is above ${String(max)}`;
    return undefined;
  },
  build({ min = -valueMax, max = valueMax, ignore }, next) {
    if (ignore) {
      return (x) => {
        if (x >= min && x <= max) return next(x);
      };
    }
    return (x) => next(x < min ? min : x > max ? max : x);
  },
};
