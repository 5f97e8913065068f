/**
 * What `band_energy` and `dominant_frequency` have in common: blocks that become spectra (../fourier.ts),
 * of which a band of frequencies is looked at. The samples are held in one array, and their spectrum
 * takes their place.
 */
import { fourier, fourierHeld, fourierSizes } from "../fourier.js";
import { type WindowName } from "../fourier-window.js";
import { describe, type Params, type Rule, within } from "../family.js";
import type { Flow } from "../flow.js";
import type { Way } from "../push.js";
import { gapDoor, gridMistake } from "./block.js";

/** Above every frequency that samples a millisecond apart can have. */
const hzMax = 1000;

export const sizeRule: Rule = {
  key: "samples",
  need: `one of ${fourierSizes.join(", ")}`,
  holds: (value) => fourierSizes.includes(value as number),
};

export function hzRule(key: string): Rule {
  return { key, need: "a number from 0 to half of the samples a second, Hz", holds: (value) => within(value, 0, hzMax) };
}

export function bandClash({ fromHz, toHz }: Params): string | undefined {
  if (fromHz === undefined || toHz === undefined || (fromHz as number) < (toHz as number)) return undefined;
  return `toHz must be above fromHz, which is ${describe(fromHz)}, not ${describe(toHz)}`;
}

/** A number as a person would write it: six significant digits. */
function hz(x: number): string {
  const digits = x >= 100 ? 3 : x >= 1 ? 5 : 7;
  return String(Number(x.toFixed(digits)));
}

/** What is wrong with a band in samples of this flow. Without bounds it reaches from 0 to the greatest there is. */
export function bandMistake(flow: Flow, samples: number, fromHz: number | undefined, toHz: number | undefined): string | undefined {
  const mistake = gridMistake(flow);
  if (mistake !== undefined) return mistake;
  const most = 500 / flow.periodMs;
  const spacing = 1000 / (flow.periodMs * samples);
  const bound = `${hz(most)} (half of the ${hz(2 * most)} samples a second that arrive)`;
  if (fromHz !== undefined && !(fromHz < most)) return `fromHz must be below ${bound}, not ${describe(fromHz)}`;
  if (toHz !== undefined && !(toHz <= most)) return `toHz must be at most ${bound}, not ${describe(toHz)}`;
  const { first, last } = binsOf(flow, samples, fromHz, toHz);
  if (last >= first) return undefined;
  return `no frequency of its spectrum lies from ${hz(fromHz ?? 0)} to ${hz(toHz ?? most)} Hz: of ${samples} samples they are ${hz(spacing)} Hz apart, take more samples or a wider band`;
}

/** The bins with fromHz ≤ frequency < toHz, so that bands side by side share none; the last of all belongs to a band that ends with it. */
export function binsOf(
  { periodMs }: Flow,
  samples: number,
  fromHz: number | undefined,
  toHz: number | undefined,
): { first: number; last: number } {
  const binsAHz = (periodMs * samples) / 1000;
  const half = samples / 2;
  // What divides evenly may come out a bit beside it.
  const first = Math.ceil((fromHz ?? 0) * binsAHz - 1e-9);
  const last = toHz === undefined ? half : Math.ceil(toHz * binsAHz - 1e-9) - 1;
  return { first, last: toHz !== undefined && toHz * binsAHz >= half - 1e-9 ? half : last };
}

export function spectralHeld(samples: number): number {
  return samples + fourierHeld(samples);
}

/** Calls `finish` with the spectrum of each block and the block's mean; what it returns is a result, or no number for none. */
export function spectral(
  samples: number,
  window: WindowName,
  { missing }: Way,
  finish: (values: readonly number[], mean: number) => void,
): Way {
  const { transform } = fourier(samples, window);
  const values: number[] = [];
  for (let i = 0; i < samples; i++) values.push(0);
  let count = 0;
  let fresh = false;
  const end = (): void => {
    count = 0;
    fresh = true;
    return finish(values, transform(values));
  };
  const drop = (): boolean => {
    const some = fresh || count > 0;
    count = 0;
    fresh = false;
    return some;
  };
  return {
    push(x) {
      values[count++] = x;
      if (count < samples) return;
      return end();
    },
    missing: gapDoor(samples, drop, missing),
  };
}

/** |bin k|² of a spectrum as the transform leaves it. */
export function powerOf(values: readonly number[], k: number): number {
  if (k === 0) return values[0]! * values[0]!;
  if (2 * k === values.length) return values[1]! * values[1]!;
  return values[2 * k]! * values[2 * k]! + values[2 * k + 1]! * values[2 * k + 1]!;
}
