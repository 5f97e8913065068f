/** `hysteresis`: on or off, by two thresholds, so that a sample near one of them does not switch to and fro. */
import { limits } from "../../limits.js";
import { type Family, numberRule, optional, truthRule } from "../family.js";

export interface Hysteresis {
  readonly stage: "hysteresis";
  readonly low: number;
  readonly high: number;
  /** Default: false. */
  readonly initial?: boolean;
}

/** 1 from a sample at or above `high` until one below `low`, otherwise 0; before the first of either, `initial`. In the channel's unit, low ≤ high. */
export function hysteresis(low: number, high: number, { initial }: { initial?: boolean } = {}): Hysteresis {
  return initial === undefined ? { stage: "hysteresis", low, high } : { stage: "hysteresis", low, high, initial };
}

/** As ESPHome's `analog_threshold`, which is no filter there. A missing reading passes as missing and switches nothing. */
export const hysteresisFamily: Family<Hysteresis> = {
  name: "hysteresis",
  alarm: () => true,
  rules: [
    numberRule("low", -limits.valueMax, limits.valueMax),
    numberRule("high", -limits.valueMax, limits.valueMax),
    optional(truthRule("initial")),
  ],
  clash({ low, high }) {
    return (low as number) > (high as number) ? `low must be at most ${String(high)} (high), not ${String(low)}` : undefined;
  },
  build({ low, high, initial = false }, { push, missing }) {
    let state = initial ? 1 : 0;
    return {
      push(x) {
        if (x >= high) state = 1;
        else if (x < low) state = 0;
        return push(state);
      },
      missing,
    };
  },
};
