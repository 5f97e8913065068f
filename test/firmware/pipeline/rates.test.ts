/** `derivative` and `integral`. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { delta, derivative, integral, multiply, throttle } from "../../../firmware/pipeline/builders.js";
import { through } from "./channel.js";

describe("derivative", () => {
  test("is the change over the true time, per second or what it is told, from the second sample on", () => {
    expect(through([derivative()], [1, 3, 2, 2]).values).toEqual([2, -1, 0]);
    expect(through([derivative({ perMs: 60_000 })], [1, 3, 2], { timesMs: [0, 30_000, 150_000] }).values).toEqual([4, -0.5]);
  });

  test("gives the mean rate over a gap, which passes as missing", () => {
    const { all } = through([derivative()], [NaN, 10, NaN, NaN, 16, 18]);
    expect(all).toEqual([
      [NaN, 0],
      [NaN, 2000],
      [NaN, 3000],
      [2, 4000],
      [2, 5000],
    ]);
  });

  test("gives nothing for a sample at the time of the one before, and goes on from it", () => {
    expect(through([derivative()], [1, 5, 6], { timesMs: [0, 0, 1000] }).all).toEqual([[1, 1000]]);
    expect(through([derivative()], [1, 5, 6], { timesMs: [0, 1000, 1000] }).all).toEqual([[4, 1000]]);
  });

  test("makes a missing reading of a rate that overflows", () => {
    expect(through([derivative({ perMs: 86_400_000 })], [0, 1e100, 1e100])).toMatchObject({ values: [0], missing: 1 });
  });
});

describe("integral", () => {
  test("makes Wh of W: the trapezoids between the samples, by their true times", () => {
    expect(through([integral()], [100, 100, 300], { timesMs: [0, 1_800_000, 3_600_000], flow: { periodMs: 1_800_000 } }).values).toEqual([
      0, 50, 150,
    ]);
    expect(through([integral({ perMs: 1000 })], [0, 2, -2, 4]).values).toEqual([0, 1, 1, 2]);
  });

  test("agrees with the sum of all trapezoids that are not wider than allowed", () => {
    const samples = fc.array(fc.tuple(fc.integer({ min: 1, max: 3000 }), fc.double({ min: -1e6, max: 1e6, noNaN: true })), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(samples, fc.integer({ min: 1000, max: 3000 }), (pairs, gapMaxMs) => {
        let atMs = 0;
        const timesMs = pairs.map(([step]) => (atMs += step));
        const xs = pairs.map(([, x]) => x);
        const { values } = through([integral({ perMs: 60_000, gapMaxMs })], xs, { timesMs });
        let area = 0;
        xs.forEach((x, i) => {
          const wide = i === 0 ? Infinity : timesMs[i]! - timesMs[i - 1]!;
          if (wide <= gapMaxMs) area += ((x + xs[i - 1]!) * wide) / 120_000;
          expect(Math.abs(values[i]! - area)).toBeLessThanOrEqual(1e-9 * 1e6);
        });
      }),
      { seed: 20240229, numRuns: 200 },
    );
  });

  test("joins the samples around a short gap by a line, and adds nothing over a long one", () => {
    const { values, missing } = through([integral({ perMs: 1000, gapMaxMs: 3000 })], [1, NaN, NaN, 3, NaN, NaN, NaN, 5, 5]);
    expect(missing).toBe(5);
    // 3 s of 2 on average; 4 s of nobody knows what; 1 s of 5.
    expect(values).toEqual([0, 6, 6, 11]);
    const ten = (gap: number): number => through([integral({ perMs: 1000 })], [1, ...Array<number>(gap - 1).fill(NaN), 1]).values.at(-1)!;
    expect([ten(10), ten(11)]).toEqual([10, 0]);
  });

  test("goes on after a restart from what was kept, and adds nothing for the time between", () => {
    const totals = new Map<string, number>();
    expect(through([multiply(2), integral({ perMs: 1000 })], [1, 1, 1], { totals }).values).toEqual([0, 2, 4]);
    expect([...totals]).toEqual([["integral 1000", 4]]);
    // A restart: time begins anew.
    const again = through([multiply(2), integral({ perMs: 1000 })], [NaN, 3, 3], { totals });
    expect(again.values).toEqual([4, 10]);
    expect([...totals]).toEqual([["integral 1000", 10]]);
    // In another unit it is another total.
    expect(through([integral({ perMs: 2000 })], [1], { totals }).values).toEqual([0]);
  });

  test("does not trust a kept number that no total can be", () => {
    for (const kept of [NaN, Infinity, 2e100])
      expect(through([integral()], [5], { totals: new Map([["integral 3600000", kept]]) }).values).toEqual([0]);
  });

  test("keeps adding small areas to a great total, which a plain sum would lose", () => {
    const totals = new Map([["integral 1000", 1e16]]);
    const { values } = through([integral({ perMs: 1000 })], Array<number>(10_001).fill(0.25), { totals });
    expect(values.at(-1)! - 1e16).toBe(2500);
    let plainSum = 1e16;
    for (let i = 0; i < 10_000; i++) plainSum += 0.25;
    expect(plainSum).toBe(1e16);
    // Negative totals, areas greater than the total, areas that cancel.
    expect(
      through([integral({ perMs: 1000 })], Array<number>(5).fill(-0.25), { totals: new Map([["integral 1000", -1e16]]) }).values.at(-1)! +
        1e16,
    ).toBe(0);
    expect(
      through([integral({ perMs: 1000 })], [1, 1e30, 1e30, -1e30, -1e30, -1e30, 1], { totals: new Map([["integral 1000", 1]]) }).values.at(
        -1,
      ),
    ).toBeCloseTo(-1e30 + 1, -10);
  });

  test("adds no area that leads beyond the greatest value, and goes on", () => {
    const { all } = through([integral({ perMs: 1 })], [1e100, 1e100, 0, 0, 1]);
    expect(all.map(([x]) => x)).toEqual([0, NaN, NaN, 0, 500]);
  });

  test("wants to be told how wide a gap may be where samples are not on a grid, and works there", () => {
    expect(() => through([delta(0.5), integral()], [])).toThrow(
      'channel "test", stage 2 (integral): needs gapMaxMs where samples do not come on a grid',
    );
    expect(through([delta(0.5), integral({ perMs: 1000, gapMaxMs: 60_000 })], [1, 1.1, 1.2, 2]).values).toEqual([0, 4.5]);
    expect(through([throttle(2000), integral({ perMs: 1000 })], [1, 1, 1]).values).toEqual([0, 2]);
  });
});

test.each([
  [derivative({ perMs: 0 }), "perMs must be a number from 1 to 86400000, not 0"],
  [derivative({ perMs: Infinity }), "perMs must be a number from 1 to 86400000, not Infinity"],
  [integral({ perMs: -5 }), "perMs must be a number from 1 to 86400000, not -5"],
  [integral({ gapMaxMs: 0 }), "gapMaxMs must be a number from 1 to 86400000, not 0"],
  [integral({ gapMaxMs: 999 }), "gapMaxMs must be at least the time between two samples, 1000 ms, not 999"],
  [{ stage: "integral", every: 1 } as never, 'unknown key "every", a integral has perMs, gapMaxMs'],
])("refused with the allowed range: %j", (stage: { stage: string }, message) => {
  expect(() => through([stage as never], [])).toThrow(`channel "test", stage 1 (${stage.stage}): ${message}`);
});
