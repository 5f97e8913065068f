/** Rounds numbers to a resolution, with the same bits on every engine, such that they print as clean decimals. */
import { invariant } from "./invariant.js";

const decimalsMax = 12;
const resolutionMax = 1e9;
/** 2^50: in units of the last decimal, what can be rounded exactly. Beyond it a double is hardly finer than such a unit. */
const unitsMax = 1125899906842624;

/** What a resolution must be, to end a sentence with; undefined when this one is right. */
export function resolutionNeed(resolution: unknown): string | undefined {
  if (typeof resolution === "number" && resolution <= resolutionMax && fraction(resolution)) return undefined;
  return `a decimal above 0, at most ${resolutionMax}, with at most ${decimalsMax} decimals, such as 0.01`;
}

/**
 * A function that rounds to multiples of `resolution` (see `resolutionNeed`), halves up as
 * `floor(x ÷ resolution + ½)`. Its results are the doubles nearest to those decimals, never −0, rounded
 * again they stay, and a greater x never gives a lesser result. What lies further from zero than 2^50
 * units of the resolution's last decimal is returned as it is, as are NaN and the infinities.
 */
export function quantiser(resolution: number): (x: number) => number {
  const { step, scale, limit } = checkedFraction(resolution);
  return (x) => {
    if (!(x <= limit && x >= -limit)) return x;
    return (Math.floor((x * scale) / step + 0.5) * step) / scale;
  };
}

/** How far from zero a number may lie to be rounded. Only rounded ones print alike on every engine. */
export function quantiserLimit(resolution: number): number {
  return checkedFraction(resolution).limit;
}

/** `resolution`, one that was checked, as step ÷ scale (see below), and what `quantiserLimit` gives. */
export function checkedFraction(resolution: number): { step: number; scale: number; limit: number } {
  const made = fraction(resolution);
  invariant(made !== undefined && resolution <= resolutionMax, "a resolution was checked before it is used");
  return { ...made, limit: (Math.floor(unitsMax / made.step) * made.step) / made.scale };
}

/**
 * `resolution` as step ÷ scale, two whole numbers and the scale a power of ten. Multiples of it then
 * come out of one exact multiplication and one division, which IEEE 754 rounds to the nearest double.
 */
function fraction(resolution: number): { step: number; scale: number } | undefined {
  let scale = 1;
  for (let decimals = 0; decimals <= decimalsMax; decimals++) {
    const step = Math.floor(resolution * scale + 0.5);
    if (step > 0 && step <= unitsMax && step / scale === resolution) return { step, scale };
    scale *= 10;
  }
  return undefined;
}
