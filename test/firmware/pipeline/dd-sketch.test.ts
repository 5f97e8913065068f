/** `dd_sketch` against its guarantee, and against a sketch that is obviously right. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dd_sketch } from "../../../firmware/pipeline/builders.js";
import { ddSketchFamily } from "../../../firmware/pipeline/stages/ddsketch.js";
import { through } from "./channel.js";
import { exactQuantile, list, normals, uniforms } from "./statistics.js";

const settings = { seed: 20240229, numRuns: 150 };
/** Evenly drawn, which doubles of fast-check are not. */
const part = fc.integer({ min: 0, max: 1000 }).map((thousandths) => thousandths / 1000);

describe("dd_sketch", () => {
  const positive = fc.double({ min: 1e-9, max: 1e9, noNaN: true });
  const distributions = fc.oneof(
    fc.array(part, { minLength: 1, maxLength: 200 }),
    fc.array(
      part.map((x) => Math.exp(40 * x - 20)),
      { minLength: 1, maxLength: 200 },
    ),
    fc.array(
      fc.oneof(
        fc.constant(0),
        positive,
        positive.map((x) => -x),
      ),
      { minLength: 1, maxLength: 200 },
    ),
    fc.array(fc.integer({ min: -30, max: 30 }), { minLength: 1, maxLength: 200 }),
    fc.array(fc.double({ min: -1e99, max: 1e99, noNaN: true }), { minLength: 1, maxLength: 200 }),
  );

  test("keeps its relative error for any samples, negative ones and zero among them", () => {
    const accuracies = fc.constantFrom(0.001, 0.01, 0.02, 0.1, 0.5);
    fc.assert(
      fc.property(distributions, part, accuracies, (xs, q, accuracy) => {
        const { values } = through([dd_sketch(q, { accuracy, samples: xs.length, binsMax: 200 })], xs);
        const truth = exactQuantile(q, xs);
        expect(Math.abs(values[0]! - truth)).toBeLessThanOrEqual(accuracy * Math.abs(truth) * (1 + 1e-9));
      }),
      { ...settings, numRuns: 400 },
    );
  });

  test.each(["uniform", "normal", "exponential", "heavy-tailed"])("keeps it over 5,000 %s samples with the default bins", (name) => {
    const uniform = uniforms(`dd ${name}`);
    const normal = normals(`dd ${name}`);
    const draws: Record<string, () => number> = {
      uniform,
      normal: () => 20 + 3 * normal(),
      exponential: () => -Math.log(1 - uniform()),
      "heavy-tailed": () => 1 / (1 - uniform()),
    };
    const xs = list(5000, draws[name]!);
    // More bins are in use than there may be, and the lower ones become one.
    for (const q of name === "heavy-tailed" ? [0.99, 0.999] : [0.5, 0.9, 0.99, 0.999]) {
      const { values } = through([dd_sketch(q, { samples: 5000 })], xs);
      expect(Math.abs(values[0]! / exactQuantile(q, xs) - 1)).toBeLessThanOrEqual(0.01 + 1e-9);
    }
  });

  test("keeps it for the greatest magnitudes when there are more bins than may be, and only for them", () => {
    const accuracy = 0.05;
    const ratio = (1 + accuracy) / (1 - accuracy);
    const bin = (x: number): number => Math.ceil(Math.log(x) / Math.log(ratio));
    let inaccurate = 0;
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 60, maxLength: 150 }),
        fc.integer({ min: 4, max: 30 }),
        part,
        fc.constantFrom(1, -1),
        (numbers, binsMax, q, sign) => {
          const xs = numbers.map((x) => sign * x);
          const truth = exactQuantile(q, xs);
          const used = [...new Set(xs.map((x) => bin(Math.abs(x))))].sort((a, b) => b - a);
          const { values } = through([dd_sketch(q, { accuracy, samples: xs.length, binsMax })], xs);
          const error = Math.abs(values[0]! / truth - 1);
          if (used.indexOf(bin(Math.abs(truth))) < binsMax - 1) expect(error).toBeLessThanOrEqual(accuracy * (1 + 1e-9));
          else if (error > accuracy * (1 + 1e-9)) inaccurate++;
        },
      ),
      settings,
    );
    expect(inaccurate).toBeGreaterThan(10);
  });

  test("counts every sample in its bin, or in the one next to zero when bins had to become one", () => {
    const accuracy = 0.05;
    const logRatio = Math.log((1 + accuracy) / (1 - accuracy));
    interface Bin {
      readonly sign: number;
      readonly index: number;
      count: number;
    }
    const model = (xs: readonly number[], q: number, binsMax: number): number => {
      const bins: Bin[] = [];
      const merged = { "-1": false, "0": false, "1": false };
      /** Those of one side, the one next to zero first. */
      const side = (sign: number): Bin[] => bins.filter((bin) => bin.sign === sign).sort((a, b) => a.index - b.index);
      for (const x of xs) {
        const sign = Math.sign(x) as -1 | 0 | 1;
        const index = sign === 0 ? 0 : Math.ceil(Math.log(Math.abs(x)) / logRatio);
        const nearest = side(sign)[0];
        const found = merged[sign] && index <= nearest!.index ? nearest : bins.find((bin) => bin.sign === sign && bin.index === index);
        if (found) found.count++;
        else bins.push({ sign, index, count: 1 });
        if (bins.length <= binsMax) continue;
        const [above, below] = [side(1), side(-1)];
        const up = below.length < 2 || (above.length > 1 && above[1]!.index <= below[1]!.index);
        const [gone, kept] = (up ? above : below) as [Bin, Bin];
        merged[up ? 1 : -1] = true;
        kept.count += gone.count;
        bins.splice(bins.indexOf(gone), 1);
      }
      const ascending = [...side(-1).reverse(), ...side(0), ...side(1)];
      let left = Math.max(1, Math.ceil(Math.fround(xs.length * q)));
      const { sign, index } = ascending.find((bin) => (left -= bin.count) <= 0)!;
      return sign * Math.exp(index * logRatio) * (1 - accuracy);
    };
    // Each some times in a row, in few bins or in ever new ones; none lies on a bound between two.
    const power = fc.oneof(
      fc.integer({ min: -3, max: 8 }),
      fc.integer({ min: 0, max: 1000 }).map((thousandths) => thousandths / 100),
    );
    const value = fc.tuple(power, fc.constantFrom(-1, -1, 0, 1, 1)).map(([exponent, sign]) => sign * 1.37 * 2.3 ** exponent);
    const row = fc.tuple(value, fc.integer({ min: 1, max: 4 }));
    const any = fc.array(row, { minLength: 90, maxLength: 90 });
    const growing = any.map((drawn) => [...drawn].sort(([x], [y]) => Math.abs(x) - Math.abs(y)).filter((_, i) => i % 3 === 0));
    const rows = fc.oneof(
      any,
      growing,
      any.map((drawn) => drawn.map(([x]) => [x, 1] as const)),
    );
    fc.assert(
      fc.property(rows, fc.integer({ min: 4, max: 14 }), part, (drawn, binsMax, q) => {
        const xs = drawn.flatMap(([x, times]) => Array<number>(times).fill(x));
        const { values } = through([dd_sketch(q, { accuracy, samples: 30, binsMax })], xs);
        expect(values.length).toBe(Math.floor(xs.length / 30));
        values.forEach((x, block) => {
          const right = model(xs.slice(block * 30, block * 30 + 30), q, binsMax);
          expect(Math.abs(x - right)).toBeLessThanOrEqual(1e-9 * Math.abs(right));
        });
      }),
      { ...settings, numRuns: 500 },
    );
  });

  test("gives up the bins next to zero on either side", () => {
    const xs = [-1000, -500, -250, -0.001, 0, 0.001, 0.002, 250, 500, 1000];
    for (const [place, truth] of [-1000, -500, -250].entries()) {
      expect(through([dd_sketch((place + 1) / 10, { samples: 10, binsMax: 8 })], xs).values[0]! / truth).toBeCloseTo(1, 1);
      expect(through([dd_sketch((10 - place) / 10, { samples: 10, binsMax: 8 })], xs).values[0]! / -truth).toBeCloseTo(1, 1);
    }
  });

  test("loses none of those that come in a row in a bin that was given up", () => {
    const xs = [-1000, -100, -10, -1, -0.5, -0.5, -0.5, -0.5, 1000, 1000, 1000];
    const results = xs.map((_, i) => through([dd_sketch((i + 1) / 11, { samples: 11, binsMax: 4 })], xs).values[0]!);
    expect(results.map((x) => Math.round(x / 10) * 10)).toEqual(
      [-1000, -100, -10, -10, -10, -10, -10, -10, 1000, 1000, 1000].map((x) => expect.closeTo(x, -1.2)),
    );
  });

  test("begins anew with each `samples`", () => {
    const values = through([dd_sketch(0.5, { samples: 3 })], [1, 2, 3, 100, 200, 300, 0, 0, -7]).values;
    [2, 200, 0].forEach((truth, i) => expect(Math.abs(values[i]! - truth)).toBeLessThanOrEqual(truth * 0.01));
  });

  test("does not count missing readings, which pass", () => {
    const run = through([dd_sketch(1, { samples: 2 })], [0, NaN, 0, NaN]);
    expect(run.all.map(([x]) => x)).toEqual([NaN, 0, NaN]);
  });

  test("says what it holds, gives a missing reading for an estimate beyond the greatest value", () => {
    expect(ddSketchFamily.held!(dd_sketch(0.5))).toBe(258);
    const greatest = [1e100, 9e99, 8e99, 7e99, 6e99, 5e99];
    const runs = [0.1, 0.2, 0.3, 0.4, 0.5].map((accuracy) => through([dd_sketch(0.5, { samples: 1, accuracy })], greatest));
    expect(runs.some(({ missing }) => missing > 0)).toBe(true);
    for (const { values, missing } of runs) {
      expect(values.length + missing).toBe(6);
      for (const x of values) expect(x).toBeLessThanOrEqual(1e100);
    }
  });
});
