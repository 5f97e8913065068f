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

/** Takes a sample; its result, or undefined when it gives none. */
export type Step = (x: number, ms: number, summarised: (result: SummaryResult) => void) => number | undefined;

export function steps(stages: readonly Stage[]): Step[] {
  return stages.map(stepOf);
}

function stepOf(stage: Stage): Step {
  switch (stage.stage) {
    case "offset":
      return (x) => x + stage.value;
    case "multiply":
      return (x) => x * stage.value;
    case "clamp": {
      const { min = -Infinity, max = Infinity, ignore = false } = stage;
      return (x) => (ignore && (x < min || x > max) ? undefined : Math.min(max, Math.max(min, x)));
    }
    case "median": {
      const last: number[] = [];
      return (x) => {
        last.push(x);
        // The window begins filled with the first sample.
        while (last.length < stage.window) last.unshift(last[0]!);
        if (last.length > stage.window) last.shift();
        return [...last].sort((a, b) => a - b)[(stage.window - 1) / 2]!;
      };
    }
    case "exponential_moving_average": {
      let y: number | undefined;
      return (x) => (y = y === undefined ? x : stage.alpha * x + (1 - stage.alpha) * y);
    }
    case "delta": {
      let passed: number | undefined;
      return (x) => {
        if (passed !== undefined && Math.abs(x - passed) <= stage.by) return undefined;
        return (passed = x);
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
    case "window": {
      const seen: number[] = [];
      return (x) => {
        seen.push(x);
        return seen.length < stage.samples ? undefined : statistics(seen.splice(0))[stage.result];
      };
    }
    case "summary": {
      const seen: number[] = [];
      return (x, _ms, summarised) => {
        seen.push(x);
        if (seen.length === stage.samples) summarised(statistics(seen.splice(0)));
        return x;
      };
    }
    default:
      throw new Error(`the oracle does not know the stage ${stage.stage}: draw none, or teach it`);
  }
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
