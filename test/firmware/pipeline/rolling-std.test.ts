/** `rolling_std` against the definition: over each window, the mean, then the mean square of the distances from it. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { rolling_std } from "../../../firmware/pipeline/builders.js";
import { through } from "./channel.js";
import { list, normals } from "./statistics.js";

const settings = { seed: 20240229, numRuns: 200 };

function naive(samples: readonly number[], window: number): number[] {
  return samples.map((_, i) => {
    const last = samples.slice(Math.max(0, i + 1 - window), i + 1);
    const mean = last.reduce((sum, x) => sum + x, 0) / last.length;
    return Math.sqrt(last.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / last.length);
  });
}

/** The greatest difference, as a part of what is right. */
function error(values: readonly number[], right: readonly number[]): number {
  expect(values.length).toBe(right.length);
  return Math.max(0, ...values.map((x, i) => (x === right[i] ? 0 : Math.abs(x - right[i]!) / right[i]!)));
}

test("is the standard deviation of the last samples, of those that there are", () => {
  expect(through([rolling_std(3)], [1, 3, 5, 5, 5]).values.map((x) => x * x)).toEqual(
    [0, 1, 8 / 3, 8 / 9, 0].map((x) => expect.closeTo(x, 12)),
  );
  const sample = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -1e6, max: 1e6, noNaN: true }));
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 80 }), fc.integer({ min: 2, max: 30 }), (xs, window) => {
      const right = naive(xs, window);
      const greatest = Math.max(1e-300, ...xs.map(Math.abs));
      through([rolling_std(window)], xs).values.forEach((x, i) => expect(Math.abs(x - right[i]!) / greatest).toBeLessThan(1e-12));
    }),
    settings,
  );
});

test("keeps its digits on an offset of 1e9", () => {
  const draw = normals("offset");
  // Multiples of 1 ÷ 1024, which are exact on both offsets.
  const xs = list(2000, () => Math.round(draw() * 1024) / 1024);
  for (const window of [2, 15, 60, 101]) {
    const right = naive(xs, window);
    const offset = xs.map((x) => x + 1e9);
    expect(error(through([rolling_std(window)], offset).values, right)).toBeLessThan(1e-11);
    // The formula with the mean of squares has lost all of them.
    const squares = offset.slice(0, window).reduce((sum, x) => sum + x * x, 0) / window;
    const mean = offset.slice(0, window).reduce((sum, x) => sum + x, 0) / window;
    expect(Math.abs(squares - mean * mean - right[window - 1]! ** 2)).toBeGreaterThan(0.1);
  }
});

test("forgets a spike when it leaves, and is no worse after 200,000 samples", () => {
  const draw = normals("long");
  const xs = list(200_000, (i) => (i % 5000 === 4000 ? 1e12 : draw() + i / 1000));
  const { values } = through([rolling_std(50)], xs);
  for (const end of [5000, 100_000, 200_000]) {
    const tail = xs.slice(end - 800, end);
    expect(error(values.slice(end - 700, end), naive(tail, 50).slice(100))).toBeLessThan(1e-12);
  }
});

test("is exactly 0 where samples stand still", () => {
  expect(through([rolling_std(7)], Array<number>(50).fill(0.1)).values).toEqual(Array<number>(50).fill(0));
});

test("takes 15 samples without parameters", () => {
  const xs = list(100, normals("default"));
  expect(through([rolling_std()], xs).values).toEqual(through([rolling_std(15)], xs).values);
});

test("lets missing readings pass, which take no place in the window", () => {
  const run = through([rolling_std(2)], [1, NaN, 3, NaN, NaN, 7]);
  expect(run.all.map(([x]) => x)).toEqual([0, NaN, 1, NaN, NaN, 2]);
});

test("survives the greatest values", () => {
  const run = through(
    [rolling_std(4)],
    list(20, (i) => (i % 2 === 0 ? 1e100 : -1e100)),
  );
  expect(run.values.length + run.missing).toBe(20);
  for (const x of run.values) expect(x).toBeLessThanOrEqual(1e100);
});
