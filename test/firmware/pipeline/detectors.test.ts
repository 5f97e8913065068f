/** Detectors that need no learning, by what their docstrings promise. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { delta, hysteresis, multiply, out_of_range, rate_of_change, stuck } from "../../../firmware/pipeline/builders.js";
import { through } from "./channel.js";

const settings = { seed: 20240229, numRuns: 200 };

/** Without times, NaN for a missing reading. */
function all(...args: Parameters<typeof through>): number[] {
  return through(...args).all.map(([x]) => x);
}

describe("hysteresis", () => {
  test("is 1 from high on until below low", () => {
    expect(through([hysteresis(20, 22)], [21, 21.99, 22, 21, 20, 19.99, 21, 23]).values).toEqual([0, 0, 1, 1, 1, 0, 0, 1]);
  });

  test("begins as told, off unless told", () => {
    expect(through([hysteresis(20, 22)], [21, 21]).values).toEqual([0, 0]);
    expect(through([hysteresis(20, 22, { initial: true })], [21, 19]).values).toEqual([1, 0]);
    expect(through([hysteresis(20, 22, { initial: false })], [21, 22]).values).toEqual([0, 1]);
  });

  test("is a plain threshold where low equals high", () => {
    expect(through([hysteresis(5, 5)], [4, 5, 4.99, 6]).values).toEqual([0, 1, 0, 1]);
  });

  test("keeps its state over a missing reading, which passes", () => {
    expect(all([hysteresis(20, 22)], [23, NaN, 21])).toEqual([1, NaN, 1]);
  });

  test("gives only its changes with a delta behind it", () => {
    expect(through([hysteresis(20, 22), delta(0)], [21, 23, 23, 21, 18, 18]).values).toEqual([0, 1, 0]);
  });
});

describe("out_of_range", () => {
  test("is 1 outside of its bounds, which belong to the range", () => {
    expect(through([out_of_range({ min: 0, max: 100 })], [-0.01, 0, 50, 100, 100.01]).values).toEqual([1, 0, 0, 0, 1]);
    expect(through([out_of_range({ min: 0 })], [-1, 1e99]).values).toEqual([1, 0]);
    expect(through([out_of_range({ max: 0 })], [-1e99, 1]).values).toEqual([0, 1]);
  });

  test("can pass samples on, those outside as missing", () => {
    expect(all([out_of_range({ min: 0, max: 100, mark: "missing" })], [-1, 0, NaN, 100, 101])).toEqual([NaN, 0, NaN, 100, NaN]);
  });

  test("passes a missing reading as missing", () => {
    expect(all([out_of_range({ min: 0, mark: "alarm" })], [NaN, 1])).toEqual([NaN, 0]);
  });
});

describe("rate_of_change", () => {
  test("is 1 where a sample differs by more than is allowed from the one before", () => {
    expect(through([rate_of_change({ above: 2 })], [10, 12, 14.01, 12.01, 10, 10]).values).toEqual([0, 0, 1, 0, 1, 0]);
  });

  test("goes by the true time between samples", () => {
    const perMinute = [rate_of_change({ above: 2, perMs: 60_000 })];
    expect(through(perMinute, [20, 21, 22, 24.1], { timesMs: [0, 29_000, 59_000, 119_000] }).values).toEqual([0, 1, 0, 1]);
    expect(through(perMinute, [20, 21, 21.5, 23.4], { timesMs: [0, 30_000, 45_000, 102_001] }).values).toEqual([0, 0, 0, 0]);
  });

  test("judges one direction when asked to", () => {
    const samples = [0, 5, 0, -5];
    expect(through([rate_of_change({ above: 1, direction: "rise" })], samples).values).toEqual([0, 1, 0, 0]);
    expect(through([rate_of_change({ above: 1, direction: "fall" })], samples).values).toEqual([0, 0, 1, 1]);
    expect(through([rate_of_change({ above: 1, direction: "either" })], samples).values).toEqual([0, 1, 1, 1]);
  });

  test("repeats itself for a sample at the same time, and does not compare with it", () => {
    const timesMs = [0, 1000, 1000, 2000, 3000];
    expect(through([rate_of_change({ above: 2 })], [0, 3, 50, 4, 4], { timesMs }).values).toEqual([0, 1, 1, 0, 0]);
  });

  test("takes the mean rate over missing readings", () => {
    expect(all([rate_of_change({ above: 2 })], [0, NaN, NaN, 6, NaN, 11])).toEqual([0, NaN, NaN, 0, NaN, 1]);
  });

  test.each([2 ** 31, 2 ** 32, 2 ** 40])("keeps time across %i ms", (edgeMs) => {
    const timesMs = [-1000, 0, 1000, 1999].map((ms) => ms + edgeMs);
    expect(through([rate_of_change({ above: 2 })], [0, 2, 4, 6], { timesMs }).values).toEqual([0, 0, 0, 1]);
  });

  test("survives the greatest values", () => {
    expect(through([rate_of_change({ above: 1e100, perMs: 1 })], [-1e100, 1e100, 1e100]).values).toEqual([0, 0, 0]);
    expect(through([rate_of_change({ above: 1e100, perMs: 86_400_000 })], [-1e100, 1e100, 1e100]).values).toEqual([0, 1, 0]);
  });
});

describe("stuck", () => {
  test("is 1 from the sample on that makes as many as asked", () => {
    expect(through([stuck({ samples: 3 })], [5, 5, 5, 5, 6, 6, 6]).values).toEqual([0, 0, 1, 1, 0, 0, 1]);
  });

  test("is 1 once the time asked for has passed since the first of them", () => {
    const timesMs = [0, 999, 1000, 5000, 6000, 6500, 7000];
    expect(through([stuck({ forMs: 1000 })], [5, 5, 5, 5, 6, 6, 6], { timesMs }).values).toEqual([0, 0, 1, 1, 0, 0, 1]);
  });

  test("takes one step of the resolution for none, whatever binary fractions make of it, and two for a change", () => {
    for (let i = -3000; i < 3000; i += 13) {
      const [a, b, c] = [i / 100, (i + 1) / 100, (i + 2) / 100];
      expect(through([stuck({ samples: 2 })], [a!, b!, c!, a!]).values).toEqual([0, 1, 0, 0]);
      expect(through([stuck({ samples: 2, by: 0 })], [a!, a!, b!]).values).toEqual([0, 1, 0]);
    }
  });

  test("takes a slow drift for a change", () => {
    const drift = Array.from({ length: 100 }, (_, i) => i / 100);
    expect(through([stuck({ samples: 4 })], drift).values).not.toContain(1);
    expect(through([stuck({ samples: 4, by: 0.1 })], drift).values).toContain(1);
  });

  test("can pass samples on, those that are stuck as missing", () => {
    expect(all([stuck({ samples: 3, mark: "missing" })], [5, 5, 5, 5, 6])).toEqual([5, 5, NaN, NaN, 6]);
  });

  test("does not count missing readings, but lets time pass over them", () => {
    expect(all([stuck({ samples: 3 })], [5, NaN, 5, NaN, 5])).toEqual([0, NaN, 0, NaN, 1]);
    expect(all([stuck({ forMs: 3000 })], [5, NaN, NaN, 5, NaN])).toEqual([0, NaN, NaN, 1, NaN]);
  });

  test("survives the greatest values", () => {
    expect(through([multiply(1e99), stuck({ samples: 2 })], [10, -10, -10]).values).toEqual([0, 0, 1]);
  });

  test("is its definition", () => {
    const samples = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 40 });
    fc.assert(
      fc.property(samples, fc.integer({ min: 2, max: 6 }), (xs, count) => {
        let rest = 0;
        const expected = xs.map((x, i) => {
          if (Math.abs(x - xs[rest]!) > 1) rest = i;
          return i - rest + 1 >= count ? 1 : 0;
        });
        expect(through([stuck({ samples: count })], xs, { resolution: 1 }).values).toEqual(expected);
        const byTime = through([stuck({ forMs: (count - 1) * 1000 })], xs, { resolution: 1 });
        expect(byTime.values).toEqual(expected);
      }),
      settings,
    );
  });
});
