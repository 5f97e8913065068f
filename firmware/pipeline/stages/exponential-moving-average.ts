/** `exponential_moving_average`: a first-order low-pass that holds one number. */
import { aboveRule, type Family } from "../family.js";
import { later } from "../flow.js";

export interface ExponentialMovingAverage {
  readonly stage: "exponential_moving_average";
  readonly alpha: number;
}

/** Smooths: y = alpha × x + (1 − alpha) × y, 0 < alpha ≤ 1. */
export function exponential_moving_average(alpha: number): ExponentialMovingAverage {
  return { stage: "exponential_moving_average", alpha };
}

/**
 * y = alpha × x + (1 − alpha) × y, in this order of operations; the first sample passes as it is.
 * ESPHome's filter of the same name with `send_every: 1`. It weighs past and present to 1, so it stays in range.
 */
export const exponentialMovingAverageFamily: Family<ExponentialMovingAverage> = {
  name: "exponential_moving_average",
  rules: [aboveRule("alpha", 0, 1)],
  flow: ({ alpha }, flow) => later(flow, (flow.periodMs * (1 - alpha)) / alpha),
  build({ alpha }, { push, missing }) {
    const rest = 1 - alpha;
    let y = 0;
    let started = false;
    return {
      push(x) {
        if (started) return push((y = alpha * x + rest * y));
        started = true;
        return push((y = x));
      },
      missing,
    };
  },
};
