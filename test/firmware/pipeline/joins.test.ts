/** Joins against published values, each source named at its table. */
import { describe, expect, test } from "vitest";
import { limits } from "../../../firmware/limits.js";
import { type Join, joinMistake } from "../../../firmware/pipeline/join.js";
import {
  absolute_humidity,
  dew_point,
  difference_of,
  heat_index,
  joined,
  joinFamilies,
  max_of,
  mean_of,
  min_of,
  sea_level_pressure,
  sum_of,
  vapour_pressure_deficit,
} from "../../../firmware/pipeline/joins.js";

function of(join: Join, ...values: number[]): number {
  expect(joinMistake(join, joinFamilies)).toBeUndefined();
  return joinFamilies.find(({ name }) => name === join.join)!.build(join)(values);
}

describe("several channels", () => {
  test("have a mean, a sum, a least, a greatest and a difference", () => {
    expect(of(mean_of("a", "b", "c"), 1, 2, 6)).toBe(3);
    expect(of(sum_of("a", "b", "c"), 1, 2, 6)).toBe(9);
    expect([of(min_of("a", "b", "c"), 3, -2, 6), of(min_of("a", "b"), 1, 2)]).toEqual([-2, 1]);
    expect([of(max_of("a", "b", "c"), 3, 7, 6), of(max_of("a", "b"), -1, -2)]).toEqual([7, -1]);
    expect(of(difference_of("a", "b"), 1, 3)).toBe(-2);
  });

  test("go through a function of the app's own, whose mistakes are values out of range", () => {
    expect(
      of(
        joined((volts, amperes) => volts * amperes, "u", "i"),
        230,
        2,
      ),
    ).toBe(460);
    expect(
      of(
        joined((x) => -x, "x"),
        5,
      ),
    ).toBe(-5);
    expect(of(joined(((x: number) => String(x)) as never, "x"), 5)).toBeNaN();
    const throwing = joined(() => {
      throw new Error("no");
    }, "x");
    expect(of(throwing, 5)).toBeNaN();
  });
});

/** Saturated steam, kPa and m³/kg by °C: IAPWS-95 as in the steam tables (Wagner and Pruß, 2002). */
const steam: readonly [temperatureC: number, kPa: number, volume: number][] = [
  [0.01, 0.61165, 205.99],
  [5, 0.87258, 147.01],
  [10, 1.2282, 106.3],
  [15, 1.7058, 77.875],
  [20, 2.3393, 57.757],
  [25, 3.1699, 43.337],
  [30, 4.247, 32.878],
  [35, 5.629, 25.205],
  [40, 7.3849, 19.515],
  [50, 12.352, 12.026],
];

describe("dew_point", () => {
  test("is where the steam tables' saturation pressure is that of the air's vapour, within 0.05 °C", () => {
    for (const [temperatureC, saturated] of steam) {
      for (const [dewC, vapour] of steam) {
        if (dewC > temperatureC) continue;
        const found = of(dew_point("t", "h"), temperatureC, (100 * vapour) / saturated);
        expect(Math.abs(found - dewC), `${temperatureC} °C, dew at ${dewC} °C`).toBeLessThan(0.05);
      }
    }
  });

  test("is the temperature itself at 100 %, and lies below the frost", () => {
    for (const t of [-45, -10, 0, 21.3, 60]) expect(of(dew_point("t", "h"), t, 100)).toBeCloseTo(t, 9);
    // WMO-No. 8's formula by hand: γ = ln 0.5 + 17.62 × −10 ÷ 233.12 = −1.44898.
    expect(of(dew_point("t", "h"), -10, 50)).toBeCloseTo(-18.47, 2);
  });
});

test("absolute_humidity is the density of saturated steam, within 0.6 %, times the relative", () => {
  for (const [temperatureC, , volume] of steam) {
    const grams = of(absolute_humidity("t", "h"), temperatureC, 100);
    expect(Math.abs(grams / (1000 / volume) - 1), `${temperatureC} °C`).toBeLessThan(0.006);
    expect(of(absolute_humidity("t", "h"), temperatureC, 30)).toBeCloseTo(0.3 * grams, 9);
  }
  expect(of(absolute_humidity("t", "h"), 20, 0)).toBe(0);
});

test("vapour_pressure_deficit is what saturated steam has more than the air, kPa", () => {
  for (const [temperatureC, kPa] of steam) {
    expect(of(vapour_pressure_deficit("t", "h"), temperatureC, 40) / (0.6 * kPa)).toBeCloseTo(1, 2);
    expect(of(vapour_pressure_deficit("t", "h"), temperatureC, 100)).toBe(0);
  }
});

const celsius = (f: number): number => (f - 32) / 1.8;

describe("heat_index", () => {
  // The chart of the US National Weather Service, °F, in steps of 2. It is older than the adjustments, which begin above 85 % below 87 °F.
  test.each([
    [40, 80, [80, 81, 83, 85, 88, 91, 94, 97, 101, 105, 109, 114, 119, 124, 130, 136]],
    [50, 80, [81, 83, 85, 88, 91, 95, 99, 103, 108, 113, 118, 124, 131, 137]],
    [60, 80, [82, 84, 88, 91, 95, 100, 105, 110, 116, 123, 129, 137]],
    [80, 80, [84, 89, 94, 100, 106, 113, 121, 129]],
    [100, 86, [112, 121, 132]],
  ])("agrees with the chart at %d %% from %d °F on, within 1 °F", (humidity, firstF, row) => {
    row.forEach((expected, i) => {
      const found = of(heat_index("t", "h"), celsius(firstF + 2 * i), humidity) * 1.8 + 32;
      expect(Math.abs(found - expected), `${firstF + 2 * i} °F`).toBeLessThanOrEqual(1);
    });
  });

  test("has the simple formula where that stays below 80 °F", () => {
    // 0.5 × (70 + 61 + 2 × 1.2 + 50 × 0.094) °F.
    expect(of(heat_index("t", "h"), celsius(70), 50)).toBeCloseTo(celsius(69.05), 9);
    expect(of(heat_index("t", "h"), 0, 50)).toBeCloseTo(celsius(27.25), 9);
  });

  test("has the adjustments for dry heat and for humid warmth", () => {
    const regression = (t: number, r: number): number =>
      [-42.379, 2.04901523 * t, 10.14333127 * r, -0.22475541 * t * r, -6.83783e-3 * t * t, -5.481717e-2 * r * r, 1.22874e-3 * t * t * r]
        .concat([8.5282e-4 * t * r * r, -1.99e-6 * t * t * r * r])
        .reduce((sum, x) => sum + x, 0);
    const found = (t: number, r: number): number => of(heat_index("t", "h"), celsius(t), r) * 1.8 + 32;
    // At 95 °F the root is 1: ¾ of (13 − 10) ÷ 3.
    expect(found(95, 10)).toBeCloseTo(regression(95, 10) - 0.75, 8);
    expect(found(112, 9)).toBeCloseTo(regression(112, 9), 8);
    expect(found(113, 9)).toBeCloseTo(regression(113, 9), 8);
    expect(found(95, 13)).toBeCloseTo(regression(95, 13), 8);
    expect(found(82, 95)).toBeCloseTo(regression(82, 95) + 1, 8);
    expect(found(87, 95)).toBeCloseTo(regression(87, 95), 8);
    expect(found(88, 95)).toBeCloseTo(regression(88, 95), 8);
  });
});

describe("sea_level_pressure", () => {
  // ICAO Doc 7488: geopotential altitude, pressure and temperature of the standard atmosphere.
  test.each([
    [-400, 1062.24, 17.6],
    [0, 1013.25, 15],
    [500, 954.608, 11.75],
    [1000, 898.745, 8.5],
    [2000, 794.95, 2],
    [3000, 701.085, -4.5],
    [5000, 540.199, -17.5],
  ])("is 1013.25 hPa everywhere in the standard atmosphere (%d m), within 0.02 hPa", (altitudeM, pressure, temperature) => {
    expect(Math.abs(of(sea_level_pressure("p", "t", altitudeM), pressure, temperature) - 1013.25)).toBeLessThan(0.02);
  });

  test("is higher over cold air, which is heavier", () => {
    const at = (temperature: number): number => of(sea_level_pressure("p", "t", 500), 950, temperature);
    expect(at(-20)).toBeGreaterThan(at(30));
  });
});

test("values outside of a formula's range have no result", () => {
  for (const join of [dew_point("t", "h"), absolute_humidity("t", "h"), vapour_pressure_deficit("t", "h")]) {
    for (const [t, h] of [
      [-45.1, 50],
      [60.1, 50],
      [20, -0.1],
      [20, 100.1],
    ] as const)
      expect(of(join, t, h), join.join).toBeNaN();
    for (const [t, h] of [
      [-45, 50],
      [60, 100],
      [20, 0.1],
    ] as const)
      expect(of(join, t, h), join.join).toBeGreaterThan(-200);
  }
  expect(of(dew_point("t", "h"), 20, 0)).toBeNaN();
  for (const [t, h] of [
    [-40.1, 50],
    [50.1, 50],
    [20, -0.1],
    [20, 100.1],
  ] as const)
    expect(of(heat_index("t", "h"), t, h)).toBeNaN();
  for (const [p, t] of [
    [299, 10],
    [1201, 10],
    [1000, -60.1],
    [1000, 60.1],
  ] as const) {
    expect(of(sea_level_pressure("p", "t", 100), p, t)).toBeNaN();
  }
});

const mostNames = Array.from({ length: limits.joinedChannelsMax + 1 }, (_, i) => "c" + i);

test.each([
  [{ join: "dewpoint", of: [] }, `join must be one of ${joinFamilies.map(({ name }) => name).join(", ")}, not "dewpoint"`],
  [mean_of("a"), "mean_of: of must be the names of 2 to 8 channels (any of one unit), not 1 of them"],
  [max_of(...mostNames), "max_of: of must be the names of 2 to 8 channels (any of one unit), not 9 of them"],
  [{ join: "dew_point", of: "t" }, 'dew_point: of must be the names of 2 channels (temperature in °C, humidity in %), not "t"'],
  [{ join: "dew_point", of: ["t", 5] }, "dew_point: of must be the names of 2 channels (temperature in °C, humidity in %), not an array"],
  [{ ...dew_point("t", "h"), unit: "K" }, 'dew_point: unknown key "unit", a dew_point has no parameters'],
  [{ join: "sea_level_pressure", of: ["p", "t"] }, "sea_level_pressure: altitudeM is missing, it must be a number from -500 to 9000"],
  [sea_level_pressure("p", "t", 29_029), "sea_level_pressure: altitudeM must be a number from -500 to 9000, not 29029"],
  [
    { join: "joined", of: ["a"], run: "(a) => a" },
    'joined: run must be a function written in app.ts, such as (a, b) => a * b; JSON cannot carry one, not "(a) => a"',
  ],
])("refused: %j", (join, message) => {
  expect(joinMistake(join as never, joinFamilies)).toBe(message);
});

test("all but a function of the app's own are what JSON carries", () => {
  const joins = [mean_of("a", "b"), dew_point("t", "h"), sea_level_pressure("p", "t", 5), heat_index("t", "h")];
  expect(JSON.parse(JSON.stringify(joins))).toEqual(joins);
});
