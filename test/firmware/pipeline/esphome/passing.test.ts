/** ESPHome's filters that let some samples pass: outputs as its documentation gives them (docs/esphome.md names the release). */
import { describe, expect, test } from "vitest";
import { delta, group, multiply, offset, or, throttle, throttle_with_priority } from "../../../../firmware/pipeline/builders.js";
import type { Stage } from "../../../../firmware/pipeline/stage.js";
import { through } from "../channel.js";
import { none, outputs } from "./results.js";

type Row = readonly [stage: Stage, inputs: readonly number[], outputs: readonly (number | undefined)[]];

test.each<Row>([
  // More than the difference: exactly as much does not pass.
  [delta(2), [10, 12, 12.5, 11, 10.5, 10.4], [10, none, 12.5, none, none, 10.4]],
  [delta({ min_value: 2 }), [10, 12, 12.5], [10, none, 12.5]],
  // NaN passes once, the value behind it whatever it is; before any value, none.
  [delta(2), [NaN, NaN, 10, NaN, NaN, 10.5, 11], [none, none, 10, NaN, none, 10.5, none]],
  // 0 keeps duplicates back.
  [delta(0), [1, 1, 1.1, NaN, 1.1, 1.1, 0, 0], [1, none, 1.1, NaN, 1.1, none, 0, none]],
  // Of the magnitude of the last passed.
  [delta("10%"), [100, 110, 110.5, 120, 122, 109, NaN, 108], [100, none, 110.5, none, 122, 109, NaN, 108]],
  [delta("10%"), [-100, -95, -111, -99], [-100, none, -111, -99]],
  [delta({ min_value: "5%" }), [0, 0, 0.001, 0.001], [0, none, 0.001, none]],
  // Nothing beyond max_value, which may be reached.
  [delta({ max_value: 5 }), [10, 10, 14, 30, 19, 24.5, 13], [10, none, 14, none, 19, none, none]],
  [delta({ min_value: 1, max_value: "50%" }), [10, 10.5, 12, 30, 18, 27.1], [10, none, 12, none, 18, none]],
  [delta({ max_value: 5 }), [10, 30, NaN, 30, 31], [10, none, NaN, 30, 31]],
  // From a fixed baseline: the first passes as ever.
  [delta({ min_value: 1, baseline: 20 }), [5, 20.5, 22, 22, 19.5, 18, NaN, 20], [5, none, 22, 22, none, 18, NaN, 20]],
  [delta({ min_value: "10%", max_value: 4, baseline: -20 }), [0, -21, -22, -22.5, -24, -25], [0, none, none, -22.5, -24, none]],
])("%j makes of %j %j", (stage, inputs, expected) => {
  expect(outputs(stage, inputs)).toEqual(expected);
});

test("a delta's baseline may be a function of the last value passed; what it throws lets nothing pass", () => {
  // A sawtooth that rises by one each time: only what leaves that course passes.
  expect(outputs(delta({ min_value: 0.5, baseline: (last) => last + 1 }), [0, 1, 1.2, 2, 3])).toEqual([0, none, none, 2, none]);
  const failing = (): number => {
    throw new Error("the app's mistake");
  };
  expect(outputs(delta({ min_value: 0.5, baseline: failing }), [0, 10, NaN, 10])).toEqual([0, none, NaN, 10]);
  expect(outputs(delta({ min_value: 0.5, baseline: () => NaN }), [0, 10])).toEqual([0, none]);
});

describe("by the samples' times", () => {
  type Timed = readonly [stage: Stage, timesMs: readonly number[], inputs: readonly number[], outputs: readonly (number | undefined)[]];

  test.each<Timed>([
    [throttle(1000), [0, 999, 1000, 1500, 1999, 2000], [1, 2, 3, 4, 5, 6], [1, none, 3, none, none, 6]],
    // The time goes on from what passed, however long the gap.
    [throttle(1000), [100, 900, 7000, 7900, 8000], [1, 2, 3, 4, 5], [1, none, 3, none, 5]],
    // NaN is a value: it passes when its time has come and then holds others back.
    [throttle(1000), [0, 500, 1000, 1500, 2500], [NaN, 1, NaN, 2, 3], [NaN, none, NaN, none, 3]],
    [throttle_with_priority(1000), [0, 500, 600, 1500, 1600, 1700], [1, 2, NaN, 3, 4, NaN], [1, none, NaN, none, 4, NaN]],
    [throttle_with_priority(1000, 0), [0, 500, 600, 1500, 1600, 2700], [1, 0, 2, 0, NaN, NaN], [1, 0, none, 0, none, NaN]],
    [
      throttle_with_priority({ timeoutMs: 1000, value: [NaN, 0] }),
      [0, 100, 200, 300, 1199, 1200],
      [1, 0, NaN, 2, 3, 4],
      [1, 0, NaN, none, none, 4],
    ],
    // Compared at the channel's resolution, here 0.1.
    [throttle_with_priority(1000, 5), [0, 100, 200, 300], [1, 5.04, 5.06, 4.96], [1, 5.04, none, 4.96]],
  ])("%j at %j makes of %j %j", (stage, timesMs, inputs, expected) => {
    expect(outputs(stage, inputs, { timesMs, resolution: 0.1 })).toEqual(expected);
  });
});

describe("or", () => {
  test("gives the first result, once a sample", () => {
    const stage = or(delta(10), throttle(3000));
    //              s:  0   1   2   3   4   5   6   7
    expect(outputs(stage, [20, 21, 31, 31, 32, 33, 34, 99])).toEqual([20, none, 31, 31, none, none, 34, 99]);
    expect(through([or(multiply(2), offset(1))], [5, 7]).values).toEqual([10, 14]);
  });

  test("offers a missing reading to each, and gives it once", () => {
    const stage = or(delta(10), throttle(3000));
    expect(outputs(stage, [20, NaN, NaN, NaN, 20, 21])).toEqual([20, NaN, none, NaN, 20, none]);
    expect(through([or(offset(1), offset(2))], [NaN])).toMatchObject({ values: [], missing: 1 });
  });

  test("takes a chain as one of its filters", () => {
    expect(outputs(or(delta(10), group(throttle(3000), multiply(0))), [20, 21, 22, 23, 40])).toEqual([20, none, none, 0, 40]);
  });
});
