/** `to_ntc_temperature`: a thermistor's resistance (Ω) to its temperature (°C). ESPHome's filter of the same name. */
import { limits } from "../../limits.js";
import type { Family } from "../family.js";
import { calibrationRule, coefficients, celsiusOf, type ThermistorCalibration } from "../thermistor.js";

export interface ToNtcTemperature {
  readonly stage: "to_ntc_temperature";
  readonly calibration: ThermistorCalibration;
}

/** `to_ntc_temperature(["10kOhm -> 25°C", "27.219kOhm -> 0°C", "14.674kOhm -> 15°C"])`, or a B constant or coefficients. */
export function to_ntc_temperature(calibration: ThermistorCalibration | Omit<ToNtcTemperature, "stage">): ToNtcTemperature {
  const stage = "to_ntc_temperature";
  return typeof calibration === "object" && calibration !== null && "calibration" in calibration
    ? { stage, ...calibration }
    : { stage, calibration };
}

/** A resistance below 0 gives a missing reading, a missing reading goes on. */
export const toNtcTemperatureFamily: Family<ToNtcTemperature> = {
  name: "to_ntc_temperature",
  rules: [calibrationRule],
  build({ calibration }, { push, missing }) {
    const max = limits.valueMax;
    const convert = celsiusOf(coefficients(calibration)!);
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
