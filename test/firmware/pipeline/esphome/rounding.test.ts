/** ESPHome's rounding filters: outputs as its documentation and its pull requests 11157 and 7142 give them. */
import { expect, test } from "vitest";
import { round, round_to_multiple_of, round_to_significant_digits } from "../../../../firmware/pipeline/builders.js";
import type { Stage } from "../../../../firmware/pipeline/stage.js";
import { outputs } from "./results.js";

type Row = readonly [stage: Stage, inputs: readonly number[], outputs: readonly number[]];

test.each<Row>([
  [round(1), [3.14159, -3.14159, 20, NaN, 0.04, 0.06], [3.1, -3.1, 20, NaN, 0, 0.1]],
  [round({ accuracy_decimals: 2 }), [3.14159, 2.718, 100.999], [3.14, 2.72, 101]],
  // Halves go away from zero.
  [round(0), [0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.49999], [1, 2, 3, -1, -2, -3, 0]],
  // Decimal halves are halves, though the nearest doubles lie a little below.
  [round(2), [1.005, 2.345, -1.005, 8.575, 1.0049], [1.01, 2.35, -1.01, 8.58, 1]],
  [round(1), [0.15, 0.25, 0.35, -0.25, 20.15], [0.2, 0.3, 0.4, -0.3, 20.2]],
  // What rounds to zero is zero, not −0.
  [round(1), [-0.04, -0, 0.04], [0, 0, 0]],
  // Nothing to round.
  [round(3), [1e50, -1e50, 1e15], [1e50, -1e50, 1e15]],
  [round(15), [0.1, -0.3], [0.1, -0.3]],
])("%j makes of %j %j", (stage, inputs, expected) => {
  expect(outputs(stage, inputs)).toEqual(expected);
});

test.each<Row>([
  [round_to_multiple_of(10), [123, 126, -123, NaN, 0, -4], [120, 130, -120, NaN, 0, 0]],
  [round_to_multiple_of({ multiple: 0.25 }), [3.1415, 1.618, 3.2], [3.25, 1.5, 3.25]],
  // Halfway goes to the even multiple.
  [round_to_multiple_of(10), [5, 15, 25, 35, -5, -15, -25], [0, 20, 20, 40, 0, -20, -20]],
  [round_to_multiple_of(0.1), [0.3, 0.7, 20.04, 20.06], [0.3, 0.7, 20, 20.1]],
  [round_to_multiple_of(0.05), [20.02, 20.03], [20, 20.05]],
  [round_to_multiple_of(7), [10, 11, 1e50], [7, 14, 1e50]],
])("%j makes of %j %j", (stage, inputs, expected) => {
  expect(outputs(stage, inputs)).toEqual(expected);
});

test("3.1415 to a multiple of a third is a multiple of a third", () => {
  expect(outputs(round_to_multiple_of(1 / 3), [3.1415])[0]).toBeCloseTo(3, 12);
});

test.each<Row>([
  [
    round_to_significant_digits(2),
    [3.14159, 157079, 123456.789, 123.4567, 12.3456, 1.23456, 0.123456],
    [3.1, 160000, 120000, 120, 12, 1.2, 0.12],
  ],
  [
    round_to_significant_digits(4),
    [3.14159, 157079, 123456.789, 123.4567, 12.3456, 1.23456, 0.123456],
    [3.142, 157100, 123500, 123.5, 12.35, 1.235, 0.1235],
  ],
  [round_to_significant_digits(1), [0, -0, NaN, 95, 99.9, 0.0072, -0.0072, 1, 10, 100], [0, 0, NaN, 100, 100, 0.007, -0.007, 1, 10, 100]],
  // Halves go away from zero, and a round-up may reach the next decade.
  [round_to_significant_digits(2), [2.25, -2.25, 9.96, 0.0996, 995], [2.3, -2.3, 10, 0.1, 1000]],
  [round_to_significant_digits(6), [120000, 0.0072, 1234567], [120000, 0.0072, 1234570]],
  // Across decades in both directions.
  [round_to_significant_digits(3), [1e-9, 1e9, 1.2345e-9, 1.2345e9, 0.5], [1e-9, 1e9, 1.23e-9, 1.23e9, 0.5]],
  [round_to_significant_digits({ digits: 14 }), [0.1, 12345678901234, 1e-100, -1e20], [0.1, 12345678901234, 1e-100, -1e20]],
])("%j makes of %j %j", (stage, inputs, expected) => {
  expect(outputs(stage, inputs)).toEqual(expected);
});
