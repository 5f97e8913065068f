/** `round`: to so many decimals, ESPHome's filter of the same name. */
import { halfBits, powerOfTen, wholeMax } from "../decimal.js";
import { type Family, wholeRule } from "../family.js";

export interface Round {
  readonly stage: "round";
  readonly accuracy_decimals: number;
}

/** Rounds to `accuracy_decimals` decimals, 0 … 15. */
export function round(accuracy_decimals: number | Omit<Round, "stage">): Round {
  return typeof accuracy_decimals === "object" ? { stage: "round", ...accuracy_decimals } : { stage: "round", accuracy_decimals };
}

/**
 * Halves go away from zero, decimal ones too of which no double is exactly one; never gives −0. What has
 * no such decimals, beyond ±2^49 units of the last, stays as it is. A missing reading goes on.
 */
export const roundFamily: Family<Round> = {
  name: "round",
  rules: [wholeRule("accuracy_decimals", 0, 15)],
  build({ accuracy_decimals }, { push, missing }) {
    const scale = powerOfTen(accuracy_decimals);
    const scaleUp = scale * halfBits;
    const max = wholeMax;
    return {
      push(x) {
        const units = x * scaleUp;
        if (units < max && units > -max) x = Math.floor(units + 0.5) / scale;
        return push(x);
      },
      missing,
    };
  },
};
