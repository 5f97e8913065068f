/** The anomaly stage on signals whose anomalies are known, and on what must not upset it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alarmScore, anomalyScorer, scorerHeld } from "../../../firmware/pipeline/anomaly/scorer.js";
import { scale } from "../../../firmware/pipeline/anomaly/scale.js";
import { Season } from "../../../firmware/pipeline/anomaly/season.js";
import { tail } from "../../../firmware/pipeline/anomaly/tail.js";
import { anomaly, anomalyFamily } from "../../../firmware/pipeline/stages/anomaly.js";
import { judge } from "../../../host-sim/bench/anomaly.js";
import { recordings } from "../../../host-sim/bench/anomaly-signals.js";
import { normalised } from "../../../host-sim/bench/nab.js";
import { random } from "../../../host-sim/world/random.js";
import { through } from "./channel.js";

/** About normal, mean 0, deviation 1: the sum of twelve draws. */
function noise(count: number, name = "noise"): number[] {
  const draws = random(4).split(name);
  const one = () => Array.from({ length: 12 }, () => draws.fraction()).reduce((sum, x) => sum + x, -6);
  return Array.from({ length: count }, one);
}

/** Rows that score as anomalies. */
function alarms(values: readonly number[], parameters = {}): number[] {
  const scores = through([anomaly(parameters)], values).values;
  expect(scores).toHaveLength(values.filter((x) => !Number.isNaN(x)).length);
  return scores.flatMap((score, row) => (score >= alarmScore ? [row] : []));
}

const flat = noise(3000).map((x) => 20 + x);

test("NAB's score is at least 65 over recordings that the constants were not chosen with", () => {
  expect(normalised(recordings(99, 2).map(judge))).toBeGreaterThanOrEqual(65);
});

describe("finds at once, and once,", () => {
  const near = (rows: readonly number[], at: number, without = flat) => {
    expect(rows.filter((row) => row >= at && row < at + 12)).toHaveLength(1);
    expect(rows.filter((row) => row < at)).toEqual(alarms(without).filter((row) => row < at));
    expect(rows.filter((row) => row >= at + 12).length).toBeLessThan(2);
  };

  test("a spike up or down", () => {
    near(alarms(flat.map((x, row) => (row === 2000 ? x + 12 : x))), 2000);
    near(alarms(flat.map((x, row) => (row === 2000 ? x - 12 : x))), 2000);
  });

  test("a change of level, which then becomes normal", () => {
    near(alarms(flat.map((x, row) => (row >= 2000 ? x + 6 : x))), 2000);
  });

  test("a change after a thousand equal samples", () => {
    const constant = flat.map(() => 20);
    near(alarms(constant.map((x, row) => (row === 2000 ? 21 : x))), 2000, constant);
  });

  test("noise of four times the size", () => {
    const rows = alarms(flat.map((x, row) => (row >= 2000 && row < 2100 ? 20 + (x - 20) * 4 : x)));
    expect(rows.filter((row) => row >= 2000 && row < 2025)).toHaveLength(1);
  });

  test("a day without its night, though every value is usual", () => {
    const day = flat.map((x, row) => 0.2 * (x - 20) + 10 * Math.sin((2 * Math.PI * row) / 48));
    const without = day.map((x, row) => (row >= 2424 && row < 2448 ? day[row - 24]! : x));
    expect(alarms(day).filter((row) => row >= 1200)).toEqual([]);
    const rows = alarms(without).filter((row) => row >= 1200 && row < 2460);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toBeGreaterThanOrEqual(2424);
  });
});

describe("leaves alone", () => {
  test("noise: less than one alarm in a thousand samples", () => {
    expect(alarms(noise(20_000, "long")).length).toBeLessThan(20);
  });

  test("what is constant, and what counts up", () => {
    expect(alarms(flat.map(() => 20))).toEqual([]);
    expect(alarms(flat.map((_, row) => row)).filter((row) => row >= 200)).toEqual([]);
  });

  test("spikes that are usual", () => {
    const rows = alarms(flat.map((x, row) => (row % 60 < 2 ? x + 30 : x)));
    expect(rows.filter((row) => row >= 600)).toEqual([]);
  });
});

test("neither unit nor offset of the signal matters", () => {
  const values = flat.map((x, row) => (row % 700 === 650 ? x + 9 : x));
  const plain = alarms(values);
  expect(plain.length).toBeGreaterThan(0);
  expect(alarms(values.map((x) => x * 1024))).toEqual(plain);
  expect(alarms(values.map((x) => (x - 20) / 65536))).toEqual(alarms(values.map((x) => x - 20)));
});

test("more sensitivity finds more", () => {
  const values = noise(20_000, "long");
  expect(alarms(values, { sensitivity: 10 }).length).toBeGreaterThan(alarms(values).length);
  expect(alarms(values, { sensitivity: 0.2 }).length).toBeLessThanOrEqual(alarms(values).length);
});

test("a season that is told counts alone", () => {
  const day = flat.map((x, row) => 0.2 * (x - 20) + 10 * Math.sin((2 * Math.PI * row) / 50));
  const without = day.map((x, row) => (row >= 2425 && row < 2450 ? day[row - 25]! : x));
  expect(alarms(without, { period: 50 }).filter((row) => row >= 2425 && row < 2460)).toHaveLength(1);
  expect(scorerHeld(50)).toBe(scorerHeld(49) + 1);
  expect(scorerHeld(1_000_000)).toBeLessThan(scorerHeld());
});

describe("a missing reading", () => {
  test("goes on as one, and a gap leaves everything as it was but the time of day", () => {
    const day = flat.map((x, row) => 0.2 * (x - 20) + 10 * Math.sin((2 * Math.PI * row) / 48));
    const holes = day.map((x, row) => (row >= 2000 && row < 2031 ? NaN : x));
    const results = through([anomaly()], holes);
    expect(results.missing).toBe(31);
    const quiet = results.values.flatMap((score, row) => (score >= alarmScore && row >= 1200 ? [row] : []));
    expect(quiet).toEqual([]);
  });

  test("moves a season on", () => {
    const at = (row: number) => 10 * Math.sin((2 * Math.PI * row) / 48);
    const one = new Season(48, 48);
    for (let row = 0; row < 480; row++) one.step(at(row));
    expect(one.remains()).toBeLessThan(0.1);
    for (let row = 480; row < 492; row++) one.skip();
    for (let row = 492; row < 496; row++) expect(Math.abs(one.step(at(row)))).toBeLessThan(3);
    // Twelve samples later it would be a quarter of the season off.
    expect(Math.abs(one.step(at(508)))).toBeGreaterThan(5);
  });
});

test("scores are numbers from 0 to 1, whatever comes", () => {
  const wild = fc.oneof(fc.constantFrom(0, -0, 1e100, -1e100, 5e-324, 1), fc.double({ min: -1e100, max: 1e100, noNaN: true }));
  fc.assert(
    fc.property(fc.array(wild, { maxLength: 60 }), fc.integer({ min: 0, max: 130 }), (values, before) => {
      const { score, skip } = anomalyScorer();
      for (let i = 0; i < before; i++) score(i % 7);
      skip();
      for (const x of values) {
        const y = score(x);
        if (!(y >= 0 && y <= 1)) throw new Error(`${x} scores ${y}`);
      }
      // And nothing is poisoned for good.
      for (let i = 0; i < 200; i++) if (!(score(5) <= 1)) throw new Error("poisoned");
    }),
    { seed: 4, numRuns: 400 },
  );
});

test("a departure from a past without any difference is large, and no size is without a bound", () => {
  const scaled = scale();
  for (let i = 0; i < 200; i++) expect(scaled(0)).toBe(0);
  expect(scaled(-3)).toBe(-1000);
  expect(scaled(1e100)).toBe(1e9);
  const surprise = tail();
  for (let i = 0; i < 200; i++) surprise(1);
  expect(surprise(1e9)).toBe(40);
});

test("surprise means the same for light and for heavy tails", () => {
  const draws = random(4).split("tails");
  const share = (size: (u: number) => number, above: number) => {
    const surprise = tail();
    let count = 0;
    for (let i = 0; i < 40_000; i++) if (surprise(size(1 - draws.fraction())) > above && i >= 5000) count++;
    return count / 35_000;
  };
  for (const size of [(u: number) => u ** -0.5, (u: number) => u ** -2, (u: number) => -Math.log(u)]) {
    // A tenth is in the tail, and e^−2 of that above 2.
    expect(share(size, 0)).toBeCloseTo(0.1, 1);
    expect(share(size, 2)).toBeGreaterThan(0.006);
    expect(share(size, 2)).toBeLessThan(0.025);
  }
});

test("the builder makes plain data, and the family says what is allowed", () => {
  expect(anomaly()).toEqual({ stage: "anomaly" });
  expect(anomaly({ sensitivity: 2, period: 288 })).toEqual({ stage: "anomaly", sensitivity: 2, period: 288 });
  expect(() => alarms([], { sensitivity: 0 })).toThrow("sensitivity must be a number above 0, at most 100, not 0");
  expect(() => alarms([], { period: 1 })).toThrow("period must be a whole number from 2 to 1000000, not 1");
  expect(() => alarms([], { window: 5 })).toThrow('unknown key "window", a anomaly has sensitivity, period');
  expect(anomalyFamily.held!({ stage: "anomaly" })).toBe(558);
});
