/** `lambda`: a function of the app's own as a stage. ESPHome's filter of the same name. */
import { limits } from "../../limits.js";
import type { Family } from "../family.js";
import { some } from "../flow.js";

/** Gets a sample, or NaN for a missing reading. Its result goes on; undefined drops it, NaN makes it a missing reading. */
export type LambdaFunction = (x: number) => number | undefined;

export interface Lambda {
  readonly stage: "lambda";
  readonly run: LambdaFunction;
}

/** `lambda((x) => x * 1.8 + 32)`: the only stage that JSON cannot carry. */
export function lambda(run: LambdaFunction): Lambda {
  return { stage: "lambda", run };
}

/**
 * What the function throws, and a result that is no number within ±`limits.valueMax`, goes on as a
 * missing reading: a mistake in the app shows in its channel and stops nothing else. What it drops is
 * missing to nobody, so stages behind that reckon with a grid count it as standing still.
 */
export const lambdaFamily: Family<Lambda> = {
  name: "lambda",
  rules: [
    {
      key: "run",
      need: "a function written in app.ts, such as lambda((x) => x * 1.8 + 32); JSON cannot carry one",
      holds: (value) => typeof value === "function",
    },
  ],
  // Nobody knows which samples it drops.
  flow: (_params, flow) => some(flow),
  build({ run }, { push, missing }) {
    const max = limits.valueMax;
    const give = (x: number): void => {
      let y: number | undefined;
      try {
        y = run(x);
      } catch {
        return missing();
      }
      if (typeof y === "number" && y <= max && y >= -max) return push(y);
      if (y !== undefined) return missing();
    };
    return { push: give, missing: () => give(NaN) };
  },
};
