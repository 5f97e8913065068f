import { describe, expect, it } from "vitest";
import { cos, exp, ln, pow, sin } from "../../../firmware/base/math.js";
import { checksumOf20000, mathChecksum } from "./math-checksum.js";

const view = new DataView(new ArrayBuffer(8));

/** A number's place in the order of all doubles. */
function place(x: number): bigint {
  view.setFloat64(0, x);
  const bits = view.getBigInt64(0);
  return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits;
}

function ulps(a: number, b: number): number {
  if (a === b || (a !== a && b !== b)) return 0;
  const apart = place(a) - place(b);
  return Number(apart < 0n ? -apart : apart);
}

/** The worst of 20,000 inputs spread evenly over a range, in ulps apart from the engine's own. */
function worst(ours: (x: number) => number, theirs: (x: number) => number, from: number, to: number): number {
  let most = 0;
  for (let i = 0; i < 20_000; i++) {
    const x = from + (to - from) * ((i * 0.6180339887498949) % 1);
    most = Math.max(most, ulps(ours(x), theirs(x)));
  }
  return most;
}

const ordinary = [0, -0, 1, -1, 2, -2, 0.5, -0.5, 3, -3, 1.5];
const special = [...ordinary, Infinity, -Infinity, NaN, 1e300, -1e300, 5e-324, 2.2250738585072014e-308, Number.MAX_VALUE];

describe("base/math", () => {
  it("keeps ln within 2 ulp of the engine's over all magnitudes", () => {
    expect(worst(ln, Math.log, 0, 4)).toBeLessThanOrEqual(2);
    expect(worst(ln, Math.log, 0.99, 1.01)).toBeLessThanOrEqual(2);
    expect(
      worst(
        (x) => ln(2 ** x),
        (x) => Math.log(2 ** x),
        -1074,
        1023,
      ),
    ).toBeLessThanOrEqual(2);
  });

  it("keeps exp within 2 ulp of the engine's from underflow to overflow", () => {
    expect(worst(exp, Math.exp, -1, 1)).toBeLessThanOrEqual(2);
    expect(worst(exp, Math.exp, -745, 709.7)).toBeLessThanOrEqual(2);
  });

  it("keeps sin and cos within 2 ulp of the engine's up to a million radians", () => {
    for (const range of [1, 10, 1e3, 1e6]) {
      expect(worst(sin, Math.sin, -range, range)).toBeLessThanOrEqual(2);
      expect(worst(cos, Math.cos, -range, range)).toBeLessThanOrEqual(2);
    }
    expect(ulps(sin(Math.PI), Math.sin(Math.PI))).toBeLessThanOrEqual(2);
    expect(ulps(cos(Math.PI / 2), Math.cos(Math.PI / 2))).toBeLessThanOrEqual(2);
  });

  it("keeps pow within 2 ulp of the engine's, also where the exponent is large", () => {
    expect(
      worst(
        (x) => pow(x, 0.190263),
        (x) => Math.pow(x, 0.190263),
        0.3,
        1.1,
      ),
    ).toBeLessThanOrEqual(2);
    expect(
      worst(
        (x) => pow(7.3, x),
        (x) => Math.pow(7.3, x),
        -300,
        300,
      ),
    ).toBeLessThanOrEqual(2);
    expect(
      worst(
        (x) => pow(1.0078, x),
        (x) => Math.pow(1.0078, x),
        0,
        60_000,
      ),
    ).toBeLessThanOrEqual(2);
  });

  it("agrees with the international barometric formula's published values", () => {
    // ICAO standard atmosphere: 898.746 hPa at 1,000 m, 540.199 hPa at 5,000 m.
    expect(44330.77 * (1 - pow(898.746 / 1013.25, 0.190263))).toBeCloseTo(1000, 0);
    expect(44330.77 * (1 - pow(540.199 / 1013.25, 0.190263))).toBeCloseTo(5000, 0);
  });

  it("has the engine's special values: zeros, infinities, NaN, negative bases, subnormals", () => {
    for (const x of special) {
      expect(ulps(ln(x), Math.log(x)), `ln(${x})`).toBeLessThanOrEqual(1);
      expect(ulps(exp(x), Math.exp(x)), `exp(${x})`).toBeLessThanOrEqual(1);
      for (const y of special) {
        const ours = pow(x, y);
        const theirs = Math.pow(x, y);
        expect(ulps(ours, theirs), `pow(${x}, ${y})`).toBeLessThanOrEqual(1);
        if (theirs === 0) expect(Object.is(ours, theirs), `sign of pow(${x}, ${y})`).toBe(true);
      }
    }
    for (const x of [Infinity, -Infinity, NaN]) expect([sin(x), cos(x)]).toEqual([NaN, NaN]);
    expect(Object.is(sin(-0), -0)).toBe(true);
    expect(cos(0)).toBe(1);
  });

  it("stays within [-1, 1] for sin and cos of huge angles", () => {
    for (const x of [1647098, 1647099, 1e9, 1e15, 1e300, -1e300]) {
      expect(Math.abs(sin(x))).toBeLessThanOrEqual(1);
      expect(sin(x) ** 2 + cos(x) ** 2).toBeCloseTo(1, 12);
    }
  });

  it("gives the committed bits over 100,000 results", () => {
    expect(mathChecksum(20_000)).toBe(checksumOf20000);
  });
});
