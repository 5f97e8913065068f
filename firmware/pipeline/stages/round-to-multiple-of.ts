/** `round_to_multiple_of`: ESPHome's filter of the same name. */
import { checkedFraction, resolutionNeed } from "../../base/quantise.js";
import { limits } from "../../limits.js";
import { wholeMax } from "../decimal.js";
import { aboveRule, type Family } from "../family.js";

export interface RoundToMultipleOf {
  readonly stage: "round_to_multiple_of";
  readonly multiple: number;
}

/** Rounds to the nearest multiple of `multiple` (> 0), in the channel's unit. */
export function round_to_multiple_of(multiple: number | Omit<RoundToMultipleOf, "stage">): RoundToMultipleOf {
  return typeof multiple === "object" ? { stage: "round_to_multiple_of", ...multiple } : { stage: "round_to_multiple_of", multiple };
}

/** Halfway goes to the even multiple, as IEEE 754's remainder has it; never gives −0. A missing reading goes on; so does an overflow, as missing. */
export const roundToMultipleOfFamily: Family<RoundToMultipleOf> = {
  name: "round_to_multiple_of",
  rules: [aboveRule("multiple", 0, limits.valueMax)],
  build({ multiple }, { push, missing }) {
    const { step, scale } = resolutionNeed(multiple) === undefined ? checkedFraction(multiple) : { step: multiple, scale: 1 };
    const max = wholeMax;
    const valueMax = limits.valueMax;
    return {
      push(x) {
        const ratio = (x * scale) / step;
        if (ratio < max && ratio > -max) {
          let whole = Math.floor(ratio + 0.5);
          if (whole - ratio === 0.5 && whole % 2 !== 0) whole--;
          x = (whole * step) / scale;
        }
        if (x <= valueMax && x >= -valueMax) return push(x);
        return missing();
      },
      missing,
    };
  },
};
