/**
 * A median of 5 and the exponential moving average behind it in one closure: the pair that most
 * analog channels declare, and on XS a call costs as much as the average itself. The results are those
 * of the two stages, bit for bit; a test holds it to that.
 */
import type { Push, Way } from "../push.js";
import type { Stage } from "../stage.js";
import { alphaOfEach } from "./exponential-moving-average.js";

/** The closure for `stage` and the one after it, or undefined when they are no such pair, or one's state is kept. */
export function smoothing(stage: Stage, after: Stage, next: Way): Way | undefined {
  if (stage.stage !== "median" || stage.window !== 5 || after.stage !== "exponential_moving_average") return undefined;
  if (stage.restore || after.restore) return undefined;
  const alpha = alphaOfEach(after);
  return alpha === undefined ? undefined : { push: fused(alpha, next.push), missing: next.missing };
}

/** See median.ts for the pairs, exponential-moving-average.ts for the order of operations. */
function fused(alpha: number, next: Push): Push {
  const rest = 1 - alpha;
  let y = 0;
  let before = 0;
  let low1 = 0;
  let high1 = 0;
  let low2 = 0;
  let high2 = 0;
  let low3 = 0;
  let high3 = 0;
  let started = false;
  return (x) => {
    if (started) {
      const a = low1 > low3 ? low1 : low3;
      const b = high1 < high3 ? high1 : high3;
      low1 = low2;
      high1 = high2;
      low2 = low3;
      high2 = high3;
      if (x < before) {
        low3 = x;
        high3 = before;
      } else {
        low3 = before;
        high3 = x;
      }
      before = x;
      return next((y = alpha * (a < b ? (x < a ? a : x > b ? b : x) : x < b ? b : x > a ? a : x) + rest * y));
    }
    started = true;
    y = before = low1 = high1 = low2 = high2 = low3 = high3 = x;
    return next(x);
  };
}
