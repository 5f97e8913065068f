/** Values to which a stage compares samples: one or a list, NaN among them for a missing reading; JSON carries that as "nan". */
import { checkedFraction } from "../base/quantise.js";
import { limits } from "../limits.js";
import { halfBits, nearestWhole, wholeMax } from "./decimal.js";
import { type Rule, within } from "./family.js";

export type ListedValue = number | "nan";

/** One, or a list of 1 to 16. */
export type ListedValues = ListedValue | readonly ListedValue[];

const listedMax = 16;

export function listedRule(key: string): Rule {
  const holds = (value: unknown): boolean => value === "nan" || value !== value || within(value, -limits.valueMax, limits.valueMax);
  return {
    key,
    need: `a number within ±${limits.valueMax}, "nan" for a missing reading, or a list of 1 to ${listedMax} of them`,
    holds: (value) => (Array.isArray(value) ? value.length >= 1 && value.length <= listedMax && value.every(holds) : holds(value)),
  };
}

/** As JSON carries them. */
export function plainValues(values: ListedValues): ListedValues {
  if (Array.isArray(values)) return values.map((value) => (value !== value ? "nan" : value));
  return values !== values ? "nan" : values;
}

export function listsMissing(values: ListedValues): boolean {
  return ([] as unknown[]).concat(values).some((value) => value === "nan" || value !== value);
}

/** Whether a sample is one of them, both rounded to the channel's `resolution`, halves away from zero. */
export function listedNumber(values: ListedValues, resolution: number): (x: number) => boolean {
  const lows: number[] = [];
  const highs: number[] = [];
  for (const value of ([] as ListedValue[]).concat(values)) {
    if (value === "nan" || value !== value) continue;
    const [low, high] = roundedTo(value, resolution);
    lows.push(low);
    highs.push(high);
  }
  const count = lows.length;
  if (count === 1) {
    const [low] = lows as [number];
    const [high] = highs as [number];
    return (x) => x >= low && x <= high;
  }
  return (x) => {
    for (let i = 0; i < count; i++) if (x >= lows[i]! && x <= highs[i]!) return true;
    return false;
  };
}

/** Between which numbers, both allowed, all are rounded to the same multiple of `resolution` as `value` is. */
function roundedTo(value: number, resolution: number): readonly [low: number, high: number] {
  const { step, scale } = checkedFraction(resolution);
  const whole = nearestWhole((value * scale) / step);
  const size = whole < 0 ? -whole : whole;
  if (size >= wholeMax) return [value, value];
  // A half belongs to the greater number, and so does what decimal fractions have lost of one.
  const far = ((size + 0.5) * step) / scale / halfBits;
  if (size === 0) return [-far, far];
  const near = ((size - 0.5) * step) / scale / halfBits;
  return whole < 0 ? [-far, -near] : [near, far];
}
