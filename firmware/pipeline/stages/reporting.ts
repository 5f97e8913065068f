/**
 * A summary and the deadband behind it in one closure: how most channels that report end, and on XS a call
 * costs as much as the deadband itself. The results are those of the two stages, bit for bit; a test
 * holds it to that.
 */
import type { Sink, Way } from "../push.js";
import type { Stage } from "../stage.js";

/** The way through `stage` and the one after it, or undefined when they are no such pair. */
export function reporting(stage: Stage, after: Stage, next: Way, tell: Sink["summary"]): Way | undefined {
  if (stage.stage !== "summary" || after.stage !== "delta") return undefined;
  const { by = 0, min_value = by, max_value, baseline } = after;
  if (typeof min_value !== "number" || max_value !== undefined || baseline !== undefined) return undefined;
  return fused(stage.samples, min_value, tell, next);
}

/** See summary.ts for the statistics, delta.ts for the deadband. */
function fused(samples: number, by: number, tell: Sink["summary"], { push, missing }: Way): Way {
  let left = samples;
  let min = Infinity;
  let max = -Infinity;
  let origin = 0;
  let sum = 0;
  let squares = 0;
  let last = Infinity;
  const report = () => {
    const mean = sum / samples;
    const variance = squares / samples - mean * mean;
    tell(min, max, origin + mean, Math.sqrt(variance > 0 ? variance : 0), samples);
    left = samples;
    min = Infinity;
    max = -Infinity;
    sum = squares = 0;
  };
  return {
    push(x) {
      if (x < min) {
        min = x;
        if (x > max) max = origin = x;
      } else if (x > max) max = x;
      const distance = x - origin;
      sum += distance;
      squares += distance * distance;
      if (--left === 0) report();
      if ((x > last ? x - last : last - x) > by) {
        last = x;
        return push(x);
      }
    },
    missing() {
      if (last === Infinity) return;
      last = Infinity;
      return missing();
    },
  };
}
