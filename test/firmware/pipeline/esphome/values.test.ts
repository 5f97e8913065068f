/** ESPHome's filters that look at one sample at a time: outputs as its documentation gives them (docs/esphome.md names the release). */
import { expect, test } from "vitest";
import { clamp, filter_out, lambda, multiply, offset, skip_initial } from "../../../../firmware/pipeline/builders.js";
import type { Stage } from "../../../../firmware/pipeline/stage.js";
import { through } from "../channel.js";
import { expectAsFloats, none, outputs } from "./results.js";

type Row = readonly [stage: Stage, inputs: readonly number[], outputs: readonly (number | undefined)[]];

test.each<Row>([
  [offset(2), [1, -2, NaN, 0.5], [3, 0, NaN, 2.5]],
  [multiply(1.8), [10, -10, NaN, 0], [18, -18, NaN, 0]],
])("%j makes of %j %j", (stage, inputs, expected) => {
  expectAsFloats(outputs(stage, inputs), expected);
});

test.each<Row>([
  // Inclusive bounds; a bound that is not given does not bound.
  [clamp({ min_value: 10, max_value: 75 }), [9.9, 10, 50, 75, 75.1, -1e9], [10, 10, 50, 75, 75, 10]],
  [clamp({ min_value: 10 }), [9, 11, 1e9], [10, 11, 1e9]],
  [clamp({ max_value: 75 }), [76, 74, -1e9], [75, 74, -1e9]],
  // NaN becomes the lower bound, or the upper if there is no lower.
  [clamp({ min_value: 10, max_value: 75 }), [NaN, 20], [10, 20]],
  [clamp({ max_value: 75 }), [NaN], [75]],
  [clamp({ min_value: 0 }), [NaN], [0]],
  // Ignored is what is not within the bounds, so NaN too.
  [clamp({ min_value: 10, max_value: 75, ignore_out_of_range: true }), [9.9, 10, 75, 75.1, NaN], [none, 10, 75, none, none]],
  [clamp({ min_value: 10, ignore_out_of_range: true }), [NaN, 9, 1e9], [none, none, 1e9]],
  [clamp({ max_value: 75, ignore_out_of_range: false }), [80], [75]],
])("%j makes of %j %j", (stage, inputs, expected) => {
  expect(outputs(stage, inputs)).toEqual(expected);
});

test("Mote's own form of clamp leaves a missing reading missing, whether it bounds or drops", () => {
  expect(outputs(clamp({ min: 10, max: 75 }), [NaN, 9, 76])).toEqual([NaN, 10, 75]);
  expect(outputs(clamp({ min: 10, max: 75, ignore_out_of_range: true }), [NaN, 9, 76, 75])).toEqual([NaN, none, none, 75]);
});

test.each<readonly [...Row, resolution: number]>([
  [filter_out(85), [84.99, 85, 85.004, 85.006, NaN], [84.99, none, none, 85.006, NaN], 0.01],
  [filter_out(0), [0.4, 0.5, -0.4, -0.5, NaN], [none, 0.5, none, -0.5, NaN], 1],
  [filter_out(NaN), [1, NaN, 0], [1, none, 0], 0.1],
  [filter_out([0, 85, NaN]), [0, 85, NaN, 84.9, 0.04], [none, none, none, 84.9, none], 0.1],
  [filter_out(0, 85, "nan"), [0, 85, NaN, 84.9], [none, none, none, 84.9], 0.1],
  // No decimals: 19.6 and 20.4 are 20.
  [filter_out(20), [19.4, 19.6, 20.4, 20.5], [19.4, none, none, 20.5], 1],
  [filter_out(-5), [-4.4, -4.5, -5.4, -5.5, 5], [-4.4, none, none, -5.5, 5], 1],
  [filter_out(-127, 2), [-127.04, -126.94, 2.04, 2.05], [none, -126.94, none, 2.05], 0.1],
  [filter_out(1e100), [1e100, 1e99], [none, 1e99], 1],
  // A resolution that is no power of ten: rounded to it.
  [filter_out(0.5), [0.24, 0.25, 0.74, 0.75], [0.24, none, none, 0.75], 0.5],
])("%j makes of %j %j at resolution %d", (stage, inputs, expected, resolution) => {
  expect(outputs(stage, inputs, { resolution })).toEqual(expected);
});

test("filter_out in JSON writes NaN as a text", () => {
  expect(JSON.parse(JSON.stringify(filter_out(NaN)))).toEqual({ stage: "filter_out", value: "nan" });
  expect(JSON.parse(JSON.stringify(filter_out([0, NaN])))).toEqual({ stage: "filter_out", value: [0, "nan"] });
  expect(outputs({ stage: "filter_out", value: [5, "nan"] }, [5, NaN, 6])).toEqual([none, none, 6]);
  expect(outputs({ stage: "filter_out", value: NaN }, [5, NaN])).toEqual([5, none]);
});

test.each<Row>([
  [skip_initial(3), [1, 2, 3, 4, 5], [none, none, none, 4, 5]],
  // NaN is a reading like any other.
  [skip_initial(2), [NaN, 2, NaN, 4, NaN], [none, none, NaN, 4, NaN]],
])("%j makes of %j %j", (stage, inputs, expected) => {
  expect(outputs(stage, inputs)).toEqual(expected);
});

test("a lambda's result goes on, undefined drops the sample, NaN makes it missing", () => {
  expectAsFloats(
    outputs(
      lambda((x) => x * (9 / 5) + 32),
      [0, 100, NaN, -40],
    ),
    [32, 212, NaN, -40],
  );
  expect(
    outputs(
      lambda((x) => (x < 10 ? undefined : x - 10)),
      [9, 10, 25, NaN],
    ),
  ).toEqual([none, 0, 15, NaN]);
  expect(
    outputs(
      lambda((x) => (x > 50 ? NaN : x)),
      [20, 80],
    ),
  ).toEqual([20, NaN]);
});

test("a lambda is asked for a missing reading too, with NaN, and may put a number in its place or drop it", () => {
  expect(
    outputs(
      lambda((x) => (Number.isNaN(x) ? -1 : x)),
      [5, NaN],
    ),
  ).toEqual([5, -1]);
  expect(
    outputs(
      lambda((x) => (Number.isNaN(x) ? undefined : x)),
      [5, NaN, 6],
    ),
  ).toEqual([5, none, 6]);
});

test("what a lambda throws makes a missing reading, and the next sample is none the worse", () => {
  const failing = lambda((x) => {
    if (x === 2 || Number.isNaN(x)) throw new Error("the app's mistake");
    return x;
  });
  expect(outputs(failing, [1, 2, NaN, 3])).toEqual([1, NaN, NaN, 3]);
});

test("a lambda's result that is no number in range goes on as missing", () => {
  expect(
    outputs(
      lambda((x) => 1 / x),
      [0, 2],
    ),
  ).toEqual([NaN, 0.5]);
  const odd = ["7", null, 8n, {}];
  expect(
    outputs(
      lambda((x) => odd[x] as number),
      [0, 1, 2, 3],
    ),
  ).toEqual([NaN, NaN, NaN, NaN]);
});

test("an exception behind a lambda is not its own", () => {
  const twice = [lambda((x) => x), offset(1)];
  expect(through(twice, [1, NaN]).all).toEqual([
    [2, 0],
    [NaN, 1000],
  ]);
});
