/** `seasonal_baseline` against its definition with every sample of every period kept. */
import { expect, test } from "vitest";
import { seasonal_baseline } from "../../../firmware/pipeline/builders.js";
import type { SeasonalBaselineParameters } from "../../../firmware/pipeline/stages/seasonal-baseline.js";
import { through } from "./channel.js";
import { list, normals } from "./statistics.js";

const hourMs = 3_600_000;

/** Undefined where nothing is known. */
function naive(samples: readonly (readonly [x: number, ms: number])[], parameters: SeasonalBaselineParameters): (number | undefined)[] {
  const { periodMs = 86_400_000, bins = 24, memory = 14, result = "deviation" } = parameters;
  const visitOf = (ms: number): number => Math.floor((ms * bins) / periodMs);
  const perVisit = new Map<number, number[]>();
  for (const [x, ms] of samples) perVisit.set(visitOf(ms), [...(perVisit.get(visitOf(ms)) ?? []), x]);
  return samples.map(([x, ms]) => {
    let mean = 0;
    let square = 0;
    let visits = 0;
    for (const [visit, inIt] of perVisit) {
      if (visit >= visitOf(ms) || (visitOf(ms) - visit) % bins !== 0) continue;
      visits++;
      const share = 1 / Math.min(visits, memory);
      const average = (powers: readonly number[]): number => powers.reduce((sum, each) => sum + each, 0) / powers.length;
      // First and second moment, each averaged alike.
      mean += share * (average(inIt) - mean);
      square += share * (average(inIt.map((each) => each * each)) - square);
    }
    if (visits === 0) return undefined;
    return result === "deviation" ? x - mean : (x - mean) / Math.max(0.01, Math.sqrt(square - mean * mean));
  });
}

function compare(samples: readonly (readonly [number, number])[], parameters: SeasonalBaselineParameters): void {
  const run = through(
    [seasonal_baseline(parameters)],
    samples.map(([x]) => x),
    { timesMs: samples.map(([, ms]) => ms), flow: { periodMs: 1 } },
  );
  const right = naive(samples, parameters);
  const told = samples.flatMap(([, ms], i) => (right[i] === undefined ? [] : [[right[i]!, ms] as const]));
  const got = run.all.filter(([x]) => !Number.isNaN(x));
  expect(got.map(([, ms]) => ms)).toEqual(told.map(([, ms]) => ms));
  got.forEach(([x], i) => expect(x).toBeCloseTo(told[i]![0], 7));
  expect(got.length).toBeGreaterThan(0);
}

test.each(["deviation", "z_score"] as const)("gives the %s from the earlier periods' mean at that time", (result) => {
  const draw = normals(`season ${result}`);
  const samples = list(1500, (i) => [5 * Math.sin(i / 10) + draw(), i * 10] as const);
  compare(samples, { periodMs: 1000, bins: 10, result });
  compare(samples, { periodMs: 1000, bins: 7, memory: 3, result });
  compare(samples, { periodMs: 1000, bins: 2, memory: 1, result });
});

test("does so too with gaps, at odd times, and from any time on", () => {
  const draw = normals("gaps");
  let ms = 2 ** 40;
  const samples = list(800, (i) => {
    ms += 1 + Math.floor(Math.abs(draw()) * 30) + (i % 97 === 0 ? 1700 : 0);
    return [draw() + 3, ms] as const;
  });
  compare(samples, { periodMs: 1000, bins: 13, result: "z_score" });
  compare(samples, { periodMs: 1001, bins: 24 });
});

test("takes out what each hour of the day is like, and shows what is not", () => {
  const day = (i: number): number => 20 + (i % 24 >= 8 && i % 24 < 18 ? 4 : 0);
  const xs = list(24 * 10, (i) => day(i) + (i === 24 * 9 + 3 ? 5 : 0));
  const { values } = through([seasonal_baseline()], xs, { timesMs: xs.map((_, i) => i * hourMs), flow: { periodMs: hourMs } });
  expect(values.length).toBe(24 * 9);
  expect(values.map((x, i) => (x === 0 ? -1 : i)).filter((i) => i >= 0)).toEqual([24 * 8 + 3]);
  expect(values[24 * 8 + 3]).toBe(5);
});

test("forgets what is older than its memory, slowly", () => {
  const xs = list(100, (i) => (i < 50 ? 0 : 10));
  const timesMs = xs.map((_, i) => i * 500);
  const after = (memory: number): number =>
    through([seasonal_baseline({ periodMs: 1000, bins: 2, memory })], xs, { timesMs, flow: { periodMs: 500 } }).values.at(-1)!;
  expect(after(1)).toBe(0);
  expect(after(5)).toBeCloseTo(10 * 0.8 ** 24, 9);
  // As many periods at 0 as at 10, but for the last.
  expect(after(1000)).toBeCloseTo(10 - (10 * 24) / 49, 9);
});

test("gives nothing while a part is new, and one missing reading where its results end", () => {
  const timesMs = [0, 100, 1000, 1100, 1500, 1600, 2000, 2500];
  const run = through([seasonal_baseline({ periodMs: 1000, bins: 2 })], [4, 6, 7, 8, 1, 1, 9, 3], { timesMs, flow: { periodMs: 100 } });
  // The mean of part 0 is 5 after the first period, and 6.25 after the second.
  expect(run.all).toEqual([
    [2, 1000],
    [3, 1100],
    [NaN, 1500],
    [2.75, 2000],
    [2, 2500],
  ]);
});

test("lets missing readings pass and does not learn from them", () => {
  const timesMs = [0, 400, 1000, 1400];
  const run = through([seasonal_baseline({ periodMs: 1000, bins: 2 })], [4, NaN, 7, NaN], { timesMs, flow: { periodMs: 100 } });
  expect(run.all.map(([x]) => x)).toEqual([NaN, 3, NaN]);
});

test("makes a missing reading of a score beyond the greatest value, and goes on", () => {
  const timesMs = [0, 1000, 1100, 1200];
  const stage = seasonal_baseline({ periodMs: 1000, bins: 2, result: "z_score" });
  const run = through([stage], [0, 1e100, -1e100, 1], { timesMs, flow: { periodMs: 100 } });
  expect(run.all.map(([x]) => x)).toEqual([NaN, NaN, 100]);
});
