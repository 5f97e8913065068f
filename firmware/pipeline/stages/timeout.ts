/** `timeout`: tells when samples cease to come. */
import { limits } from "../../limits.js";
import { type Family, numberRule, optional, within } from "../family.js";
import { some } from "../flow.js";
import { deadline } from "./deadline.js";

export interface Timeout {
  readonly stage: "timeout";
  readonly timeoutMs: number;
  /** What to give out: a number, or "last" for the latest again. Without it, a missing reading. */
  readonly value?: number | "last";
}

/** When no sample has come for `timeoutMs`, 1 … 86,400,000 ms, gives out `value` once: a number, "last", or NaN, the default. */
export function timeout(timeoutMs: number, value?: number | "last"): Timeout {
  return value === undefined || Number.isNaN(value) ? { stage: "timeout", timeoutMs } : { stage: "timeout", timeoutMs, value };
}

/**
 * Passes all that comes, and `timeoutMs` after the latest gives out `value`, once, until something comes again;
 * nothing before the first. ESPHome's `timeout`. A missing reading is something that came: a sensor that fails
 * says so itself. What comes just when the time is up comes after. Without `value`, the reason told is "absent".
 */
export const timeoutFamily: Family<Timeout> = {
  name: "timeout",
  rules: [
    numberRule("timeoutMs", 1, limits.periodMaxMs),
    optional({
      key: "value",
      need: `a number from ${-limits.valueMax} to ${limits.valueMax}, or "last"; without it, the value is missing`,
      holds: (value) => value === "last" || within(value, -limits.valueMax, limits.valueMax),
    }),
  ],
  flow: ({ timeoutMs }, flow) => (flow.regular && timeoutMs > flow.periodMs ? flow : some(flow)),
  build({ timeoutMs, value }, { push, missing }, site) {
    const repeat = value === "last";
    let given = typeof value === "number" ? value : 0;
    let absent = value === undefined;
    const putOff = deadline(timeoutMs, () => (absent ? missing() : push(given)), site);
    return {
      push(x) {
        if (repeat) {
          given = x;
          absent = false;
        }
        putOff();
        return push(x);
      },
      missing() {
        if (repeat) absent = true;
        putOff();
        return missing();
      },
    };
  },
};
