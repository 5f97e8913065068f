import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { delta, fir } from "../../../firmware/pipeline/builders.js";
import { firFamily } from "../../../firmware/pipeline/stages/fir.js";
import { plain, through } from "./channel.js";

const tap = fc.double({ min: -2, max: 2, noNaN: true });
const anyTaps = fc.array(tap, { minLength: 1, maxLength: 63 });
const symmetricTaps = fc
  .tuple(fc.array(tap, { minLength: 1, maxLength: 31 }), fc.option(tap, { nil: undefined }))
  .map(([half, middle]) => [...half, ...(middle === undefined ? [] : [middle]), ...[...half].reverse()]);

test("each result is the sum of the last samples times their coefficients, the first sample having been there always", () => {
  const samples = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { maxLength: 100 });
  fc.assert(
    fc.property(fc.oneof(anyTaps, symmetricTaps), samples, (taps, xs) => {
      fc.pre(taps.some((each) => each !== 0));
      const { values } = through([fir(taps)], xs);
      expect(values).toHaveLength(xs.length);
      values.forEach((value, n) => {
        const expected = taps.reduce((sum, each, i) => sum + each * xs[Math.max(0, n - i)]!, 0);
        expect(value).toBeCloseTo(expected, 8);
      });
    }),
    { seed: 20240229, numRuns: 300 },
  );
});

describe("fir", () => {
  test("weighs the newest sample by the first coefficient", () => {
    expect(through([fir([4, 2, 1])], [0, 1, 0, 0, 0]).values).toEqual([0, 4, 2, 1, 0]);
    expect(through([fir([1, 2, 3, 2, 1])], [0, 1, 0, 0, 0, 0, 0]).values).toEqual([0, 1, 2, 3, 2, 1, 0]);
    expect(through([fir([1, 5, 5, 1])], [0, 1, 0, 0, 0, 0]).values).toEqual([0, 1, 5, 5, 1, 0]);
    expect(through([fir([-2])], [1, 2]).values).toEqual([-2, -4]);
  });

  test("states its delay when its coefficients are symmetric", () => {
    const flow = { periodMs: 40, regular: true, delayMs: 5 };
    expect(firFamily.flow!(fir([1, 2, 3, 2, 1]), flow, [])).toEqual({ ...flow, delayMs: 85 });
    expect(firFamily.flow!(fir([1, 1]), flow, [])).toEqual({ ...flow, delayMs: 25 });
    expect(firFamily.flow!(fir([1, 2]), flow, [])).toEqual(flow);
  });

  test("passes a missing reading as missing while the last sample stands in for it, and begins anew when it has forgotten all others", () => {
    const taps = [0.5, 0.25, 0.25];
    const { all } = through([fir(taps)], [NaN, 4, 8, NaN, NaN, 0, NaN, NaN, NaN, 4]);
    const values = all.map(([x]) => x);
    expect(values).toEqual([NaN, 4, 6, NaN, NaN, 4, NaN, NaN, NaN, 4]);
  });

  test("makes a missing reading of a sum that overflows, and forgets it in time", () => {
    expect(through([fir([1, 1])], [1e100, 1e100, 0, 1])).toMatchObject({ missing: 2 });
    expect(plain(through([fir([1e100, 1])], [0, 1e100, 0, 1]).values)).toEqual([0, 1e100, 1e100]);
  });

  test("changes nothing in what its app declared", () => {
    const taps = Object.freeze([0.25, 0.5, 0.25]);
    expect(through([fir(taps)], [8, 8]).values).toEqual([8, 8]);
  });

  test.each([
    [fir([]), "taps must be 1 to 63 numbers, not 0"],
    [fir(Array<number>(64).fill(1)), "taps must be 1 to 63 numbers, not 64"],
    [fir([0, -0]), "taps must not all be 0"],
    [fir([1, NaN]), "taps must be numbers from -1e+100 to 1e+100, not NaN"],
    [fir([1, "2" as never]), 'taps must be numbers from -1e+100 to 1e+100, not "2"'],
    [fir(3 as never), "taps must be an array of 1 to 63 numbers, not 3"],
  ])("refuses what are no coefficients: %j", (stage, message) => {
    expect(() => through([stage], [])).toThrow(`channel "test", stage 1 (fir): ${message}`);
  });

  test("refuses samples that do not come on a grid", () => {
    expect(() => through([delta(0.1), fir([1])], [])).toThrow("stage 2 (fir): needs samples on a grid: put it before delta");
  });
});
