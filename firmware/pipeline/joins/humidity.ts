/**
 * What temperature and relative humidity say together. All of it rests on the Magnus formula over water
 * with D. Sonntag's coefficients ("Important new values of the physical constants of 1986, vapour pressure
 * formulations based on the ITS-90, and psychrometer formulae", Z. Meteorol. 40, 1990), which the
 * WMO's guide to instruments (WMO-No. 8, annex 4.B) uses from −45 to 60 °C.
 */
import { exp, ln } from "../../base/math.js";
import { within } from "../family.js";
import type { Join, JoinFamily } from "../join.js";

/**
 * The temperature at which the air's water begins to condense, °C, from channels in °C (−45 … 60) and % (above
 * 0, up to 100). Of supercooled water below 0 °C: frost comes at up to some degrees more.
 */
export function dew_point(temperature: string, humidity: string): Join {
  return { join: "dew_point", of: [temperature, humidity] };
}

/** Water in the air, g/m³, from channels in °C (−45 … 60) and % (0 … 100). */
export function absolute_humidity(temperature: string, humidity: string): Join {
  return { join: "absolute_humidity", of: [temperature, humidity] };
}

/** How much more vapour the air could take, kPa, from channels in °C (−45 … 60) and % (0 … 100): what plants feel. */
export function vapour_pressure_deficit(temperature: string, humidity: string): Join {
  return { join: "vapour_pressure_deficit", of: [temperature, humidity] };
}

const A_HPA = 6.112;
const B = 17.62;
const C_DEGREES = 243.12;
/** 1 ÷ the specific gas constant of water vapour, 461.5 J/(kg K), g K/(m³ hPa). */
const GRAMS = 100_000 / 461.5;

function saturationHpa(temperatureC: number): number {
  return A_HPA * exp((B * temperatureC) / (C_DEGREES + temperatureC));
}

function family(name: string, unit: string, compute: (temperatureC: number, humidity: number) => number): JoinFamily {
  return {
    name,
    inputs: "temperature in °C, humidity in %",
    units: ["°C", "%"],
    unit,
    count: [2, 2],
    rules: [],
    build: () => (values) => {
      const temperatureC = values[0]!;
      const humidity = values[1]!;
      return within(temperatureC, -45, 60) && within(humidity, 0, 100) ? compute(temperatureC, humidity) : NaN;
    },
  };
}

export const dewPoint = family("dew_point", "°C", (temperatureC, humidity) => {
  // Of dry air there is none: −Infinity, and from it NaN.
  const magnus = ln(humidity / 100) + (B * temperatureC) / (C_DEGREES + temperatureC);
  return (C_DEGREES * magnus) / (B - magnus);
});

export const absoluteHumidity = family(
  "absolute_humidity",
  "g/m³",
  (temperatureC, humidity) => (((GRAMS * humidity) / 100) * saturationHpa(temperatureC)) / (temperatureC + 273.15),
);

export const vapourPressureDeficit = family(
  "vapour_pressure_deficit",
  "kPa",
  // 10 hPa are 1 kPa.
  (temperatureC, humidity) => (saturationHpa(temperatureC) * (1 - humidity / 100)) / 10,
);
