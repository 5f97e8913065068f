/**
 * `low_pass`, `high_pass`, `band_pass`, `notch`: filters of second order, designed from a frequency and a
 * Q when the channel is compiled, because only then its sampling rate is known. They work on what a
 * sample differs by from the first one, so they start settled, and a constant stays exact.
 */
import { cos, sin } from "../../base/math.js";
import { limits } from "../../limits.js";
import { aboveRule, type Family, numberRule, optional } from "../family.js";
import { type Flow, later } from "../flow.js";
import type { Way } from "../push.js";

interface Design {
  /** Hz. */
  readonly hz: number;
  readonly q?: number;
}
export type LowPass = Design & { readonly stage: "low_pass" };
export type HighPass = Design & { readonly stage: "high_pass" };
export type BandPass = Design & { readonly stage: "band_pass" };
export type Notch = Design & { readonly stage: "notch" };

/** Keeps what is slower than `hz` (−3 dB there at the default `q` of 1/√2; 0.1 … 100). */
export function low_pass(hz: number, q?: number): LowPass {
  return q === undefined ? { stage: "low_pass", hz } : { stage: "low_pass", hz, q };
}

/** Keeps what is faster than `hz` (−3 dB there at the default `q` of 1/√2; 0.1 … 100): results swing around 0. */
export function high_pass(hz: number, q?: number): HighPass {
  return q === undefined ? { stage: "high_pass", hz } : { stage: "high_pass", hz, q };
}

/** Keeps a band of the width `hz` ÷ `q` around `hz` (0 dB there; default `q` 1, 0.1 … 100): results swing around 0. */
export function band_pass(hz: number, q?: number): BandPass {
  return q === undefined ? { stage: "band_pass", hz } : { stage: "band_pass", hz, q };
}

/** Takes a band of the width `hz` ÷ `q` around `hz` out (default `q` 1, 0.1 … 100). */
export function notch(hz: number, q?: number): Notch {
  return q === undefined ? { stage: "notch", hz } : { stage: "notch", hz, q };
}

interface Response {
  readonly q: number;
  /** Gain of what does not change: 0 or 1. */
  readonly still: number;
  /** Numerator, times 1 + alpha: `s` is sin²(ω/2), `c` cos²(ω/2), `cosine` cos ω. */
  numerator(alpha: number, s: number, c: number, cosine: number): [b0: number, b1: number, b2: number];
  /** How late a change shows that it keeps, in periods. */
  delay(q: number, angle: number): number;
}

/** Group delay at frequency 0 of the two that keep what is slow: 1 ÷ (2 q tan(ω/2)). */
const slowDelay = (q: number, angle: number): number => cos(angle / 2) / (2 * q * sin(angle / 2));

const lowPass: Response = { q: Math.SQRT1_2, still: 1, numerator: (_alpha, s) => [s, 2 * s, s], delay: slowDelay };
const highPass: Response = { q: Math.SQRT1_2, still: 0, numerator: (_alpha, _s, c) => [c, -2 * c, c], delay: () => 0 };
const bandPass: Response = { q: 1, still: 0, numerator: (alpha) => [alpha, 0, -alpha], delay: (q, angle) => (2 * q) / sin(angle) };
const bandStop: Response = { q: 1, still: 1, numerator: (_alpha, _s, _c, cosine) => [1, -2 * cosine, 1], delay: slowDelay };

/** Of the sampling rate: below the least, rounding would show in the gain; at half of it, filters stop being stable. */
const leastOfRate = 1e-5;
const greatestOfRate = 0.499;

/**
 * R. Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients" (W3C Note, 2021), in
 * transposed direct form II. Settled from the first sample on, as if it had always been there. A missing
 * reading passes as missing, and inside the last sample stands in for it, so the filter keeps time; when
 * that has been so for a period of `hz`, it begins anew with the next sample. A result that overflows goes on as missing.
 */
function family<S extends Design & { readonly stage: string }>(name: S["stage"], response: Response): Family<S> {
  return {
    name,
    rules: [aboveRule("hz", 0, 1_000_000), optional(numberRule("q", 0.1, 100))],
    flow({ hz, q = response.q }, flow) {
      const { periodMs, regular } = flow;
      if (!regular) return "needs samples on a grid: put it before delta, or and others that pass only some of them";
      const cycles = (hz * periodMs) / 1000;
      if (!(cycles >= leastOfRate && cycles <= greatestOfRate)) return `hz must be ${range(periodMs)}, not ${hz}`;
      return later(flow, periodMs * response.delay(q, angleOf(hz, periodMs)));
    },
    build: ({ hz, q = response.q }, next, { flow }) => biquad(hz, q, response, flow, next),
  };
}

function range(periodMs: number): string {
  const least = rounded((1000 * leastOfRate) / periodMs);
  const greatest = rounded((1000 * greatestOfRate) / periodMs);
  return `from ${least} to ${greatest} Hz, just below half of the sampling rate (${rounded(500 / periodMs)} Hz)`;
}

/** To six digits, for a message. */
function rounded(hz: number): number {
  let scale = 1;
  while (hz * scale < 1e5) scale *= 10;
  return Math.floor(hz * scale + 0.5) / scale;
}

/** Of `hz` in one period, radians. */
function angleOf(hz: number, periodMs: number): number {
  return (2 * Math.PI * hz * periodMs) / 1000;
}

function biquad(hz: number, q: number, response: Response, { periodMs }: Flow, { push, missing }: Way): Way {
  const angle = angleOf(hz, periodMs);
  const halfSine = sin(angle / 2);
  const halfCosine = cos(angle / 2);
  const alpha = sin(angle) / (2 * q);
  const a0 = 1 + alpha;
  const [n0, n1, n2] = response.numerator(alpha, halfSine * halfSine, halfCosine * halfCosine, cos(angle));
  const b0 = n0 / a0;
  const b1 = n1 / a0;
  const b2 = n2 / a0;
  const a1 = (-2 * cos(angle)) / a0;
  const a2 = (1 - alpha) / a0;
  const { still } = response;
  const valueMax = limits.valueMax;
  const gapMax = Math.ceil(1000 / (hz * periodMs));
  let origin = 0;
  let base = 0;
  let last = 0;
  let s1 = 0;
  let s2 = 0;
  // Missing readings since the last sample; more than a period of hz is as good as none so far.
  let gap = gapMax;
  return {
    push(x) {
      if (gap > 0) {
        if (gap >= gapMax) {
          origin = x;
          base = still * x;
          s1 = s2 = 0;
        }
        gap = 0;
      }
      last = x -= origin;
      const y = b0 * x + s1;
      s1 = b1 * x - a1 * y + s2;
      s2 = b2 * x - a2 * y;
      x = base + y;
      if (x >= -valueMax && x <= valueMax) return push(x);
      return missing();
    },
    missing() {
      if (gap < gapMax) {
        gap++;
        const y = b0 * last + s1;
        s1 = b1 * last - a1 * y + s2;
        s2 = b2 * last - a2 * y;
      }
      return missing();
    },
  };
}

export const lowPassFamily: Family<LowPass> = family("low_pass", lowPass);
export const highPassFamily: Family<HighPass> = family("high_pass", highPass);
export const bandPassFamily: Family<BandPass> = family("band_pass", bandPass);
export const notchFamily: Family<Notch> = family("notch", bandStop);
