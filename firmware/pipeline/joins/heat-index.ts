/** `heat_index`: how warm it feels in the shade, as the US National Weather Service computes it. */
import { within } from "../family.js";
import type { Join, JoinFamily } from "../join.js";

/** The heat index, °C, from channels in °C (−40 … 50) and % (0 … 100). Below some 27 °C it is hardly more than the temperature. */
export function heat_index(temperature: string, humidity: string): Join {
  return { join: "heat_index", of: [temperature, humidity] };
}

/**
 * L. P. Rothfusz, "The Heat Index Equation", NWS Technical Attachment SR 90-23 (1990), with the adjustments and
 * the simple formula for an index below 80 °F that NOAA's Weather Prediction Center publishes ("The Heat
 * Index Equation", wpc.ncep.noaa.gov). All in °F.
 */
function heatIndexF(t: number, rh: number): number {
  const simple = 0.5 * (t + 61 + (t - 68) * 1.2 + rh * 0.094);
  if (simple < 80) return simple;
  const index =
    -42.379 +
    2.04901523 * t +
    10.14333127 * rh -
    0.22475541 * t * rh -
    0.00683783 * t * t -
    0.05481717 * rh * rh +
    0.00122874 * t * t * rh +
    0.00085282 * t * rh * rh -
    0.00000199 * t * t * rh * rh;
  if (rh < 13 && t >= 80 && t <= 112) return index - ((13 - rh) / 4) * Math.sqrt((17 - Math.abs(t - 95)) / 17);
  if (rh > 85 && t >= 80 && t <= 87) return index + ((rh - 85) / 10) * ((87 - t) / 5);
  return index;
}

export const heatIndex: JoinFamily = {
  name: "heat_index",
  inputs: "temperature in °C, humidity in %",
  units: ["°C", "%"],
  unit: "°C",
  count: [2, 2],
  rules: [],
  build: () => (values) => {
    const temperatureC = values[0]!;
    const humidity = values[1]!;
    if (!within(temperatureC, -40, 50) || !within(humidity, 0, 100)) return NaN;
    return (heatIndexF(temperatureC * 1.8 + 32, humidity) - 32) / 1.8;
  },
};
