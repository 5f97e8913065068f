/** `throttle_with_priority`: at most one sample in a stretch of time, but some values at once. ESPHome's filter of the same name. */
import { limits } from "../../limits.js";
import { type Family, numberRule, optional } from "../family.js";
import { some } from "../flow.js";
import { listedNumber, listedRule, listsMissing, plainValues, type ListedValues } from "../listed-values.js";

export interface ThrottleWithPriority {
  readonly stage: "throttle_with_priority";
  readonly timeoutMs: number;
  readonly value?: ListedValues;
}

/** Passes at most one sample in `timeoutMs`, 1 … 86,400,000 ms, and at once those that are `value`: NaN if not given. */
export function throttle_with_priority(
  timeoutMs: number | Omit<ThrottleWithPriority, "stage">,
  value?: ListedValues,
): ThrottleWithPriority {
  const stage = "throttle_with_priority";
  const given = typeof timeoutMs === "object" ? timeoutMs : value === undefined ? { timeoutMs } : { timeoutMs, value };
  return given.value === undefined ? { stage, ...given } : { stage, ...given, value: plainValues(given.value) };
}

/**
 * As `throttle`, and what is one of the values at the channel's resolution passes at any time and starts
 * the stretch anew. A missing reading is a sample; NaN among the values gives it priority.
 */
export const throttleWithPriorityFamily: Family<ThrottleWithPriority> = {
  name: "throttle_with_priority",
  rules: [numberRule("timeoutMs", 1, limits.periodMaxMs), optional(listedRule("value"))],
  flow: (_params, flow) => some(flow),
  build({ timeoutMs, value = "nan" }, { push, missing }, { sampleMs, resolution }) {
    const listed = listedNumber(value, resolution);
    const missingFirst = listsMissing(value);
    let lastMs = -Infinity;
    return {
      push(x) {
        const nowMs = sampleMs();
        if (nowMs - lastMs >= timeoutMs || listed(x)) {
          lastMs = nowMs;
          return push(x);
        }
      },
      missing() {
        const nowMs = sampleMs();
        if (missingFirst || nowMs - lastMs >= timeoutMs) {
          lastMs = nowMs;
          return missing();
        }
      },
    };
  },
};
