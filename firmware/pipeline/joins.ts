/** Every join there is, and what apps call for it. */
import { limits } from "../limits.js";
import type { Join, JoinFamily } from "./join.js";

/** The mean of 2 … 8 channels. */
export function mean_of(...of: readonly string[]): Join {
  return { join: "mean_of", of };
}

/** The first channel less the second. */
export function difference_of(first: string, second: string): Join {
  return { join: "difference_of", of: [first, second] };
}

const meanOf: JoinFamily = {
  name: "mean_of",
  inputs: "any of one unit",
  count: [2, limits.joinedChannelsMax],
  rules: [],
  build() {
    return (values) => {
      let sum = 0;
      for (let i = 0; i < values.length; i++) sum += values[i]!;
      return sum / values.length;
    };
  },
};

const differenceOf: JoinFamily = {
  name: "difference_of",
  inputs: "two of one unit",
  count: [2, 2],
  rules: [],
  build: () => (values) => values[0]! - values[1]!,
};

export const joinFamilies: readonly JoinFamily[] = [meanOf, differenceOf];
