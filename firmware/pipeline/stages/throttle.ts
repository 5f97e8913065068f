/** `throttle`: at most one sample in a stretch of time. */
import { limits } from "../../limits.js";
import { type Family, numberRule } from "../family.js";
import type { Throttle } from "../stage.js";

/**
 * Passes x when at least `everyMs` went by since the last passed, and the first sample; ESPHome's
 * `throttle`. Time is the grid time of the samples, so a late sample does not shift the ones after it.
 */
export const throttle: Family<Throttle> = {
  name: "throttle",
  rules: [numberRule("everyMs", 1, limits.periodMaxMs)],
  build({ everyMs }, next, context) {
    let lastMs = -Infinity;
    const sampleMs = context.sampleMs;
    return (x) => {
      const nowMs = sampleMs();
      if (nowMs - lastMs >= everyMs) {
        lastMs = nowMs;
        return next(x);
      }
    };
  },
};
