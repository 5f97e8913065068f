/** `exponential_moving_average`: a first-order low-pass that holds one number. */
import type { Family } from "../family.js";
import { within } from "../family.js";
import type { ExponentialMovingAverage } from "../stage.js";

/**
 * y = alpha × x + (1 − alpha) × y, in this order of operations; the first sample passes as it is.
 * ESPHome's filter of the same name with `send_every: 1`. It weighs past and present to 1, so it stays in range.
 */
export const exponentialMovingAverage: Family<ExponentialMovingAverage> = {
  name: "exponential_moving_average",
  rules: [{ key: "alpha", need: "a number above 0, at most 1", holds: (value) => value !== 0 && within(value, 0, 1) }],
  build({ alpha }, next) {
    const rest = 1 - alpha;
    let y = 0;
    let started = false;
    return (x) => {
      if (started) return next((y = alpha * x + rest * y));
      started = true;
      return next((y = x));
    };
  },
};
