/** `delta`: a deadband, so that only changes that mean something go on. */
import { limits } from "../../limits.js";
import { aboveRule, type Family } from "../family.js";
import { some } from "../flow.js";

export interface Delta {
  readonly stage: "delta";
  readonly by: number;
}

/** Passes what differs from the last passed by more than `by` (> 0), in the channel's unit. */
export function delta(by: number): Delta {
  return { stage: "delta", by };
}

/**
 * Passes x when |x − the last passed| > by, and the first sample. ESPHome's `delta` with an absolute
 * value, but that passes a difference of exactly `delta` too.
 */
export const deltaFamily: Family<Delta> = {
  name: "delta",
  rules: [aboveRule("by", 0, limits.valueMax)],
  flow: (_params, flow) => some(flow),
  build({ by }, { push, missing }) {
    // Every sample is further than `by` from infinity, so the first passes without a test of its own.
    let last = Infinity;
    return {
      push(x) {
        if ((x > last ? x - last : last - x) > by) {
          last = x;
          return push(x);
        }
      },
      missing,
    };
  },
};
