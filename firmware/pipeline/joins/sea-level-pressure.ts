/** `sea_level_pressure`: the pressure that a barometer would show at the foot of the hill, which is what weather maps show. */
import { pow } from "../../base/math.js";
import { numberRule, within } from "../family.js";
import type { Join, JoinFamily } from "../join.js";

/** Pressure at sea level, hPa, from channels in hPa (300 … 1200) and °C outdoors (−60 … 60), at `altitudeM` (−500 … 9000). */
export function sea_level_pressure(pressure: string, temperature: string, altitudeM: number): Join {
  return { join: "sea_level_pressure", of: [pressure, temperature], altitudeM };
}

/** How temperature falls with height, K/m, and g₀ M ÷ (R × that): U.S. Standard Atmosphere 1976. */
const LAPSE = 0.0065;
const EXPONENT = 9.80665 * (0.0289644 / (8.31432 * LAPSE));

/**
 * The barometric formula of the U.S. Standard Atmosphere (1976, equation 33a), from the station's own temperature
 * down: p × (1 + lapse × altitude ÷ T)^5.2559, T in K at the station.
 */
export const seaLevelPressure: JoinFamily = {
  name: "sea_level_pressure",
  inputs: "pressure in hPa, temperature in °C",
  units: ["hPa", "°C"],
  unit: "hPa",
  count: [2, 2],
  rules: [numberRule("altitudeM", -500, 9000)],
  build(params) {
    const riseK = LAPSE * (params["altitudeM"] as number);
    return (values) => {
      const pressureHpa = values[0]!;
      const temperatureC = values[1]!;
      if (!within(pressureHpa, 300, 1200) || !within(temperatureC, -60, 60)) return NaN;
      return pressureHpa * pow(1 + riseK / (temperatureC + 273.15), EXPONENT);
    };
  },
};
