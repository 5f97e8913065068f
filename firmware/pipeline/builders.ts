/** One function a stage, for apps: they return the plain data of stage.ts, unchecked; `compile` checks it. */
import type { Clamp, Delta, ExponentialMovingAverage, Median, Multiply, Offset, Summary, Throttle, Window, WindowResult } from "./stage.js";

/** Adds `value`, in the channel's unit: for calibration. */
export function offset(value: number): Offset {
  return { stage: "offset", value };
}

/** Multiplies by `value`: for calibration, or another unit. */
export function multiply(value: number): Multiply {
  return { stage: "multiply", value };
}

/** Holds samples in [min, max], of which one may be missing; with `ignore`, drops those outside. */
export function clamp(bounds: { min?: number; max?: number; ignore?: boolean }): Clamp {
  return { stage: "clamp", ...bounds };
}

/** The median of the last `window` samples, an odd number 3 … 101: takes spikes out. */
export function median(window: number): Median {
  return { stage: "median", window };
}

/** Smooths: y = alpha × x + (1 − alpha) × y, 0 < alpha ≤ 1. */
export function exponential_moving_average(alpha: number): ExponentialMovingAverage {
  return { stage: "exponential_moving_average", alpha };
}

/** Passes what differs from the last passed by more than `by` (> 0), in the channel's unit. */
export function delta(by: number): Delta {
  return { stage: "delta", by };
}

/** Passes at most one sample in `everyMs`, 1 … 86,400,000 ms. */
export function throttle(everyMs: number): Throttle {
  return { stage: "throttle", everyMs };
}

/** One result for each `samples` samples, 1 … 1,000,000. */
export function window(samples: number, result: WindowResult): Window {
  return { stage: "window", samples, result };
}

/** Passes samples on, and reports min, max, mean, std and count of each `samples` (1 … 1,000,000) beside them. */
export function summary(samples: number): Summary {
  return { stage: "summary", samples };
}
