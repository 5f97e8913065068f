/** Joins of any number of channels of one unit: their mean, sum, least and greatest; and the difference of two. */
import { limits } from "../../limits.js";
import type { Join, JoinFamily } from "../join.js";

/** The mean of 2 … 8 channels. */
export function mean_of(...of: readonly string[]): Join {
  return { join: "mean_of", of };
}

/** The sum of 2 … 8 channels. */
export function sum_of(...of: readonly string[]): Join {
  return { join: "sum_of", of };
}

/** The least of 2 … 8 channels. */
export function min_of(...of: readonly string[]): Join {
  return { join: "min_of", of };
}

/** The greatest of 2 … 8 channels. */
export function max_of(...of: readonly string[]): Join {
  return { join: "max_of", of };
}

/** The first channel less the second. */
export function difference_of(first: string, second: string): Join {
  return { join: "difference_of", of: [first, second] };
}

function family(name: string, compute: (values: readonly number[]) => number): JoinFamily {
  return { name, inputs: "any of one unit", units: "alike", count: [2, limits.joinedChannelsMax], rules: [], build: () => compute };
}

function sum(values: readonly number[]): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}

export const meanOf = family("mean_of", (values) => sum(values) / values.length);
export const sumOf = family("sum_of", sum);

export const minOf = family("min_of", (values) => {
  let least = values[0]!;
  for (let i = 1; i < values.length; i++) if (values[i]! < least) least = values[i]!;
  return least;
});

export const maxOf = family("max_of", (values) => {
  let greatest = values[0]!;
  for (let i = 1; i < values.length; i++) if (values[i]! > greatest) greatest = values[i]!;
  return greatest;
});

export const differenceOf: JoinFamily = {
  name: "difference_of",
  inputs: "two of one unit",
  units: "alike",
  count: [2, 2],
  rules: [],
  build: () => (values) => values[0]! - values[1]!,
};
