/** `joined`: several channels through a function of the app's own. */
import { limits } from "../../limits.js";
import type { Join, JoinFamily } from "../join.js";

/** `joined((volts, amperes) => volts * amperes, "voltage", "current")`, of 1 … 8 channels: the only join that JSON cannot carry. */
export function joined(run: (...values: number[]) => number, ...of: readonly string[]): Join {
  return { join: "joined", of, run };
}

/** What the function throws, and a result that is no number, is out of range: a mistake in it shows in its channel and stops nothing else. */
export const joinedFamily: JoinFamily = {
  name: "joined",
  inputs: "any",
  count: [1, limits.joinedChannelsMax],
  rules: [
    {
      key: "run",
      need: "a function written in app.ts, such as (a, b) => a * b; JSON cannot carry one",
      holds: (value) => typeof value === "function",
    },
  ],
  build(params) {
    const run = params["run"] as (...values: number[]) => unknown;
    return (values) => {
      try {
        const x = run.apply(undefined, values as number[]);
        return typeof x === "number" ? x : NaN;
      } catch {
        return NaN;
      }
    };
  },
};
