/**
 * What relates a thermistor's resistance to its temperature: 1 ÷ T = a + b × ln R + c × (ln R)³, T in kelvin
 * (Steinhart and Hart, Deep-Sea Research 15, 1968), and the forms in which an app or JSON may give a, b and c.
 */
import { exp, ln } from "../base/math.js";
import { numberIn } from "./datapoints.js";
import { type Rule, within } from "./family.js";

export interface Coefficients {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** Ω and °C, or the text "10kOhm -> 25°C". */
export type ThermistorPoint = readonly [ohms: number, celsius: number] | { readonly value: number; readonly temperature: number } | string;

/** Three measured points, the equation's coefficients, or the B constant of a datasheet (K) at a reference (°C, Ω). */
export type ThermistorCalibration =
  | readonly ThermistorPoint[]
  | Coefficients
  | { readonly b_constant: number; readonly reference_temperature: number; readonly reference_resistance: number };

export const kelvin = 273.15;

export const calibrationRule: Rule = {
  key: "calibration",
  need:
    'three points with different resistances and temperatures, such as ["10kOhm -> 25°C", "27.219kOhm -> 0°C", "14.674kOhm -> 15°C"] or [[10000, 25], …], ' +
    "or { b_constant: 3950, reference_temperature: 25, reference_resistance: 10000 }, or { a, b, c }",
  holds: (value) => coefficients(value) !== undefined,
};

/** Of a calibration from anywhere; undefined when it is none. */
export function coefficients(calibration: unknown): Coefficients | undefined {
  if (typeof calibration !== "object" || calibration === null) return undefined;
  if (Array.isArray(calibration)) return ofPoints(calibration);
  const given = calibration as Readonly<Record<string, unknown>>;
  const keys = Object.keys(given).sort().join(" ");
  if (keys === "a b c") {
    const { a, b, c } = given;
    if (!within(a, -1, 1) || !within(b, -1, 1) || !within(c, -1, 1) || (b === 0 && c === 0)) return undefined;
    return { a: a as number, b: b as number, c: c as number };
  }
  if (keys !== "b_constant reference_resistance reference_temperature") return undefined;
  const { b_constant, reference_temperature, reference_resistance } = given;
  if (!within(b_constant, 1, 1e6) || !isPoint(reference_resistance, reference_temperature)) return undefined;
  const b = 1 / (b_constant as number);
  return { a: 1 / ((reference_temperature as number) + kelvin) - b * ln(reference_resistance as number), b, c: 0 };
}

/** The equation through three points, solved by divided differences. */
function ofPoints(points: readonly unknown[]): Coefficients | undefined {
  if (points.length !== 3) return undefined;
  const logs: number[] = [];
  const inverses: number[] = [];
  for (const point of points) {
    const [ohms, celsius] = pair(point);
    if (!isPoint(ohms, celsius)) return undefined;
    logs.push(ln(ohms as number));
    inverses.push(1 / ((celsius as number) + kelvin));
  }
  const [l1, l2, l3] = logs as [number, number, number];
  const [y1, y2, y3] = inverses as [number, number, number];
  const rise = (y2 - y1) / (l2 - l1);
  const c = ((y3 - y1) / (l3 - l1) - rise) / (l3 - l2) / (l1 + l2 + l3);
  const b = rise - c * (l1 * l1 + l1 * l2 + l2 * l2);
  const a = y1 - (b + l1 * l1 * c) * l1;
  return within(a, -1e9, 1e9) && within(b, -1e9, 1e9) && within(c, -1e9, 1e9) && rise !== 0 ? { a, b, c } : undefined;
}

function isPoint(ohms: unknown, celsius: unknown): boolean {
  return within(ohms, 1e-3, 1e12) && within(celsius, -kelvin + 0.01, 2000);
}

function pair(point: unknown): readonly unknown[] {
  if (typeof point === "string") {
    const parts = point.split("->");
    return parts.length === 2 ? [ohmsIn(parts[0]!.trim()), celsiusIn(parts[1]!.trim())] : [];
  }
  if (Array.isArray(point)) return point.length === 2 ? point : [];
  if (typeof point !== "object" || point === null) return [];
  const { value, temperature } = point as { value?: unknown; temperature?: unknown };
  return [value, temperature];
}

const prefixes: readonly (readonly [string, number])[] = [
  ["k", 1e3],
  ["M", 1e6],
];

/** "10kOhm", "10.0 kΩ", "3000". NaN when it is none. */
function ohmsIn(text: string): number {
  for (const unit of ["Ohm", "ohm", "\u03a9", "\u2126"]) if (text.endsWith(unit)) text = text.slice(0, -unit.length);
  for (const [prefix, factor] of prefixes) if (text.endsWith(prefix)) return numberIn(text.slice(0, -1)) * factor;
  return numberIn(text);
}

/** "25°C", "77 °F", "298.15 K", "25". NaN when it is none. */
function celsiusIn(text: string): number {
  const unit = text.slice(-1);
  const bare = numberIn((unit === "C" || unit === "F" || unit === "K" ? text.slice(0, -1) : text).replace("°", ""));
  return unit === "F" ? (bare - 32) / 1.8 : unit === "K" ? bare - kelvin : bare;
}

/** °C; NaN where the equation has none. */
export function celsiusOf({ a, b, c }: Coefficients): (ohms: number) => number {
  return (ohms) => {
    const log = ln(ohms);
    return 1 / (a + b * log + c * log * log * log) - kelvin;
  };
}

/** Ω; NaN where the equation has none. For c ≠ 0, of b's sign, by Cardano's formula for the one real root. */
export function ohmsOf({ a, b, c }: Coefficients): (celsius: number) => number {
  if (c === 0) return (celsius) => exp((1 / (celsius + kelvin) - a) / b);
  const third = b / (3 * c);
  const cube = third * third * third;
  return (celsius) => {
    const y = (a - 1 / (celsius + kelvin)) / (2 * c);
    // The cube roots of √(cube + y²) ± y, whose product is `third`: the lesser out of the greater, for its digits.
    const great = exp(ln(Math.sqrt(cube + y * y) + (y < 0 ? -y : y)) / 3);
    const difference = great - third / great;
    return exp(y < 0 ? difference : -difference);
  };
}
