/**
 * What a channel's stages should make of its samples, written to be obviously right and nothing else: each
 * stage keeps the samples it needs in an array and computes its result afresh. Where the order of operations
 * is promised (stages of the firmware, their docstrings), it is kept, so that thresholds fall alike.
 */
import type { Stage } from "../../firmware/pipeline/stage.js";

export interface SummaryResult {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly std: number;
  readonly count: number;
}

/** Takes a sample, NaN for a missing reading; its result, NaN for a missing one, or undefined when it gives none. */
export type Step = (x: number, ms: number, summarised: (result: SummaryResult) => void) => number | undefined;

export function steps(stages: readonly Stage[]): Step[] {
  return stages.map(stepOf);
}

/** A step to which a missing reading means nothing: it goes on. */
function present(step: Step): Step {
  return (x, ms, summarised) => (Number.isNaN(x) ? x : step(x, ms, summarised));
}

function stepOf(stage: Stage): Step {
  switch (stage.stage) {
    case "offset":
      return (x) => x + stage.value;
    case "multiply":
      return (x) => x * stage.value;
    case "clamp": {
      const { min = -Infinity, max = Infinity, ignore_out_of_range = false } = stage;
      if (stage.min_value !== undefined || stage.max_value !== undefined) throw unknown("clamp with min_value or max_value");
      return (x) => (ignore_out_of_range && (x < min || x > max) ? undefined : Math.min(max, Math.max(min, x)));
    }
    case "median": {
      const { window } = stage;
      if (window === undefined) throw unknown("median without window");
      const last: number[] = [];
      return present((x) => {
        last.push(x);
        // The window begins filled with the first sample.
        while (last.length < window) last.unshift(last[0]!);
        if (last.length > window) last.shift();
        return [...last].sort((a, b) => a - b)[(window - 1) / 2]!;
      });
    }
    case "exponential_moving_average": {
      const { alpha } = stage;
      if (alpha === undefined || stage.send_every !== 1) throw unknown("exponential_moving_average that does not send each");
      let y: number | undefined;
      return present((x) => (y = y === undefined ? x : alpha * x + (1 - alpha) * y));
    }
    case "delta": {
      const { by } = stage;
      if (typeof by !== "number") throw unknown("delta without a number");
      let passed = NaN;
      return (x) => {
        // The first after the start or a missing reading passes, but of missing ones only the first behind a value.
        const news = Number.isNaN(x) || Number.isNaN(passed) ? Number.isNaN(x) !== Number.isNaN(passed) : Math.abs(x - passed) > by;
        return news ? (passed = x) : undefined;
      };
    }
    case "throttle": {
      let passedMs: number | undefined;
      return (x, ms) => {
        if (passedMs !== undefined && ms - passedMs < stage.everyMs) return undefined;
        passedMs = ms;
        return x;
      };
    }
    case "throttle_with_priority": {
      if (stage.value !== undefined) throw unknown("throttle_with_priority with values of its own");
      let passedMs: number | undefined;
      return (x, ms) => {
        if (!Number.isNaN(x) && passedMs !== undefined && ms - passedMs < stage.timeoutMs) return undefined;
        passedMs = ms;
        return x;
      };
    }
    case "window": {
      const seen: number[] = [];
      return present((x) => {
        seen.push(x);
        return seen.length < stage.samples ? undefined : statistics(seen.splice(0))[stage.result];
      });
    }
    case "summary": {
      const seen: number[] = [];
      return present((x, _ms, summarised) => {
        seen.push(x);
        if (seen.length === stage.samples) summarised(statistics(seen.splice(0)));
        return x;
      });
    }
    default:
      throw unknown(stage.stage);
  }
}

function unknown(stage: string): Error {
  return new Error(`the oracle does not know the stage ${stage}: draw none, or teach it`);
}

/** Relative to the first, as the firmware promises, for the digits of a small spread on a great value. */
function statistics(seen: readonly number[]): SummaryResult {
  const origin = seen[0]!;
  const count = seen.length;
  const distances = seen.map((x) => x - origin);
  const mean = distances.reduce((sum, distance) => sum + distance, 0) / count;
  const variance = distances.reduce((sum, distance) => sum + distance * distance, 0) / count - mean * mean;
  return { min: Math.min(...seen), max: Math.max(...seen), mean: origin + mean, std: Math.sqrt(Math.max(0, variance)), count };
}
