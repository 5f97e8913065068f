/** `rate_of_change`: an alarm when a quantity changes too fast. */
import { limits } from "../../limits.js";
import { type Family, numberRule, optional } from "../family.js";
import { type Direction, directionRule, sides } from "./detector.js";

export interface Rate {
  /** In the channel's unit, 0 or more, in `perMs`. */
  readonly above: number;
  /** 1 … 86,400,000 ms. Default: 1000. */
  readonly perMs?: number;
  /** Default: `either`. */
  readonly direction?: Direction;
}

export interface RateOfChange extends Rate {
  readonly stage: "rate_of_change";
}

/** 1 for a sample that differs from the one before by more than `above` in `perMs`, otherwise 0. 2 °C a minute: `{ above: 2, perMs: 60_000 }`. */
export function rate_of_change(rate: Rate): RateOfChange {
  return { stage: "rate_of_change", ...rate };
}

/**
 * By the true time between both samples. The first gives 0; one at the same time as the one before repeats
 * what that gave, and is not compared with. A missing reading passes as missing; the next sample is judged
 * by the mean rate since the last before the gap.
 */
export const rateOfChangeFamily: Family<RateOfChange> = {
  name: "rate_of_change",
  alarm: () => true,
  rules: [numberRule("above", 0, limits.valueMax), optional(numberRule("perMs", 1, limits.periodMaxMs)), directionRule],
  build({ above, perMs = 1000, direction }, { push, missing }, { sampleMs }) {
    const { rise, fall } = sides(above, direction);
    let last = 0;
    let lastMs = -1;
    let alarm = 0;
    return {
      push(x) {
        const nowMs = sampleMs();
        if (nowMs > lastMs) {
          if (lastMs >= 0) {
            const passedMs = nowMs - lastMs;
            alarm = (x > last ? (x - last) * perMs > rise * passedMs : (last - x) * perMs > fall * passedMs) ? 1 : 0;
          }
          last = x;
          lastMs = nowMs;
        }
        return push(alarm);
      },
      missing,
    };
  },
};
