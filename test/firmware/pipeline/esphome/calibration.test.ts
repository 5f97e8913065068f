/** ESPHome's calibrations: outputs computed by hand from what its documentation says the filters do. */
import { expect, test } from "vitest";
import { calibrate_linear, calibrate_polynomial, to_ntc_resistance, to_ntc_temperature } from "../../../../firmware/pipeline/builders.js";
import type { Stage } from "../../../../firmware/pipeline/stage.js";
import type { ThermistorCalibration } from "../../../../firmware/pipeline/thermistor.js";
import { expectAsFloats, outputs } from "./results.js";

type Row = readonly [stage: Stage, inputs: readonly number[], outputs: readonly number[]];

const bent = [
  [0, 0],
  [10, 12],
  [20, 14],
] as const;

test.each<Row>([
  // Through two points, and on beyond them.
  [
    calibrate_linear([
      [0, 1],
      [10, 12.1],
    ]),
    [0, 10, 5, -10, 100, NaN],
    [1, 12.1, 6.55, -10.1, 112, NaN],
  ],
  // y = x/2 + 1/6 has the least squared error of (0, 0), (1, 1), (2, 1).
  [
    calibrate_linear([
      [0, 0],
      [1, 1],
      [2, 1],
    ]),
    [0, 1, 2, 4],
    [1 / 6, 2 / 3, 7 / 6, 13 / 6],
  ],
  [calibrate_linear({ datapoints: ["0.0 -> 1.0", { from: 10, to: 12.1 }], method: "least_squares" }), [5], [6.55]],
  [
    calibrate_linear(
      [
        [10, 12.1],
        [0, 1],
      ],
      "least_squares",
    ),
    [5],
    [6.55],
  ],
  // The same measured value twice is two measurements.
  [
    calibrate_linear([
      [0, 0],
      [0, 2],
      [10, 11],
    ]),
    [0, 10],
    [1, 11],
  ],
  [
    calibrate_linear([
      [1, 5],
      [2, 5],
    ]),
    [0, 9],
    [5, 5],
  ],
  // Point to point: the upper line holds from its first point on, the outer ones go on.
  [calibrate_linear(bent, "exact"), [0, 5, 10, 15, 20, -5, 30, NaN], [0, 6, 12, 13, 14, -6, 16, NaN]],
  [
    calibrate_linear({ datapoints: ["-10->-9", "0->0.5", "100->99"], method: "exact" }),
    [-10, -5, 0, 50, 200],
    [-9, -4.25, 0.5, 49.75, 197.5],
  ],
  [
    calibrate_linear(
      [
        [0, 1],
        [10, 12.1],
      ],
      "exact",
    ),
    [-10, 5],
    [-10.1, 6.55],
  ],
])("%j makes of %j %j", (stage, inputs, expected) => {
  expectAsFloats(outputs(stage, inputs), expected);
});

const documented = [
  [0, 0],
  [10, 12.1],
  [13, 14],
] as const;

test.each<Row>([
  // Three points fix a parabola: c = −1.73 ÷ 39, b = 1.21 − 10 c.
  [calibrate_polynomial({ degree: 2, datapoints: documented }), [0, 10, 13, 5, NaN], [0, 12.1, 14, 7.158974359, NaN]],
  [calibrate_polynomial(2, ["0 -> 0", "10 -> 12.1", "13 -> 14"]), [20], [15.328205128]],
  // A straight line is what calibrate_linear gives, and degree 0 the mean.
  [
    calibrate_polynomial(1, [
      [0, 0],
      [1, 1],
      [2, 1],
    ]),
    [0, 1, 2, 4],
    [1 / 6, 2 / 3, 7 / 6, 13 / 6],
  ],
  [
    calibrate_polynomial(0, [
      [0, 4],
      [7, 5],
      [9, 9],
    ]),
    [0, 1e6],
    [6, 6],
  ],
  [calibrate_polynomial(0, [[3, 4]]), [0, 5], [4, 4]],
  // Four points, y = x² with errors ±e, ∓e that no parabola can take up: the least squares are x² exactly.
  [
    calibrate_polynomial(2, [
      [-1, 1 + 0.1],
      [0, 0 - 0.3],
      [1, 1 + 0.3],
      [2, 4 - 0.1],
    ]),
    [-1, 0, 1, 2, 3],
    [1, 0, 1, 4, 9],
  ],
  // A cubic far from zero.
  [
    calibrate_polynomial(3, [
      [1000, 0],
      [1001, 1],
      [1002, 8],
      [1003, 27],
    ]),
    [1000.5, 1004],
    [0.125, 64],
  ],
])("%j makes of %j %j", (stage, inputs, expected) => {
  expectAsFloats(outputs(stage, inputs), expected);
});

const points = ["10.0kOhm -> 25°C", "27.219kOhm -> 0°C", "14.674kOhm -> 15°C"] as const;

test("a thermistor's three points come out again, from resistance to temperature and back", () => {
  expectAsFloats(outputs(to_ntc_temperature(points), [10_000, 27_219, 14_674, NaN]), [25, 0, 15, NaN]);
  const back = outputs(to_ntc_resistance(points), [25, 0, 15, NaN]);
  expect(back.map((ohms) => Math.round(ohms! * 100) / 100)).toEqual([10_000, 27_219, 14_674, NaN]);
});

test("the Steinhart–Hart equation holds between and beyond the points", () => {
  const { a, b, c } = { a: 1.43911485690407e-3, b: 2.69306643076457e-4, c: 1.65344095855457e-7 };
  const inputs = [0.1, 0.9, 50, 333, 1000, 2500, 40_000];
  const expected = inputs.map((ohms) => 1 / (a + b * Math.log(ohms) + c * Math.log(ohms) ** 3) - 273.15);
  expectAsFloats(outputs(to_ntc_temperature({ calibration: { a, b, c } }), inputs), expected);
  // Those coefficients are a thermistor's of 1 kΩ at 25 °C.
  expect(expected[4]).toBeCloseTo(25, 1);
  const back = outputs(to_ntc_resistance({ a, b, c }), expected);
  back.forEach((ohms, i) => expect(ohms! / inputs[i]!).toBeCloseTo(1, 6));
});

test("a B constant does for a thermistor, as for ESPHome's ntc sensor", () => {
  const calibration = { b_constant: 3950, reference_temperature: 25, reference_resistance: 10_000 };
  const inputs = [10_000, 20_000, 3_000];
  const expected = inputs.map((ohms) => 1 / (1 / 298.15 + Math.log(ohms / 10_000) / 3950) - 273.15);
  expectAsFloats(outputs(to_ntc_temperature(calibration), inputs), expected);
  const back = outputs(to_ntc_resistance(calibration), expected);
  back.forEach((ohms, i) => expect(ohms! / inputs[i]!).toBeCloseTo(1, 9));
});

test.each<ThermistorCalibration>([
  ["10kOhm->25", "27219 -> 0 °C", "14.674 kΩ -> 59°F"],
  ["0.01MOhm -> 298.15K", [27_219, 0], { value: 14_674, temperature: 15 }],
  [
    [10_000, 25],
    [27_219, 0],
    [14_674, 15],
  ],
])("a thermistor's points may be written as %j", (...calibration) => {
  const [first] = calibration;
  const given = (calibration.length === 1 ? first : calibration) as ThermistorCalibration;
  expectAsFloats(outputs(to_ntc_temperature(given), [5_000, 10_000]), outputs(to_ntc_temperature(points), [5_000, 10_000]));
});

test("what no thermistor can be gives a missing reading", () => {
  expect(outputs(to_ntc_temperature(points), [-1])).toEqual([NaN]);
  // ln 0 is −∞, and 1 ÷ −∞ is absolute zero: as in ESPHome.
  expect(outputs(to_ntc_temperature(points), [0])).toEqual([-273.15]);
  expect(outputs(to_ntc_resistance(points), [-273.15])).toEqual([NaN]);
});
