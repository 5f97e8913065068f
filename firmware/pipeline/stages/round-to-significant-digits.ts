/** `round_to_significant_digits`: ESPHome's filter of the same name. */
import { limits } from "../../limits.js";
import { nearestWhole, powerOfTen } from "../decimal.js";
import { type Family, wholeRule } from "../family.js";

export interface RoundToSignificantDigits {
  readonly stage: "round_to_significant_digits";
  readonly digits: number;
}

/** Rounds to so many significant digits, 1 … 14: 157079 to 2 is 160000. */
export function round_to_significant_digits(digits: number | Omit<RoundToSignificantDigits, "stage">): RoundToSignificantDigits {
  return typeof digits === "object"
    ? { stage: "round_to_significant_digits", ...digits }
    : { stage: "round_to_significant_digits", digits };
}

/** Smaller ones stay as they are: powers of ten below it are no longer exact enough, and nothing is measured there. */
const least = 1e-99;

/** Halves go away from zero. 0 stays 0, never −0. A missing reading goes on; so does an overflow, as missing. */
export const roundToSignificantDigitsFamily: Family<RoundToSignificantDigits> = {
  name: "round_to_significant_digits",
  rules: [wholeRule("digits", 1, 14)],
  build({ digits }, { push, missing }) {
    const max = limits.valueMax;
    // The decade of the sample before, which is most often the next one's too: low ≤ |x| < high.
    let exponent = 0;
    let low = 1;
    let high = 10;
    let places = digits - 1;
    let power = powerOfTen(places);
    const move = (size: number): void => {
      while (size >= high) high = ten(++exponent + 1);
      while (size < (low = ten(exponent))) exponent--;
      high = ten(exponent + 1);
      places = digits - 1 - exponent;
      power = powerOfTen(places < 0 ? -places : places);
    };
    return {
      push(x) {
        const size = x < 0 ? -x : x;
        if (size < least) return push(x + 0);
        if (size < low || size >= high) move(size);
        x = places < 0 ? nearestWhole(x / power) * power : nearestWhole(x * power) / power;
        if (x <= max && x >= -max) return push(x);
        return missing();
      },
      missing,
    };
  },
};

function ten(exponent: number): number {
  return exponent < 0 ? 1 / powerOfTen(-exponent) : powerOfTen(exponent);
}
