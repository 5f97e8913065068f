/** `window`: reduces each `samples` samples to one result. Windows do not overlap, and hold no samples. */
import { limits } from "../../limits.js";
import { choiceRule, type Family, wholeRule } from "../family.js";
import { fewer } from "../flow.js";
import type { Push } from "../push.js";

const results = ["min", "max", "mean", "std", "count"] as const;

export type WindowResult = (typeof results)[number];

export interface Window {
  readonly stage: "window";
  readonly samples: number;
  readonly result: WindowResult;
}

/** One result for each `samples` samples, 1 … 1,000,000. */
export function window(samples: number, result: WindowResult): Window {
  return { stage: "window", samples, result };
}

/**
 * One result when the window is full: the least, the greatest, the mean, the standard deviation (over
 * n) or the number of its samples. ESPHome's `min`, `max` and `sliding_window_moving_average` with
 * `send_every` equal to `window_size`. Mean and std are those of `summary`, bit for bit.
 */
export const windowFamily: Family<Window> = {
  name: "window",
  rules: [wholeRule("samples", 1, limits.reducedSamplesMax), choiceRule("result", results)],
  flow: ({ samples }, flow) => fewer(flow, samples, (samples - 1) / 2),
  build: ({ samples, result }, { push, missing }) => ({ push: reduction(samples, result, push), missing }),
};

function reduction(samples: number, result: WindowResult, next: Push): Push {
  switch (result) {
    case "min":
      return least(samples, next);
    case "max":
      return greatest(samples, next);
    case "mean":
      return mean(samples, next);
    case "std":
      return deviation(samples, next);
    case "count":
      return count(samples, next);
  }
}

function least(samples: number, next: Push): Push {
  let left = samples;
  let min = Infinity;
  return (x) => {
    if (x < min) min = x;
    if (--left > 0) return;
    x = min;
    left = samples;
    min = Infinity;
    return next(x);
  };
}

function greatest(samples: number, next: Push): Push {
  let left = samples;
  let max = -Infinity;
  return (x) => {
    if (x > max) max = x;
    if (--left > 0) return;
    x = max;
    left = samples;
    max = -Infinity;
    return next(x);
  };
}

function mean(samples: number, next: Push): Push {
  let left = samples;
  let origin = 0;
  let sum = 0;
  return (x) => {
    if (left === samples) origin = x;
    sum += x - origin;
    if (--left > 0) return;
    x = origin + sum / samples;
    left = samples;
    sum = 0;
    return next(x);
  };
}

function deviation(samples: number, next: Push): Push {
  let left = samples;
  let origin = 0;
  let sum = 0;
  let squares = 0;
  return (x) => {
    if (left === samples) origin = x;
    x -= origin;
    sum += x;
    squares += x * x;
    if (--left > 0) return;
    x = sum / samples;
    x = squares / samples - x * x;
    left = samples;
    sum = squares = 0;
    return next(Math.sqrt(x > 0 ? x : 0));
  };
}

function count(samples: number, next: Push): Push {
  let left = samples;
  return () => {
    if (--left > 0) return;
    left = samples;
    return next(samples);
  };
}
