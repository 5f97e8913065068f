/** `throttle`: at most one sample in a stretch of time. */
import { limits } from "../../limits.js";
import { type Family, numberRule } from "../family.js";

export interface Throttle {
  readonly stage: "throttle";
  readonly everyMs: number;
}

/** Passes at most one sample in `everyMs`, 1 … 86,400,000 ms. */
export function throttle(everyMs: number): Throttle {
  return { stage: "throttle", everyMs };
}

/**
 * Passes x when at least `everyMs` went by since the last passed, and the first sample; ESPHome's
 * `throttle`. Time is the grid time of the samples, so a late sample does not shift the ones after it.
 * A missing reading is a sample like any other.
 */
export const throttleFamily: Family<Throttle> = {
  name: "throttle",
  rules: [numberRule("everyMs", 1, limits.periodMaxMs)],
  // On a grid, every so manieth sample passes: again a grid.
  flow: ({ everyMs }, flow) => ({ ...flow, periodMs: Math.ceil(everyMs / flow.periodMs) * flow.periodMs }),
  build({ everyMs }, { push, missing }, { sampleMs }) {
    let lastMs = -Infinity;
    return {
      push(x) {
        const nowMs = sampleMs();
        if (nowMs - lastMs >= everyMs) {
          lastMs = nowMs;
          return push(x);
        }
      },
      missing() {
        const nowMs = sampleMs();
        if (nowMs - lastMs >= everyMs) {
          lastMs = nowMs;
          return missing();
        }
      },
    };
  },
};
