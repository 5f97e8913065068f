/** `p2_quantile` against the example and the algorithm of its paper. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { p2_quantile, quantile } from "../../../firmware/pipeline/builders.js";
import { through } from "./channel.js";
import { exactQuantile, list, normals, uniforms } from "./statistics.js";

const settings = { seed: 20240229, numRuns: 150 };

const paperSamples = [
  0.02, 0.15, 0.74, 3.39, 0.83, 22.37, 10.15, 15.43, 38.62, 15.92, 34.6, 10.28, 1.47, 0.4, 0.05, 11.39, 0.27, 0.42, 0.09, 11.37,
];

/** The paper's box "P² algorithm", with its desired positions that grow by increments: heights of the markers after each sample from the fifth. */
function paperMarkers(p: number, samples: readonly number[]): { heights: number[]; positions: number[] }[] {
  const heights = samples.slice(0, 5).sort((a, b) => a - b);
  const positions = [1, 2, 3, 4, 5];
  const desired = [1, 1 + 2 * p, 1 + 4 * p, 3 + 2 * p, 5];
  const rows = [{ heights: [...heights], positions: [...positions] }];
  for (const x of samples.slice(5)) {
    heights[0] = Math.min(heights[0]!, x);
    heights[4] = Math.max(heights[4]!, x);
    let cell = 0;
    while (cell < 3 && x >= heights[cell + 1]!) cell++;
    for (let i = cell + 1; i < 5; i++) positions[i]!++;
    [0, p / 2, p, (1 + p) / 2, 1].forEach((increment, i) => (desired[i]! += increment));
    for (let i = 1; i < 4; i++) {
      const off = desired[i]! - positions[i]!;
      const [before, at, behind] = positions.slice(i - 1, i + 2) as [number, number, number];
      if (!((off >= 1 && behind - at > 1) || (off <= -1 && before - at < -1))) continue;
      const d = Math.sign(off);
      const [low, q, high] = heights.slice(i - 1, i + 2) as [number, number, number];
      const slopes = ((at - before + d) * (high - q)) / (behind - at) + ((behind - at - d) * (q - low)) / (at - before);
      const parabolic = q + (d / (behind - before)) * slopes;
      heights[i] = low < parabolic && parabolic < high ? parabolic : q + (d * (heights[i + d]! - q)) / (positions[i + d]! - at);
      positions[i]! += d;
    }
    rows.push({ heights: [...heights], positions: [...positions] });
  }
  return rows;
}

describe("p2_quantile", () => {
  test("gives the medians of the paper's example, table I", () => {
    const { values } = through([p2_quantile(0.5)], paperSamples);
    const published = [0.74, 0.74, 2.18, 4.75, 4.75, 9.28, 9.28, 9.28, 9.28, 6.3, 6.3, 6.3, 6.3, 4.44, 4.44];
    // The paper went on with rounded numbers, so that some are off by one in the last place; none by more.
    values.slice(5).forEach((x, i) => expect(Math.abs(x - published[i]!)).toBeLessThan(0.011));
    expect(values.at(-1)).toBeCloseTo(4.44, 2);
  });

  test("has the algorithm of the paper beside it, whose markers end as in table I", () => {
    const last = paperMarkers(0.5, paperSamples).at(-1)!;
    expect(last.heights.map((x) => Number(x.toFixed(2)))).toEqual([0.02, 0.49, 4.44, 17.2, 38.62]);
    expect(last.positions).toEqual([1, 6, 10, 16, 20]);
  });

  test("is that algorithm for any samples and quantiles", () => {
    const sample = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -1e6, max: 1e6, noNaN: true }));
    fc.assert(
      // Sums of sixteenths are exact, so that both agree on when a marker is due to move.
      fc.property(fc.integer({ min: 1, max: 15 }), fc.array(sample, { minLength: 6, maxLength: 80 }), (sixteenths, xs) => {
        const q = sixteenths / 16;
        const { values } = through([p2_quantile(q)], xs);
        paperMarkers(q, xs)
          .slice(1)
          .forEach(({ heights }, i) => expect(values[i + 5]).toBeCloseTo(heights[2]!, 5));
      }),
      settings,
    );
  });

  test("is exact up to five samples, as quantile is", () => {
    const xs = [3, -1, 7, 7, 2];
    for (const q of [0, 0.1, 0.5, 0.6, 0.9, 1]) {
      expect(through([p2_quantile(q)], xs).values).toEqual(xs.map((_, i) => exactQuantile(q, xs.slice(0, i + 1))));
      expect(through([p2_quantile(q)], xs).values).toEqual(through([quantile({ window_size: 5, send_every: 1, quantile: q })], xs).values);
    }
  });

  test("is exact at both ends", () => {
    const draw = normals("ends");
    const xs = list(500, draw);
    expect(through([p2_quantile(0)], xs).values.at(-1)).toBe(Math.min(...xs));
    expect(through([p2_quantile(1)], xs).values.at(-1)).toBe(Math.max(...xs));
  });

  test("comes within a percent of the rank on 5,000 samples of several distributions", () => {
    const uniform = uniforms("p2");
    const normal = normals("p2");
    for (const draw of [uniform, normal, () => Math.exp(normal()), () => (uniform() < 0.5 ? normal() : 8 + normal())]) {
      const xs = list(5000, draw);
      for (const q of [0.05, 0.5, 0.9, 0.99]) {
        const estimate = through([p2_quantile(q, 5000)], xs).values[0]!;
        const rank = xs.filter((x) => x <= estimate).length / xs.length;
        expect(Math.abs(rank - q)).toBeLessThan(0.012);
      }
    }
  });

  test("begins anew with each `samples`, and gives one result for them", () => {
    const xs = list(61, normals("blocks"));
    const { all } = through([p2_quantile(0.25, 20)], xs);
    expect(all.map(([, atMs]) => atMs)).toEqual([19_000, 39_000, 59_000]);
    [0, 20, 40].forEach((start, i) => {
      expect(all[i]![0]).toBe(through([p2_quantile(0.25)], xs.slice(start, start + 20)).values.at(-1));
    });
    expect(through([p2_quantile(0.5, 3)], [1, 5, 2, 9, 8, 7]).values).toEqual([2, 8]);
    expect(through([p2_quantile(0.5, 1)], [1, 5]).values).toEqual([1, 5]);
  });

  test("does not count missing readings, which pass", () => {
    const run = through([p2_quantile(0.5, 3)], [1, NaN, 2, NaN, 3]);
    expect(run.all.map(([x]) => x)).toEqual([NaN, NaN, 2]);
  });

  test("stays within the samples at the greatest values", () => {
    const xs = list(50, (i) => (i % 2 === 0 ? 1e100 : -1e100));
    for (const x of through([p2_quantile(0.3)], xs).values) expect(Math.abs(x)).toBeLessThanOrEqual(1e100);
  });
});
