/** Stages against definitions written the naive way, with arrays. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { delta, exponential_moving_average, median, offset, summary, throttle, window } from "../../../firmware/pipeline/builders.js";
import { exponentialMovingAverageFamily } from "../../../firmware/pipeline/stages/exponential-moving-average.js";
import { medianFamily } from "../../../firmware/pipeline/stages/median.js";
import { reporting } from "../../../firmware/pipeline/stages/reporting.js";
import { smoothing } from "../../../firmware/pipeline/stages/smoothing.js";
import type { WindowResult } from "../../../firmware/pipeline/stages/window.js";
import type { Site } from "../../../firmware/pipeline/site.js";
import { plain, through } from "./channel.js";

const settings = { seed: 20240229, numRuns: 200 };
// Few different values, so that many are equal, or any values at all.
const sample = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -1e6, max: 1e6, noNaN: true }));
const samples = fc.array(sample, { maxLength: 60 });
const far = fc.array(fc.double({ min: -1e100, max: 1e100, noNaN: true }), { maxLength: 30 });
const anySamples = fc.oneof(samples, far);

function chunks(values: readonly number[], size: number): number[][] {
  const full: number[][] = [];
  for (let i = 0; i + size <= values.length; i += size) full.push(values.slice(i, i + size));
  return full;
}

test.each([3, 5, undefined])("a median is the middle of its sorted window (%s, or any)", (fixed) => {
  const anySize = fc.integer({ min: 1, max: 50 }).map((half) => half * 2 + 1);
  fc.assert(
    fc.property(fixed === undefined ? anySize : fc.constant(fixed), anySamples, (size, xs) => {
      const padded = [...Array<number>(size).fill(xs[0] ?? 0), ...xs];
      const expected = xs.map((_, i) => padded.slice(i + 1, i + 1 + size).sort((a, b) => a - b)[(size - 1) / 2]!);
      expect(plain(through([median(size)], xs).values)).toEqual(plain(expected));
    }),
    settings,
  );
});

test("an exponential moving average is its formula", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1, noNaN: true }), anySamples, (alpha, xs) => {
      const expected: number[] = [];
      for (const x of xs) expected.push(expected.length === 0 ? x : alpha * x + (1 - alpha) * expected.at(-1)!);
      expect(through([exponential_moving_average(alpha)], xs).values).toEqual(expected);
    }),
    settings,
  );
});

test("a median and an average behind it give the bits of the two apart, though those of 5 run in one closure", () => {
  const next = { push: () => {}, missing: () => {} };
  expect(smoothing(median(5), exponential_moving_average(1), next)).toBeDefined();
  expect(smoothing(median(3), exponential_moving_average(1), next)).toBeUndefined();
  fc.assert(
    fc.property(fc.constantFrom(3, 5, 7), fc.double({ min: 1e-6, max: 1, noNaN: true }), anySamples, (size, alpha, xs) => {
      const values: number[] = [];
      const end = { push: (x: number) => void values.push(x), missing: () => {} };
      // Neither asks its site for anything.
      const average = exponentialMovingAverageFamily.build(exponential_moving_average(alpha), end, {} as Site);
      const apart = medianFamily.build(median(size), average, {} as Site);
      for (const x of xs) apart.push(x);
      expect(plain(through([median(size), exponential_moving_average(alpha)], xs).values)).toEqual(plain(values));
    }),
    settings,
  );
});

test("a summary and a deadband behind it give what the two give apart, missing readings included", () => {
  const next = { push: () => {}, missing: () => {} };
  expect(reporting(summary(2), delta(1), next, () => {})).toBeDefined();
  for (const other of [delta("5%"), delta({ min_value: 1, max_value: 2 }), delta({ by: 1, baseline: 0 }), throttle(1)]) {
    expect(reporting(summary(2), other, next, () => {})).toBeUndefined();
  }
  const holed = fc.array(fc.oneof({ arbitrary: sample, weight: 4 }, { arbitrary: fc.constant(NaN), weight: 1 }), { maxLength: 60 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.double({ min: 0, max: 4, noNaN: true }), holed, (size, by, xs) => {
      // An offset of nothing between them keeps them apart.
      expect(through([summary(size), delta(by)], xs)).toEqual(through([summary(size), offset(0), delta(by)], xs));
    }),
    settings,
  );
});

test("a delta passes what is far enough from the last passed", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), anySamples, (by, xs) => {
      const expected: number[] = [];
      for (const x of xs) if (expected.length === 0 || Math.abs(x - expected.at(-1)!) > by) expected.push(x);
      expect(through([delta(by)], xs).values).toEqual(expected);
    }),
    settings,
  );
});

test("a throttle never passes two samples closer than asked, and none is held back that need not be", () => {
  const steps = fc.array(fc.integer({ min: 1, max: 5000 }), { maxLength: 50 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 0, max: 2 ** 45 }), steps, (everyMs, startMs, stepsMs) => {
      let nowMs = startMs;
      const timesMs = stepsMs.map((stepMs) => (nowMs += stepMs));
      const passed: number[] = [];
      for (const timeMs of timesMs) if (passed.length === 0 || timeMs - passed.at(-1)! >= everyMs) passed.push(timeMs);
      const values = timesMs.map((timeMs) => timeMs - startMs);
      expect(through([throttle(everyMs)], values, { timesMs }).values).toEqual(passed.map((timeMs) => timeMs - startMs));
    }),
    settings,
  );
});

const naive: Record<WindowResult, (xs: number[]) => number> = {
  min: (xs) => Math.min(...xs),
  max: (xs) => Math.max(...xs),
  mean: (xs) => xs.reduce((sum, x) => sum + x / xs.length, 0),
  std: (xs) => Math.sqrt(xs.reduce((sum, x) => sum + (x - naive.mean(xs)) ** 2 / xs.length, 0)),
  count: (xs) => xs.length,
};
const results = Object.keys(naive) as WindowResult[];

test("windows reduce each full chunk of samples", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), samples, (size, xs) => {
      for (const result of results) {
        const values = through([window(size, result)], xs).values;
        const expected = chunks(xs, size).map(naive[result]);
        expect(values).toHaveLength(expected.length);
        values.forEach((value, i) => {
          const chunk = chunks(xs, size)[i]!;
          // Squares lose half of the digits of the spread, sums hardly any.
          const spread = Math.max(...chunk) - Math.min(...chunk);
          const tolerance = result === "std" ? 1e-7 * spread : result === "mean" ? 1e-9 * spread + 1e-12 * Math.abs(chunk[0]!) : 0;
          expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(tolerance);
        });
      }
    }),
    settings,
  );
});

test("a summary reports what windows of its size give, bit for bit, and changes nothing", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), anySamples, (size, xs) => {
      const { values, summaries } = through([summary(size)], xs);
      expect(values).toEqual(xs);
      const columns = results.map((result) => through([window(size, result)], xs).values);
      expect(summaries.map(plain)).toEqual(chunks(xs, size).map((_, i) => plain(columns.map((column) => column[i]!))));
      expect(summaries.flat().every(Number.isFinite)).toBe(true);
    }),
    settings,
  );
});
