/**
 * `rolling_std`: how much a quantity scatters of late. One array holds the newest samples as they came
 * and, for each older one, the mean of it and those behind it; a second the sums of their squared
 * deviations. A result joins the two parts, and nothing is ever subtracted from a sum: its error is that
 * of working out one window afresh, however long the stage has run. Each part is told from its own first
 * sample, so that a great offset takes no digits.
 */
import { limits } from "../../limits.js";
import { type Family, optional, truthRule, wholeRule } from "../family.js";
import { later } from "../flow.js";

export interface RollingStd {
  readonly stage: "rolling_std";
  /** Default: 15. */
  readonly window?: number;
  /** Whether the window outlives a restart. Default: false. */
  readonly restore?: boolean;
}

/** With each sample, the standard deviation (over n, not n − 1) of the last `window` (2 … 101), or of those that there are. */
export function rolling_std(given: number | Omit<RollingStd, "stage"> = {}): RollingStd {
  return typeof given === "number" ? { stage: "rolling_std", window: given } : { stage: "rolling_std", ...given };
}

const windowDefault = 15;
const valueMax = limits.valueMax;

/**
 * B. P. Welford's recurrence (Technometrics 4, 1962) within a part, and the pairwise formula of Chan, Golub
 * and LeVeque (1979) for both together: sums of what is never negative. The first sample gives 0. Each `window`th sample
 * costs the work of a whole window. A missing reading passes as missing and takes no place in the window.
 */
export const rollingStdFamily: Family<RollingStd> = {
  name: "rolling_std",
  rules: [optional(wholeRule("window", 2, limits.windowSamplesMax)), optional(truthRule("restore"))],
  flow: ({ window = windowDefault }, flow) => later(flow, ((window - 1) / 2) * flow.periodMs),
  held: ({ window = windowDefault }) => 2 * window,
  state: ({ window = windowDefault, restore = false }) => (restore ? 16 * window + 34 : 0),
  build({ window = windowDefault }, { push, missing }, { state }) {
    /** Before `at`: the newest samples less `origin`. From there on: means of this one and those behind it, less `olderOrigin`. */
    const kept: number[] = [];
    const olderSquares: number[] = [];
    for (let i = 0; i < window; i++) {
      kept.push(0);
      olderSquares.push(0);
    }
    let at = 0;
    let older = false;
    let origin = 0;
    let olderOrigin = 0;
    let mean = 0;
    let squares = 0;

    state?.((walk) => {
      for (let i = 0; i < window; i++) {
        kept[i] = walk.number(kept[i]!);
        olderSquares[i] = walk.size(olderSquares[i]!);
      }
      at = walk.whole(at, window);
      older = walk.truth(older);
      origin = walk.number(origin);
      olderOrigin = walk.number(olderOrigin);
      mean = walk.number(mean);
      squares = walk.size(squares);
    });

    /** All of the window becomes the older part. */
    function age(): void {
      mean = squares = 0;
      for (let i = window - 1, count = 1; i >= 0; i--, count++) {
        const x = kept[i]!;
        const distance = x - mean;
        mean += distance / count;
        squares += distance * (x - mean);
        kept[i] = mean;
        olderSquares[i] = squares;
      }
      olderOrigin = origin;
      older = true;
      at = 0;
    }

    return {
      push(x) {
        if (at === window) age();
        if (at === 0) {
          origin = x;
          mean = squares = 0;
        }
        x -= origin;
        kept[at] = x;
        at++;
        let distance = x - mean;
        mean += distance / at;
        squares += distance * (x - mean);
        if (older && at < window) {
          distance = origin - olderOrigin + mean - kept[at]!;
          x = (squares + olderSquares[at]! + distance * distance * ((at * (window - at)) / window)) / window;
        } else x = squares / at;
        x = Math.sqrt(x);
        if (x <= valueMax) return push(x);
        return missing();
      },
      missing,
    };
  },
};
