/** Parameters that cannot be are refused when the channel is compiled, with the name and the allowed range. */
import { expect, test } from "vitest";
import * as builders from "../../../../firmware/pipeline/builders.js";
import type { Stage } from "../../../../firmware/pipeline/stage.js";
import { through } from "../channel.js";

const { calibrate_linear, calibrate_polynomial, clamp, delta, filter_out, round, skip_initial, throttle_with_priority } = builders;
const { lambda, or, round_to_multiple_of, round_to_significant_digits, throttle, to_ntc_resistance, to_ntc_temperature } = builders;

const loose = (stage: unknown): Stage => stage as Stage;
const listed = 'value must be a number within ±1e+100, "nan" for a missing reading, or a list of 1 to 16 of them, not ';

test.each<readonly [Stage, string]>([
  [loose({ stage: "offset" }), "value is missing, it must be a number from -1e+100 to 1e+100"],
  [builders.offset(NaN), "value must be a number from -1e+100 to 1e+100, not NaN"],
  [builders.multiply(1e101), "value must be a number from -1e+100 to 1e+100, not 1e+101"],
  [loose({ stage: "filter_out" }), "value is missing"],
  [filter_out("x" as "nan"), listed + '"x"'],
  [filter_out([]), listed + "an array"],
  [filter_out(Infinity), listed + "Infinity"],
  [filter_out(Array.from({ length: 17 }, (_, i) => i)), listed + "an array"],
  [clamp({}), "min and max are both missing, give at least one"],
  [clamp({ min: 2, max: 1 }), "min must not be above max, and 2 is above 1"],
  [clamp({ min_value: 2, max_value: 1 }), "min_value must not be above max_value, and 2 is above 1"],
  [
    clamp({ min: 0, max_value: 1 }),
    "give min and max, which leave a missing reading missing, or min_value and max_value, which put a bound",
  ],
  [clamp({ min_value: NaN }), "min_value must be a number from -1e+100 to 1e+100, not NaN"],
  [clamp({ max_value: 1e101 }), "max_value must be a number from"],
  [loose({ stage: "clamp", min: 0, ignore_out_of_range: "yes" }), 'ignore_out_of_range must be true or false, not "yes"'],
  [
    loose({ stage: "clamp", min: 0, ignore: true }),
    'unknown key "ignore", a clamp has min, max, min_value, max_value, ignore_out_of_range',
  ],
  [round(-1), "accuracy_decimals must be a whole number from 0 to 15, not -1"],
  [round(16), "accuracy_decimals must be a whole number from 0 to 15, not 16"],
  [round(1.5), "accuracy_decimals must be a whole number from 0 to 15, not 1.5"],
  [round_to_multiple_of(0), "multiple must be a number above 0, at most 1e+100, not 0"],
  [round_to_multiple_of(-1), "multiple must be a number above 0, at most 1e+100, not -1"],
  [round_to_significant_digits(0), "digits must be a whole number from 1 to 14, not 0"],
  [round_to_significant_digits(15), "digits must be a whole number from 1 to 14, not 15"],
  [delta(-1), 'by must be a number from 0 to 1e+100 or a percentage such as "5%", not -1'],
  [delta("5" as "5%"), 'by must be a number from 0 to 1e+100 or a percentage such as "5%", not "5"'],
  [delta("-5%"), 'not "-5%"'],
  [delta({ max_value: "%" as "5%" }), 'max_value must be a number from 0 to 1e+100 or a percentage such as "5%", not "%"'],
  [delta({}), "by, min_value and max_value are all missing, give at least one"],
  [delta({ baseline: 5 }), "by, min_value and max_value are all missing, give at least one"],
  [delta({ by: 1, min_value: 1 }), "by is short for min_value, give only one of them"],
  [delta({ min_value: 5, max_value: 5 }), "max_value must be above min_value, and 5 is not above 5"],
  [delta({ by: "10%", max_value: "5%" }), "max_value must be above by, and 5% is not above 10%"],
  [delta({ by: 1, baseline: NaN }), "baseline must be a number, or in app.ts a function of the last value passed, not NaN"],
  [or(), "of must be 1 to 8 stages"],
  [or(...Array.from({ length: 9 }, () => delta(1))), "of must be 1 to 8 stages"],
  [
    lambda(undefined as never),
    "run is missing, it must be a function written in app.ts, such as lambda((x) => x * 1.8 + 32); JSON cannot carry one",
  ],
  [loose({ stage: "lambda", run: "x * 2" }), 'JSON cannot carry one, not "x * 2"'],
  [throttle(0), "everyMs must be a number from 1 to 86400000, not 0"],
  [throttle_with_priority(0), "timeoutMs must be a number from 1 to 86400000, not 0"],
  [throttle_with_priority(86_400_001), "not 86400001"],
  [throttle_with_priority(1000, "x" as "nan"), listed + '"x"'],
  [skip_initial(0), "samples must be a whole number from 1 to 1000000, not 0"],
  [skip_initial(2.5), "not 2.5"],
  [calibrate_linear([[0, 1]]), "datapoints must be a list of 2 to 64 points, measured and true, such as [[0, 1], [10, 12.1]]"],
  [calibrate_linear(Array.from({ length: 65 }, (_, i) => [i, i] as const)), "datapoints must be a list of 2 to 64 points"],
  [
    calibrate_linear([
      [0, 1],
      [10, NaN],
    ]),
    "datapoints must be a list of 2 to 64 points",
  ],
  [calibrate_linear([[0, 1], "10 - 5" as "10->5"]), "datapoints must be a list"],
  [calibrate_linear([[0, 1], "10 -> " as "10->5"]), "datapoints must be a list"],
  [calibrate_linear([[0, 1], { from: 1 } as never]), "datapoints must be a list"],
  [
    calibrate_linear([
      [3, 1],
      [3, 2],
    ]),
    "measured values must differ, and all are 3",
  ],

  [
    calibrate_linear(
      [
        [3, 1],
        [3, 2],
      ],
      "least_squares",
    ),
    "measured values must differ, and all are 3",
  ],
  [
    calibrate_linear(
      [
        [0, 1],
        [2, 2],
        [1, 3],
      ],
      "exact",
    ),
    "measured values must be in ascending order, each once, for method exact, and 1 comes behind 2",
  ],
  [
    calibrate_linear(
      [
        [0, 1],
        [0, 2],
      ],
      "exact",
    ),
    "and 0 comes behind 0",
  ],
  [
    calibrate_linear(
      [
        [0, 1],
        [1, 2],
      ],
      "spline" as "exact",
    ),
    'method must be one of least_squares, exact, not "spline"',
  ],
  [calibrate_linear(5 as never), "datapoints is missing"],
  [calibrate_polynomial(9, [[0, 0]]), "degree must be a whole number from 0 to 8, not 9"],
  [calibrate_polynomial(1, []), "datapoints must be a list of 1 to 64 points"],
  [
    calibrate_polynomial(2, [
      [0, 0],
      [1, 1],
    ]),
    "degree must be at most 1 with 2 different measured values, not 2",
  ],
  [
    calibrate_polynomial(2, [
      [0, 0],
      [1, 1],
      [1, 2],
    ]),
    "degree must be at most 1 with 2 different measured values, not 2",
  ],
  [
    to_ntc_temperature([
      [10_000, 25],
      [27_219, 0],
    ]),
    "calibration must be three points with different resistances and temperatures, such as",
  ],
  [
    to_ntc_temperature([
      [10_000, 25],
      [10_000, 0],
      [14_674, 15],
    ]),
    "calibration must be three points",
  ],
  [
    to_ntc_temperature([
      [10_000, 25],
      [-5, 0],
      [14_674, 15],
    ]),
    "calibration must be three points",
  ],
  [
    to_ntc_temperature([
      [10_000, 25],
      [27_219, -300],
      [14_674, 15],
    ]),
    "calibration must be three points",
  ],
  [to_ntc_temperature(["10kOhm -> 25°C", "27.219kOhm", "14.674kOhm -> 15°C"]), "calibration must be three points"],
  [to_ntc_temperature({ a: 1e-3, b: 0, c: 0 }), "calibration must be"],
  [to_ntc_resistance({ b_constant: 0, reference_temperature: 25, reference_resistance: 10_000 }), "calibration must be"],
  [to_ntc_resistance({ a: 1e-3, b: 1e-4 } as never), "calibration must be"],
  [to_ntc_resistance(null as never), "calibration must be"],
  [
    to_ntc_resistance({ a: 1e-3, b: 3e-4, c: -1e-7 }),
    "calibration gives no thermistor's curve (b and c of its equation have different signs)",
  ],
])("%j: %s", (stage, words) => {
  expect(() => through([stage], [])).toThrow(words);
  expect(() => through([stage], [])).toThrow(`channel "test", stage 1 (${stage.stage}): `);
});

test("every parameter may be at its bounds", () => {
  const atBounds = [
    filter_out(1e100),
    filter_out(Array.from({ length: 16 }, (_, i) => i)),
    round(0),
    round(15),
    round_to_multiple_of(1e100),
    round_to_multiple_of(Number.MIN_VALUE),
    round_to_significant_digits(1),
    delta(0),
    delta(1e100),
    delta("0%"),
    delta("1000000%"),
    throttle_with_priority(1),
    throttle_with_priority(86_400_000, "nan"),
    skip_initial(1_000_000),
    calibrate_linear(
      Array.from({ length: 64 }, (_, i) => [i, i] as const),
      "exact",
    ),
    calibrate_polynomial(
      8,
      Array.from({ length: 64 }, (_, i) => [i, i] as const),
    ),
  ];
  for (const stage of atBounds) expect(() => through([stage], [1, NaN, -1e100])).not.toThrow();
});

test("builders make plain data that goes through JSON as it is", () => {
  const stages = [
    delta("5%"),
    delta({ min_value: 1, max_value: "50%", baseline: 20 }),
    round(1),
    round_to_multiple_of(0.5),
    round_to_significant_digits(3),
    throttle_with_priority(1000, [0, NaN]),
    skip_initial(3),
    clamp({ min_value: 0, ignore_out_of_range: true }),
    calibrate_linear([[0, 1], "10 -> 12"], "exact"),
    calibrate_polynomial(1, [
      [0, 1],
      [1, 2],
    ]),
    to_ntc_temperature(["10kOhm -> 25°C", "27.219kOhm -> 0°C", "14.674kOhm -> 15°C"]),
    to_ntc_resistance({ b_constant: 3950, reference_temperature: 25, reference_resistance: 10_000 }),
  ];
  const samples = [5, 5.2, NaN, 7, -3, 9000];
  for (const stage of stages) {
    const carried = JSON.parse(JSON.stringify(stage)) as Stage;
    expect(carried).toEqual(stage);
    expect(through([carried], samples)).toEqual(through([stage], samples));
  }
});
