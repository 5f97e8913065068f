/** `offset` and `multiply`: calibration of one sample at a time, ESPHome's filters of the same names. */
import { limits } from "../../limits.js";
import { type Family, numberRule } from "../family.js";

export interface Offset {
  readonly stage: "offset";
  readonly value: number;
}

export interface Multiply {
  readonly stage: "multiply";
  readonly value: number;
}

/** Adds `value`, in the channel's unit: for calibration. */
export function offset(value: number): Offset {
  return { stage: "offset", value };
}

/** Multiplies by `value`: for calibration, or another unit. */
export function multiply(value: number): Multiply {
  return { stage: "multiply", value };
}

const rules = [numberRule("value", -limits.valueMax, limits.valueMax)];

/** x + value. An overflow goes on as missing. */
export const offsetFamily: Family<Offset> = {
  name: "offset",
  rules,
  build({ value }, { push, missing }) {
    const max = limits.valueMax;
    return {
      push(x) {
        x += value;
        if (x <= max && x >= -max) return push(x);
        return missing();
      },
      missing,
    };
  },
};

/** x × value. An overflow goes on as missing. */
export const multiplyFamily: Family<Multiply> = {
  name: "multiply",
  rules,
  build({ value }, { push, missing }) {
    const max = limits.valueMax;
    return {
      push(x) {
        x *= value;
        if (x <= max && x >= -max) return push(x);
        return missing();
      },
      missing,
    };
  },
};
