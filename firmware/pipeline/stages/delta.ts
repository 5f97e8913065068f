/** `delta`: a deadband, so that only changes that mean something go on. */
import { limits } from "../../limits.js";
import { type Family, within } from "../family.js";
import type { Delta } from "../stage.js";

/**
 * Passes x when |x − the last passed| > by, and the first sample. ESPHome's `delta` with an absolute
 * value, but that passes a difference of exactly `delta` too.
 */
export const delta: Family<Delta> = {
  name: "delta",
  rules: [
    { key: "by", need: `a number above 0, at most ${limits.valueMax}`, holds: (value) => value !== 0 && within(value, 0, limits.valueMax) },
  ],
  build({ by }, next) {
    // Every sample is further than `by` from infinity, so the first passes without a test of its own.
    let last = Infinity;
    return (x) => {
      if ((x > last ? x - last : last - x) > by) {
        last = x;
        return next(x);
      }
    };
  },
};
