/** The oracle of the stages gives what one computes by hand. */
import { expect, test } from "vitest";
import type { Stage } from "../../../firmware/pipeline/stage.js";
import { rounding } from "../../../host-sim/invariants/channel-oracle.js";
import { steps, type SummaryResult } from "../../../host-sim/invariants/stage-oracle.js";

/** Samples a second apart. */
function results(stage: Stage, ...samples: readonly number[]) {
  const summaries: SummaryResult[] = [];
  const [step] = steps([stage]);
  const given = samples.map((x, index) => step!(x, index * 1000, (summary) => summaries.push(summary)));
  return { given, summaries };
}

const none = undefined;

test.each<[Stage, readonly number[], readonly (number | undefined)[]]>([
  [{ stage: "offset", value: -1.5 }, [3], [1.5]],
  [{ stage: "multiply", value: 2 }, [3], [6]],
  [{ stage: "clamp", min: 0, max: 10 }, [-1, 5, 11], [0, 5, 10]],
  [{ stage: "clamp", max: 10, ignore_out_of_range: true }, [-1, 10, 11], [-1, 10, none]],
  [{ stage: "median", window: 3 }, [5, 1, 9, 2, 3], [5, 5, 5, 2, 3]],
  [{ stage: "median", window: 5 }, [1, 9, 9, 9, 1], [1, 1, 1, 9, 9]],
  [{ stage: "exponential_moving_average", alpha: 0.5, send_every: 1 }, [4, 8, 8], [4, 6, 7]],
  [{ stage: "delta", by: 1 }, [5, 6, 6.5, 5.5, 4], [5, none, 6.5, none, 4]],
  [{ stage: "throttle", everyMs: 2000 }, [1, 2, 3, 4], [1, none, 3, none]],
  [{ stage: "window", samples: 2, result: "max" }, [1, 5, 3, 2], [none, 5, none, 3]],
  [{ stage: "window", samples: 2, result: "min" }, [1, 5, 3, 2], [none, 1, none, 2]],
  [{ stage: "window", samples: 2, result: "mean" }, [1, 5, 3, 2], [none, 3, none, 2.5]],
  [{ stage: "window", samples: 2, result: "std" }, [1, 5, 3, 3], [none, 2, none, 0]],
  [{ stage: "window", samples: 3, result: "count" }, [1, 5, 3, 2], [none, none, 3, none]],
  [{ stage: "offset", value: 1 }, [NaN, 3], [NaN, 4]],
  [{ stage: "multiply", value: 2 }, [3, NaN], [6, NaN]],
  [{ stage: "clamp", min: 0, max: 10 }, [NaN, -1], [NaN, 0]],
  [{ stage: "clamp", max: 10, ignore_out_of_range: true }, [NaN, 11], [NaN, none]],
  [{ stage: "median", window: 3 }, [5, NaN, 1, 1], [5, NaN, 5, 1]],
  [{ stage: "exponential_moving_average", alpha: 0.5, send_every: 1 }, [4, NaN, 8], [4, NaN, 6]],
  [{ stage: "delta", by: 1 }, [NaN, 5, NaN, NaN, 5, 5.5], [none, 5, NaN, none, 5, none]],
  [{ stage: "throttle", everyMs: 2000 }, [NaN, 2, 3, NaN, NaN], [NaN, none, 3, none, NaN]],
  [{ stage: "window", samples: 2, result: "max" }, [1, NaN, 3], [none, NaN, 3]],
])("%j makes of %j %j", (stage, samples, expected) => {
  expect(results(stage, ...samples).given).toEqual(expected);
});

test("a summary passes its samples on and tells of each full window", () => {
  const { given, summaries } = results({ stage: "summary", samples: 2 }, 1, 5, 7, NaN, 7, 9);
  expect(given).toEqual([1, 5, 7, NaN, 7, 9]);
  expect(summaries).toEqual([
    { min: 1, max: 5, mean: 3, std: 2, count: 2 },
    { min: 7, max: 7, mean: 7, std: 0, count: 2 },
  ]);
});

test("a resolution rounds halves up, to clean decimals", () => {
  expect([0.05, 0.1, 5].map((resolution) => rounding(resolution)(21.47))).toEqual([21.45, 21.5, 20]);
  expect([2.5, -2.5, 1.005].map(rounding(1))).toEqual([3, -2, 1]);
});
