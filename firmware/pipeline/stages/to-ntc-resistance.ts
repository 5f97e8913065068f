/** `to_ntc_resistance`: a temperature (°C) to the resistance of a thermistor (Ω). ESPHome's filter of the same name. */
import { limits } from "../../limits.js";
import type { Family } from "../family.js";
import { calibrationRule, coefficients, ohmsOf, type ThermistorCalibration } from "../thermistor.js";

export interface ToNtcResistance {
  readonly stage: "to_ntc_resistance";
  readonly calibration: ThermistorCalibration;
}

/** `to_ntc_resistance(["10kOhm -> 25°C", "27.219kOhm -> 0°C", "14.674kOhm -> 15°C"])`, or a B constant or coefficients. */
export function to_ntc_resistance(calibration: ThermistorCalibration | Omit<ToNtcResistance, "stage">): ToNtcResistance {
  const stage = "to_ntc_resistance";
  return typeof calibration === "object" && calibration !== null && "calibration" in calibration
    ? { stage, ...calibration }
    : { stage, calibration };
}

/** A temperature to which the equation has no resistance gives a missing reading, a missing reading goes on. */
export const toNtcResistanceFamily: Family<ToNtcResistance> = {
  name: "to_ntc_resistance",
  rules: [calibrationRule],
  clash({ calibration }) {
    const { b, c } = coefficients(calibration)!;
    if (b * c >= 0) return undefined;
    return "calibration gives no thermistor's curve (b and c of its equation have different signs), measure the points again";
  },
  build({ calibration }, { push, missing }) {
    const max = limits.valueMax;
    const convert = ohmsOf(coefficients(calibration)!);
    return {
      push(x) {
        x = convert(x);
        if (x <= max && x >= -max) return push(x);
        return missing();
      },
      missing,
    };
  },
};
