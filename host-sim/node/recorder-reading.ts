/**
 * What a message says about a quantity, in the unit that a recording has it in: a plain number, or JSON
 * with "value" and perhaps "unit", as Mote publishes it. Anything else is no reading, with the reason.
 */
import { failure, success, type Result } from "../../firmware/base/result.js";
import { recordable } from "../world/environment.js";

export type Column = keyof typeof recordable;

export interface Reading {
  readonly value: number;
  /** What the value was multiplied by or otherwise made from, where that was not the recording's own unit. */
  readonly from: string | undefined;
}

type Conversion = (x: number) => number;
const same: Conversion = (x) => x;

/** By the recording's quantity, and by the unit that a message may name. */
const conversions: Record<(typeof recordable)[Column], Readonly<Record<string, Conversion>>> = {
  temperatureC: temperatures(),
  outdoorC: temperatures(),
  humidityPercent: { "%": same, "%RH": same },
  pressurePa: {
    Pa: same,
    hPa: (x) => x * 100,
    mbar: (x) => x * 100,
    kPa: (x) => x * 1000,
    bar: (x) => x * 100_000,
    // NIST SP 811, appendix B.8.
    inHg: (x) => x * 3386.389,
    mmHg: (x) => x * 133.3224,
  },
  pulsesPerS: { "1/s": same, "/s": same, Hz: same },
  analogShare: { "%": (x) => x / 100 },
  accelerationMs2: { "m/s²": same, "m/s2": same, g: (x) => x * 9.80665 },
};

function temperatures(): Readonly<Record<string, Conversion>> {
  const fahrenheit: Conversion = (x) => (x - 32) / 1.8;
  return { "°C": same, C: same, "°F": fahrenheit, F: fahrenheit, K: (x) => x - 273.15 };
}

/** Air is never this thin where people measure: a smaller number without a unit is in hPa, Pa. */
const leastPa = 2000;

export function readingOf(column: Column, payload: string): Result<Reading, "reading"> {
  const found = numberIn(payload);
  if (found === undefined) return failure("reading", "no number in it");
  const { value, unit } = found;
  const quantity = recordable[column];
  if (unit === undefined) {
    return quantity === "pressurePa" && Math.abs(value) < leastPa
      ? success({ value: tidy(value * 100), from: "numbers without a unit, taken as hPa" })
      : success({ value, from: undefined });
  }
  const known = conversions[quantity];
  const convert = Object.hasOwn(known, unit) ? known[unit]! : undefined;
  if (convert === undefined)
    return failure("reading", `its unit ${JSON.stringify(unit.slice(0, 20))} is none of ${Object.keys(known).join(", ")}`);
  const converted = tidy(convert(value));
  if (!Number.isFinite(converted)) return failure("reading", `its value ${value} is beyond all bounds`);
  return success({ value: converted, from: convert === same ? undefined : unit });
}

function numberIn(payload: string): { value: number; unit: string | undefined } | undefined {
  const plain = plainNumber(payload.trim());
  if (plain !== undefined) return { value: plain, unit: undefined };
  let message: unknown;
  try {
    message = JSON.parse(payload);
  } catch {
    return undefined;
  }
  if (typeof message !== "object" || message === null) return undefined;
  const { value, unit } = message as { value?: unknown; unit?: unknown };
  const number = typeof value === "number" ? value : typeof value === "string" ? plainNumber(value) : undefined;
  if (number === undefined || !Number.isFinite(number)) return undefined;
  return { value: number, unit: typeof unit === "string" && unit !== "" ? unit : undefined };
}

function plainNumber(text: string): number | undefined {
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** Without what binary fractions leave behind. */
function tidy(x: number): number {
  return Number(x.toPrecision(12));
}
