/**
 * `offset` and `multiply`: calibration of one sample at a time, ESPHome's filters of the same names.
 * They are the only stages that can leave the range of numbers; what does so is dropped and counted,
 * so no stage after them is ever poisoned by an infinity.
 */
import { limits } from "../../limits.js";
import { type Family, numberRule } from "../family.js";
import type { Multiply, Offset } from "../stage.js";

const rules = [numberRule("value", -limits.valueMax, limits.valueMax)];

/** x + value. */
export const offset: Family<Offset> = {
  name: "offset",
  rules,
  build({ value }, next, _context, sink) {
    const max = limits.valueMax;
    return (x) => {
      x += value;
      if (x <= max && x >= -max) return next(x);
      sink.dropped?.();
    };
  },
};

/** x × value. */
export const multiply: Family<Multiply> = {
  name: "multiply",
  rules,
  build({ value }, next, _context, sink) {
    const max = limits.valueMax;
    return (x) => {
      x *= value;
      if (x <= max && x >= -max) return next(x);
      sink.dropped?.();
    };
  },
};
