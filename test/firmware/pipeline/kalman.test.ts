/** `kalman` against the same filter in matrices with a start of which nothing is known, and against what it must come to in the limits. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { kalman } from "../../../firmware/pipeline/builders.js";
import { kalmanFamily } from "../../../firmware/pipeline/stages/kalman.js";
import { through } from "./channel.js";

const settings = { seed: 20240229, numRuns: 200 };

type Matrix = number[][];
const times = (a: Matrix, b: Matrix): Matrix => a.map((row) => b[0]!.map((_, j) => row.reduce((sum, x, k) => sum + x * b[k]![j]!, 0)));
const plus = (a: Matrix, b: Matrix, factor = 1): Matrix => a.map((row, i) => row.map((x, j) => x + factor * b[i]![j]!));
const transposed = (a: Matrix): Matrix => a[0]!.map((_, j) => a.map((row) => row[j]!));

/** The textbook's steps, with the covariance in Joseph's form. Starts at the first sample, its velocity unknown to within `unknown`. */
function textbook(samples: readonly number[], timesMs: readonly number[], q: number, r: number, unknown: number): number[] {
  let x: Matrix = [[samples[0]!], [0]];
  let p: Matrix = [
    [r, 0],
    [0, unknown],
  ];
  return samples.map((z, i) => {
    if (i === 0) return z;
    const dt = (timesMs[i]! - timesMs[i - 1]!) / 1000;
    const f = [
      [1, dt],
      [0, 1],
    ];
    const noise = [
      [(q * dt ** 3) / 3, (q * dt ** 2) / 2],
      [(q * dt ** 2) / 2, q * dt],
    ];
    x = times(f, x);
    p = plus(times(times(f, p), transposed(f)), noise);
    const s = p[0]![0]! + r;
    const k = [[p[0]![0]! / s], [p[1]![0]! / s]];
    x = plus(x, [[k[0]![0]! * (z - x[0]![0]!)], [k[1]![0]! * (z - x[0]![0]!)]]);
    const rest = [
      [1 - k[0]![0]!, 0],
      [-k[1]![0]!, 1],
    ];
    p = plus(times(times(rest, p), transposed(rest)), times(k, transposed(k)), r);
    return x[0]![0]!;
  });
}

const samplesAt = fc.array(fc.tuple(fc.integer({ min: 1, max: 20_000 }), fc.double({ min: -50, max: 50, noNaN: true })), {
  minLength: 1,
  maxLength: 40,
});

function spread(pairs: readonly (readonly [number, number])[]): { timesMs: number[]; samples: number[] } {
  let atMs = 0;
  return { timesMs: pairs.map(([step]) => (atMs += step)), samples: pairs.map(([, x]) => x) };
}

describe("kalman with a level", () => {
  test("weighs each sample by the variance that its estimate had grown to over the true time", () => {
    fc.assert(
      fc.property(samplesAt, fc.constantFrom(1e-6, 0.01, 2), fc.constantFrom(0.04, 1, 9), (pairs, process, measurement) => {
        const { timesMs, samples } = spread(pairs);
        let x = samples[0]!;
        let p = measurement;
        const expected = samples.map((z, i) => {
          if (i === 0) return x;
          p += (process * (timesMs[i]! - timesMs[i - 1]!)) / 1000;
          const k = p / (p + measurement);
          x += k * (z - x);
          p = (1 - k) * p;
          return x;
        });
        const { values } = through([kalman({ process, measurement })], samples, { timesMs });
        values.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 9));
      }),
      settings,
    );
  });

  test("is the mean of all samples when the level hardly wanders, and the sample itself when it wanders wildly", () => {
    const samples = [3, 5, 1, 9, 2, 4];
    const calm = through([kalman({ process: 1e-30, measurement: 1 })], samples).values;
    calm.forEach((value, i) => expect(value).toBeCloseTo(samples.slice(0, i + 1).reduce((sum, x) => sum + x, 0) / (i + 1), 12));
    const wild = through([kalman({ process: 1e30, measurement: 1 })], samples).values;
    wild.forEach((value, i) => expect(value).toBeCloseTo(samples[i]!, 12));
  });

  test("trusts a sample more after a gap, which passes as missing", () => {
    const stage = kalman({ process: 0.01, measurement: 1 });
    const steady = Array<number>(50).fill(0);
    const next = through([stage], [...steady, 10]).values.at(-1)!;
    const late = through([stage], [...steady, ...Array<number>(100).fill(NaN), 10]);
    expect(late.missing).toBe(100);
    expect(next).toBeCloseTo(10 * 0.0951, 2);
    expect(late.values.at(-1)!).toBeGreaterThan(5 * next);
  });

  test("follows a slow rise as late as its flow says", () => {
    for (const [process, measurement] of [
      [0.01, 1],
      [1, 1],
      [1e-4, 0.04],
    ] as const) {
      const { delayMs } = kalmanFamily.flow!(kalman({ process, measurement }), { periodMs: 500, regular: true, delayMs: 0 }, []) as {
        delayMs: number;
      };
      const timesMs = Array.from({ length: 4000 }, (_, i) => i * 500);
      const { values } = through([kalman({ process, measurement })], timesMs, { timesMs });
      expect(timesMs.at(-1)! - values.at(-1)!).toBeCloseTo(delayMs, 3);
    }
  });
});

describe("kalman with a velocity", () => {
  test("is the textbook's filter whose velocity was unknown at the start", () => {
    fc.assert(
      fc.property(samplesAt, fc.constantFrom(1e-6, 0.01, 2), fc.constantFrom(0.04, 1, 9), (pairs, process, measurement) => {
        const { timesMs, samples } = spread(pairs);
        // Not too close together: the model's unknown is finite.
        timesMs.forEach((_, i) => (timesMs[i] = timesMs[i]! + 100 * i));
        const expected = textbook(samples, timesMs, process, measurement, 1e9);
        const { values } = through([kalman({ process, measurement, model: "velocity" })], samples, { timesMs });
        expect(values).toHaveLength(samples.length);
        values.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(2e-3));
      }),
      settings,
    );
  });

  test("is the end of the straight line through all samples when nothing accelerates", () => {
    const samples = [3, 5, 1, 9, 2, 4, 8, 8];
    const timesMs = [0, 700, 2000, 3000, 3100, 9000, 9500, 20_000];
    const { values } = through([kalman({ process: 1e-30, measurement: 0.5, model: "velocity" })], samples, { timesMs });
    for (let n = 2; n <= samples.length; n++) {
      const ts = timesMs.slice(0, n);
      const xs = samples.slice(0, n);
      const meanT = ts.reduce((sum, t) => sum + t, 0) / n;
      const meanX = xs.reduce((sum, x) => sum + x, 0) / n;
      const slope = ts.reduce((sum, t, i) => sum + (t - meanT) * (xs[i]! - meanX), 0) / ts.reduce((sum, t) => sum + (t - meanT) ** 2, 0);
      expect(values[n - 1]).toBeCloseTo(meanX + slope * (ts[n - 1]! - meanT), 8);
    }
  });

  test("follows a steady rise without delay, and finds it again after a gap", () => {
    const samples = Array.from({ length: 200 }, (_, i) => (i > 150 && i < 170 ? NaN : 3 + 0.25 * i));
    const { values, missing } = through([kalman({ process: 1e-3, measurement: 0.1, model: "velocity" })], samples);
    expect(missing).toBe(19);
    expect(values.at(-1)).toBeCloseTo(3 + 0.25 * 199, 9);
  });

  test("begins anew when its estimate overflows, and stays finite for any samples", () => {
    const far = fc.array(fc.tuple(fc.constantFrom(0, 1, 86_400_000), fc.constantFrom(-1e100, 0, 1, 1e100)), {
      minLength: 1,
      maxLength: 40,
    });
    const model = fc.constantFrom("level", "velocity");
    const variance = fc.constantFrom(1e-50, 1, 1e50);
    fc.assert(
      fc.property(far, variance, variance, model, (pairs, process, measurement, kind) => {
        const { timesMs, samples } = spread(pairs);
        const { all } = through([kalman({ process, measurement, model: kind as "level" })], samples, { timesMs });
        expect(all).toHaveLength(samples.length);
        for (const [x] of all) expect(Number.isNaN(x) || Math.abs(x) <= 1e100).toBe(true);
      }),
      settings,
    );
    const stage = kalman({ process: 1e-50, measurement: 1, model: "velocity" });
    const { all } = through([stage], [-1e100, 1e100, 1e100, 5, 6], { timesMs: [0, 1, 1000, 2000, 3000] });
    expect(all.map(([x]) => x).slice(-2)).toEqual([5, 6]);
  });
});

test.each([
  [kalman({ process: 0, measurement: 1 }), "process must be a number from 1e-50 to 1e+50, not 0"],
  [kalman({ process: 1, measurement: -1 }), "measurement must be a number from 1e-50 to 1e+50, not -1"],
  [{ stage: "kalman", process: 1 } as never, "measurement is missing, it must be a number from 1e-50 to 1e+50"],
  [kalman({ process: 1, measurement: 1, model: "speed" as never }), 'model must be one of level, velocity, not "speed"'],
])("kalman refuses variances that are none: %j", (stage, message) => {
  expect(() => through([stage], [])).toThrow(`channel "test", stage 1 (kalman): ${message}`);
});
