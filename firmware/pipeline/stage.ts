/** The stages that a channel may declare, as plain data: what an app writes (builders.ts makes it), what JSON can carry. */
export interface Offset {
  readonly stage: "offset";
  readonly value: number;
}

export interface Multiply {
  readonly stage: "multiply";
  readonly value: number;
}

export interface Clamp {
  readonly stage: "clamp";
  readonly min?: number;
  readonly max?: number;
  readonly ignore?: boolean;
}

export interface Median {
  readonly stage: "median";
  readonly window: number;
}

export interface ExponentialMovingAverage {
  readonly stage: "exponential_moving_average";
  readonly alpha: number;
}

export interface Delta {
  readonly stage: "delta";
  readonly by: number;
}

export interface Throttle {
  readonly stage: "throttle";
  readonly everyMs: number;
}

export type WindowResult = "min" | "max" | "mean" | "std" | "count";

export interface Window {
  readonly stage: "window";
  readonly samples: number;
  readonly result: WindowResult;
}

export interface Summary {
  readonly stage: "summary";
  readonly samples: number;
}

export type Stage =
  /** x + value */
  | Offset
  /** x × value */
  | Multiply
  /** Bounds x to [min, max], of which at least one is given; with `ignore`, drops what lies outside. */
  | Clamp
  /** Median of the last `window` samples (odd, 3 … 101); the window starts filled with the first sample. */
  | Median
  /** y = alpha × x + (1 − alpha) × y; starts at the first sample. 0 < alpha ≤ 1. */
  | ExponentialMovingAverage
  /** Passes x when it differs from the last passed by more than `by` (> 0); always the first. */
  | Delta
  /** Passes x when at least `everyMs` (1 … 86,400,000) went by since the last passed; always the first. */
  | Throttle
  /** One result for each `samples` samples (1 … 1,000,000; windows do not overlap). */
  | Window
  /** Passes every x on, and reports min, max, mean, std and count of each `samples` samples beside it. At most one a channel. */
  | Summary;
