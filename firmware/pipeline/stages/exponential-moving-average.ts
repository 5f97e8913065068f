/** `exponential_moving_average`: a first-order low-pass that holds one number. */
import { aboveRule, type Family, optional } from "../family.js";
import { fewer } from "../flow.js";
import { limits } from "../../limits.js";
import type { Push, Way } from "../push.js";
import type { Site } from "../site.js";
import { sendingClash, sendingRules, type SlidingWindow } from "./sliding-window.js";

export interface ExponentialMovingAverageParameters extends Omit<SlidingWindow, "window_size"> {
  /** Above 0, at most 1; default 0.1. */
  readonly alpha?: number;
}

export interface ExponentialMovingAverage extends ExponentialMovingAverageParameters {
  readonly stage: "exponential_moving_average";
}

/**
 * Smooths: y = alpha × x + (1 − alpha) × y. `exponential_moving_average(0.1)`: one result a sample. With `{ alpha,
 * send_every, send_first_at }`: ESPHome's, with its defaults 0.1, 15 and 1.
 */
export function exponential_moving_average(given: number | ExponentialMovingAverageParameters = {}): ExponentialMovingAverage {
  const params = typeof given === "number" ? { alpha: given, send_every: 1 } : given;
  return { stage: "exponential_moving_average", ...params };
}

const alphaDefault = 0.1;
const everyDefault = 15;

/** The alpha of one that gives a result with each sample; undefined of any other. */
export function alphaOfEach({ alpha = alphaDefault, send_every = everyDefault }: ExponentialMovingAverage): number | undefined {
  return send_every === 1 ? alpha : undefined;
}

/**
 * y = alpha × x + (1 − alpha) × y, in this order of operations; y begins at the first sample. ESPHome's filter: a
 * missing reading leaves y as it is and counts towards `send_every`, and where a result would be due the result is
 * missing. It weighs past and present to 1, so it stays in range.
 */
export const exponentialMovingAverageFamily: Family<ExponentialMovingAverage> = {
  name: "exponential_moving_average",
  rules: [optional(aboveRule("alpha", 0, 1)), ...sendingRules],
  clash: (params) => sendingClash(params, everyDefault),
  flow: ({ alpha = alphaDefault, send_every = everyDefault }, flow) => fewer(flow, send_every, (1 - alpha) / alpha),
  state: ({ restore = false, send_every = everyDefault }) => (!restore ? 0 : send_every === 1 ? 9 : 13),
  build(params, next, { state }) {
    const { alpha = alphaDefault, send_every = everyDefault, send_first_at = 1 } = params;
    if (send_every === 1) return { push: each(alpha, next.push, state), missing: next.missing };
    return some(alpha, send_every, send_first_at, next, state);
  },
};

function each(alpha: number, next: Push, state: Site["state"]): Push {
  const rest = 1 - alpha;
  let y = 0;
  let started = false;
  state?.((walk) => {
    y = walk.number(y);
    started = walk.truth(started);
  });
  return (x) => {
    if (started) return next((y = alpha * x + rest * y));
    started = true;
    return next((y = x));
  };
}

function some(alpha: number, every: number, first: number, { push, missing }: Way, state: Site["state"]): Way {
  const rest = 1 - alpha;
  let y = 0;
  let started = false;
  let left = first;
  state?.((walk) => {
    y = walk.number(y);
    started = walk.truth(started);
    left = walk.whole(left, limits.reducedSamplesMax);
  });
  return {
    push(x) {
      y = started ? alpha * x + rest * y : x;
      started = true;
      if (--left > 0) return;
      left = every;
      return push(y);
    },
    missing() {
      if (--left > 0) return;
      left = every;
      return missing();
    },
  };
}
