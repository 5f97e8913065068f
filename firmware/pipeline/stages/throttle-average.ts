/** `throttle_average`: the mean over a stretch of time. */
import { limits } from "../../limits.js";
import { type Family, wholeRule } from "../family.js";
import { commonMs, later } from "../flow.js";

export interface ThrottleAverage {
  readonly stage: "throttle_average";
  readonly everyMs: number;
}

/** Every `everyMs`, 1 … 86,400,000 ms, gives out the mean of the samples that came since. */
export function throttle_average(everyMs: number | Omit<ThrottleAverage, "stage">): ThrottleAverage {
  return typeof everyMs === "object" ? { stage: "throttle_average", ...everyMs } : { stage: "throttle_average", everyMs };
}

/**
 * On a grid of `everyMs` from the start, gives out the mean of the samples since the point before; ESPHome's
 * `throttle_average`. Missing readings are left out of it; when nothing but such came the result is missing, and when
 * nothing came there is none. A sample that comes together with a point belongs to the next stretch.
 */
export const throttleAverageFamily: Family<ThrottleAverage> = {
  name: "throttle_average",
  rules: [wholeRule("everyMs", 1, limits.periodMaxMs)],
  flow({ everyMs }, flow) {
    const filled = everyMs >= flow.periodMs;
    // A sample at a point waits for the next one, so it is older than half a stretch on the mean.
    return later({ ...flow, periodMs: filled ? everyMs : flow.periodMs, regular: filled }, (everyMs + commonMs(flow, everyMs)) / 2);
  },
  build({ everyMs }, { push, missing }, { after }) {
    let sum = 0;
    let count = 0;
    let missed = false;
    const end = (): void => {
      after(everyMs, end);
      const mean = sum / count;
      const none = count === 0;
      const absent = missed;
      sum = count = 0;
      missed = false;
      if (!none) return push(mean);
      if (absent) return missing();
    };
    after(everyMs, end);
    return {
      push(x) {
        sum += x;
        count++;
      },
      missing() {
        missed = true;
      },
    };
  },
};
