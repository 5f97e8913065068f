/** `timeout`: tells when samples cease to come. */
import { limits } from "../../limits.js";
import { type Family, wholeRule, optional, within } from "../family.js";
import { some } from "../flow.js";
import { deadline } from "./deadline.js";

export interface Timeout {
  readonly stage: "timeout";
  readonly timeoutMs: number;
  /** What to give out: a number, "last" for the latest again, or "nan", the default, for a missing reading. */
  readonly value?: number | "last" | "nan";
}

/** When no sample has come for `timeoutMs`, 1 … 86,400,000 ms, gives out `value` once: a number, "last" for the latest again, or NaN, the default. */
export function timeout(timeoutMs: number | Omit<Timeout, "stage">, value?: number | "last" | "nan"): Timeout {
  const given = typeof timeoutMs === "object" ? timeoutMs : value === undefined ? { timeoutMs } : { timeoutMs, value };
  return { stage: "timeout", ...given, ...(Number.isNaN(given.value) ? { value: "nan" } : {}) };
}

/**
 * Passes all that comes, and `timeoutMs` after the latest gives out `value`, once, until something comes again;
 * nothing before the first. ESPHome's `timeout`. A missing reading is something that came: a sensor that fails
 * says so itself. What comes just when the time is up comes after. The reason told of a missing one is "absent".
 */
export const timeoutFamily: Family<Timeout> = {
  name: "timeout",
  rules: [
    wholeRule("timeoutMs", 1, limits.periodMaxMs),
    optional({
      key: "value",
      need: `a number from ${-limits.valueMax} to ${limits.valueMax}, "last", or "nan" for a missing reading`,
      holds: (value) => value === "last" || value === "nan" || within(value, -limits.valueMax, limits.valueMax),
    }),
  ],
  flow: ({ timeoutMs }, flow) => (flow.regular && timeoutMs > flow.periodMs ? flow : some(flow)),
  build({ timeoutMs, value = "nan" }, { push, missing }, site) {
    const repeat = value === "last";
    let given = typeof value === "number" ? value : 0;
    let absent = value === "nan";
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
