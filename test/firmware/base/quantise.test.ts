import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quantiser, resolutionNeed } from "../../../firmware/base/quantise.js";

const settings = { seed: 97, numRuns: 2000 };
const resolutions = [1e-12, 1e-6, 0.001, 0.0025, 0.01, 0.05, 0.1, 0.125, 0.25, 0.3, 0.5, 1, 1.5, 2, 5, 12.5, 100, 1e9];
const resolution = fc.constantFrom(...resolutions);

/** A resolution and numbers within a million steps of it, and near halves. */
const near = resolution.chain((step) => {
  const x = fc.oneof(
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.integer({ min: -2e6, max: 2e6 }).map((halves) => halves / 2),
  );
  return fc.tuple(
    fc.constant(step),
    x.map((steps) => steps * step),
    x.map((steps) => steps * step),
  );
});

describe("quantise", () => {
  test.each([
    [0.01, 21.2349, 21.23],
    [0.01, -21.235, -21.23],
    [0.1, 0.25, 0.3],
    [0.1, -0.25, -0.2],
    [0.05, 1.13, 1.15],
    [0.3, 1, 0.9],
    [1, 100.5, 101],
    [5, 12.4, 10],
    [100, 101_325, 101_300],
  ])("to %d makes of %d %d", (step, x, rounded) => {
    expect(quantiser(step)(x)).toBe(rounded);
  });

  test("never makes −0", () => {
    for (const step of resolutions)
      for (const part of [-0, -0.001, -0.25, -0.5]) expect(Object.is(quantiser(step)(part * step), -0)).toBe(false);
  });

  test("gives multiples of the resolution that print with no more decimals than it", () => {
    fc.assert(
      fc.property(near, ([step, x]) => {
        const decimals = step >= 1e-6 ? (String(step).split(".")[1] ?? "").length : 12;
        const rounded = quantiser(step)(x);
        expect(Number(rounded.toFixed(decimals))).toBe(rounded);
        expect(Math.abs(rounded / step - Math.round(rounded / step))).toBeLessThan(1e-9);
      }),
      settings,
    );
  });

  test("moves nothing by more than half a step", () => {
    fc.assert(
      fc.property(near, ([step, x]) => Math.abs(quantiser(step)(x) - x) <= step * (0.5 + 1e-9)),
      settings,
    );
  });

  test("leaves alone what it made", () => {
    fc.assert(
      fc.property(near, ([step, x]) => quantiser(step)(quantiser(step)(x)) === quantiser(step)(x)),
      settings,
    );
    const any = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(resolution, any, (step, x) => quantiser(step)(quantiser(step)(x)) === quantiser(step)(x)),
      settings,
    );
  });

  test("keeps the order", () => {
    fc.assert(
      fc.property(near, ([step, x, y]) => (x <= y ? quantiser(step)(x) <= quantiser(step)(y) : quantiser(step)(x) >= quantiser(step)(y))),
      settings,
    );
    const any = fc.double({ noNaN: true });
    fc.assert(
      fc.property(resolution, any, any, (step, x, y) => x > y || quantiser(step)(x) <= quantiser(step)(y)),
      settings,
    );
  });

  test("returns what is beyond rounding as it is, so that the caller sees it", () => {
    const beyond = fc.double({ min: 2 ** 50 / 100 + 0.01, max: Number.MAX_VALUE, noNaN: true });
    fc.assert(
      fc.property(beyond, (x) => quantiser(0.01)(x) === x && quantiser(0.01)(-x) === -x),
      settings,
    );
    expect(quantiser(0.01)(-Infinity)).toBe(-Infinity);
    expect(quantiser(0.01)(NaN)).toBeNaN();
  });

  test.each(resolutions)("takes a resolution of %d", (step) => {
    expect(resolutionNeed(step)).toBeUndefined();
  });

  test.each([0, -0.01, NaN, Infinity, 1 / 3, 1e-13, 2e9, Math.PI, "0.01", undefined])("has no use for a resolution of %s", (step) => {
    expect(resolutionNeed(step)).toBe("a decimal above 0, at most 1000000000, with at most 12 decimals, such as 0.01");
    expect(() => quantiser(step as number)).toThrow("broken invariant");
  });
});
