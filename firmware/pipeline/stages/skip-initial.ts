/** `skip_initial`: drops what a sensor says while it warms up. ESPHome's filter of the same name. */
import { limits } from "../../limits.js";
import { type Family, wholeRule } from "../family.js";

export interface SkipInitial {
  readonly stage: "skip_initial";
  readonly samples: number;
}

/** Drops the first `samples` samples after each start, 1 … 1,000,000. */
export function skip_initial(samples: number): SkipInitial {
  return { stage: "skip_initial", samples };
}

/** A missing reading counts as a sample: it is dropped too, and goes on afterwards. */
export const skipInitialFamily: Family<SkipInitial> = {
  name: "skip_initial",
  rules: [wholeRule("samples", 1, limits.reducedSamplesMax)],
  build({ samples }, { push, missing }) {
    let left = samples;
    return {
      push(x) {
        if (left === 0) return push(x);
        left--;
      },
      missing() {
        if (left === 0) return missing();
        left--;
      },
    };
  },
};
