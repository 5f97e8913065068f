/** `low_pass`, `high_pass`, `band_pass`, `notch`: what they do to sines, and against the cookbook's formulas in direct form I. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { band_pass, delta, high_pass, low_pass, notch, or, throttle } from "../../../firmware/pipeline/builders.js";
import type { Stage } from "../../../firmware/pipeline/stage.js";
import { bandPassFamily, highPassFamily, lowPassFamily, notchFamily } from "../../../firmware/pipeline/stages/biquad.js";
import { through } from "./channel.js";

/** 100 Hz. */
const flow = { periodMs: 10 };
const rateHz = 100;

function sines(hz: number, count: number, phase = 0): number[] {
  return Array.from({ length: count }, (_, i) => Math.sin((2 * Math.PI * hz * i) / rateHz + phase));
}

/** Amplitude and delay (in samples) of what comes out for a sine, measured over whole cycles once it has settled. */
function response(stage: Stage, hz: number): { gain: number; delay: number } {
  const settle = 20_000;
  const count = 10_000;
  const values = through([stage], sines(hz, settle + count), { flow }).values.slice(settle);
  let inPhase = 0;
  let quadrature = 0;
  values.forEach((y, i) => {
    const angle = (2 * Math.PI * hz * (settle + i)) / rateHz;
    inPhase += (2 / count) * y * Math.sin(angle);
    quadrature += (2 / count) * y * Math.cos(angle);
  });
  return { gain: Math.hypot(inPhase, quadrature), delay: (-Math.atan2(quadrature, inPhase) / (2 * Math.PI * hz)) * rateHz };
}

const decibels = (stage: Stage, hz: number): number => 20 * Math.log10(response(stage, hz).gain);

describe("low_pass", () => {
  test.each([1, 10, 25, 40])("at %d Hz is 3 dB down there, flat below and steep above", (hz) => {
    const filter = low_pass(hz);
    expect(decibels(filter, hz)).toBeCloseTo(-3.0103, 3);
    expect(Math.abs(decibels(filter, hz / 10))).toBeLessThan(0.01);
    if (hz <= 10) expect(decibels(filter, hz * 4)).toBeLessThan(-23);
  });

  test("peaks by its q", () => expect(response(low_pass(10, 5), 10).gain).toBeCloseTo(5, 6));

  test.each([0.5, Math.SQRT1_2, 3])("delays a slow change by what its flow says (q %d)", (q) => {
    const { delayMs } = lowPassFamily.flow!(low_pass(5, q), { ...flow, regular: true, delayMs: 7 }, []) as { delayMs: number };
    expect(response(low_pass(5, q), 0.01).delay * 10).toBeCloseTo(delayMs - 7, 1);
  });
});

describe("high_pass", () => {
  test.each([1, 10, 25, 40])("at %d Hz is 3 dB down there, flat above and steep below", (hz) => {
    const filter = high_pass(hz);
    expect(decibels(filter, hz)).toBeCloseTo(-3.0103, 3);
    expect(decibels(filter, hz / 10)).toBeLessThan(-39);
    if (hz <= 10) expect(Math.abs(decibels(filter, 49))).toBeLessThan(0.01);
  });

  test("gives 0 for what stands still, from the first sample on", () => {
    expect(through([high_pass(1)], Array<number>(5).fill(1013.25), { flow }).values).toEqual([0, 0, 0, 0, 0]);
  });
});

describe("band_pass", () => {
  test.each([
    [5, 1],
    [20, 1],
    [20, 10],
    [10, 0.5],
  ])("at %d Hz with q %d passes that whole, and is 3 dB down at the ends of its band", (hz, q) => {
    const filter = band_pass(hz, q);
    expect(decibels(filter, hz)).toBeCloseTo(0, 6);
    // The bilinear transform bends frequencies: the band's ends are those of the bent ones.
    const bent = (f: number): number => Math.tan((Math.PI * f) / rateHz);
    const straight = (w: number): number => (Math.atan(w) * rateHz) / Math.PI;
    const upper = bent(hz) * (1 / (2 * q) + Math.sqrt(1 + 1 / (4 * q * q)));
    expect(decibels(filter, straight(upper))).toBeCloseTo(-3.0103, 2);
    expect(decibels(filter, straight(bent(hz) ** 2 / upper))).toBeCloseTo(-3.0103, 2);
    expect(decibels(filter, hz / 50)).toBeLessThan(-27);
  });

  test("shows when a band's strength changes as late as its flow says", () => {
    const { delayMs } = bandPassFamily.flow!(band_pass(20, 4), { ...flow, regular: true, delayMs: 0 }, []) as { delayMs: number };
    // Group delay: how the phase changes with frequency.
    const phase = (hz: number): number => response(band_pass(20, 4), hz).delay * hz * 2 * Math.PI;
    expect(((phase(20.01) - phase(19.99)) / (0.02 * 2 * Math.PI * rateHz)) * 1000).toBeCloseTo(delayMs, 1);
  });
});

describe("notch", () => {
  test.each([
    [25, 1],
    [16, 10],
    [40, 30],
  ])("at %d Hz with q %d takes that out and leaves what is slower and faster", (hz, q) => {
    expect(decibels(notch(hz, q), hz)).toBeLessThan(-120);
    expect(Math.abs(decibels(notch(hz, q), 0.1))).toBeLessThan(0.01);
    expect(Math.abs(decibels(notch(hz, q), 49.9))).toBeLessThan(0.1);
  });

  test("leaves a level with a hum on it as the level", () => {
    const samples = sines(20, 2000).map((x) => 21.5 + 3 * x);
    for (const x of through([notch(20)], samples, { flow }).values.slice(-100)) expect(x).toBeCloseTo(21.5, 6);
  });
});

const kinds = { low_pass, high_pass, band_pass, notch };

/** As the cookbook prints them, in direct form I, with the first sample having been there always. */
function cookbook(kind: keyof typeof kinds, hz: number, q: number, samples: readonly number[]): number[] {
  const w = (2 * Math.PI * hz) / rateHz;
  const alpha = Math.sin(w) / (2 * q);
  const c = Math.cos(w);
  const b = {
    low_pass: [(1 - c) / 2, 1 - c, (1 - c) / 2],
    high_pass: [(1 + c) / 2, -(1 + c), (1 + c) / 2],
    band_pass: [alpha, 0, -alpha],
    notch: [1, -2 * c, 1],
  }[kind];
  const still = kind === "low_pass" || kind === "notch" ? 1 : 0;
  const x = [samples[0]!, samples[0]!];
  const y = [still * samples[0]!, still * samples[0]!];
  return samples.map((sample) => {
    const result = (b[0]! * sample + b[1]! * x[0]! + b[2]! * x[1]! + 2 * c * y[0]! - (1 - alpha) * y[1]!) / (1 + alpha);
    x.unshift(sample);
    y.unshift(result);
    return result;
  });
}

const kind = fc.constantFrom(...(Object.keys(kinds) as (keyof typeof kinds)[]));

test("each is the cookbook's filter, settled on the first sample", () => {
  const samples = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(
      kind,
      fc.double({ min: 0.5, max: 49, noNaN: true }),
      fc.double({ min: 0.1, max: 20, noNaN: true }),
      samples,
      (name, hz, q, xs) => {
        const expected = cookbook(name, hz, q, xs);
        const { values } = through([kinds[name](hz, q)], xs, { flow });
        values.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 8));
      },
    ),
    { seed: 20240229, numRuns: 200 },
  );
});

test("a constant stays what it is, to the last bit, however low the frequency", () => {
  for (const hz of [0.001, 0.01, 1, 49.9]) {
    for (const filter of [low_pass(hz), notch(hz)]) {
      expect(new Set(through([filter], Array<number>(1000).fill(1013.25), { flow }).values)).toEqual(new Set([1013.25]));
    }
  }
});

test("the lowest frequency that is allowed still reaches a new level", () => {
  const { values } = through([low_pass(0.001)], [0, ...Array<number>(400_000).fill(1000)], { flow });
  expect(values.at(-1)).toBeCloseTo(1000, 3);
});

test("whatever comes in, what goes out is finite or missing", () => {
  const far = fc.array(fc.constantFrom(-1e100, 1e100, 0, 5e-324, 1), { maxLength: 60 });
  fc.assert(
    fc.property(kind, fc.constantFrom(0.001, 1, 25, 49.9), fc.constantFrom(0.1, 1, 100), far, (name, hz, q, xs) => {
      const { all } = through([kinds[name](hz, q)], xs, { flow });
      expect(all).toHaveLength(xs.length);
      for (const [x] of all) expect(Number.isNaN(x) || Math.abs(x) <= 1e100).toBe(true);
    }),
    { seed: 20240229, numRuns: 200 },
  );
  expect(through([high_pass(1)], [1e100, -1e100, 1e100, 1e100], { flow }).missing).toBe(1);
});

describe("missing readings", () => {
  test("pass as missing while the last sample stands in for them", () => {
    const gap = [1, 2, 5, NaN, NaN, 4, 3];
    const held = [1, 2, 5, 5, 5, 4, 3];
    const expected = through([low_pass(10)], held, { flow }).values;
    const { all } = through([low_pass(10)], gap, { flow });
    expect(all.map(([x]) => x)).toEqual(expected.map((x, i) => (Number.isNaN(gap[i]!) ? NaN : x)));
  });

  test("for a period of its frequency make it begin anew with the next sample", () => {
    const before = sines(7, 50);
    const after = [8, 3, 4, 9];
    const anew = through([low_pass(10)], after, { flow }).values;
    const run = (gap: number): number[] =>
      through([low_pass(10)], [...before, ...Array<number>(gap).fill(NaN), ...after], { flow }).values.slice(50);
    expect(run(10)).toEqual(anew);
    expect(run(9)).not.toEqual(anew);
  });

  test("before the first sample change nothing", () => {
    expect(through([low_pass(10)], [NaN, NaN, 5, 5], { flow }).values).toEqual([5, 5]);
  });
});

const placed = (name: string, message: string): string => `channel "test", stage 1 (${name}): ${message}`;

test.each([
  [low_pass(0.5), "hz must be from 0.00001 to 0.499 Hz, just below half of the sampling rate (0.5 Hz), not 0.5"],
  [high_pass(20), "hz must be from 0.00001 to 0.499 Hz, just below half of the sampling rate (0.5 Hz), not 20"],
  [notch(1e-6), "hz must be from 0.00001 to 0.499 Hz, just below half of the sampling rate (0.5 Hz), not 0.000001"],
  [band_pass(0), "hz must be a number above 0, at most 1000000, not 0"],
  [low_pass(NaN), "hz must be a number above 0, at most 1000000, not NaN"],
  [low_pass(0.1, 0), "q must be a number from 0.1 to 100, not 0"],
  [notch(0.1, 101), "q must be a number from 0.1 to 100, not 101"],
  [{ stage: "low_pass" } as never, "hz is missing, it must be a number above 0, at most 1000000"],
])("refused at one sample a second: %j", (stage, message) => {
  expect(() => through([stage], [])).toThrow(placed((stage as Stage).stage, message));
});

test("a rate that is not round is told in round numbers", () => {
  expect(() => through([low_pass(200)], [], { flow: { periodMs: 3 } })).toThrow("from 0.00333333 to 166.333 Hz");
});

test("samples that do not come on a grid are refused, those of a throttle are not", () => {
  const needs = "needs samples on a grid: put it before delta, or and others that pass only some of them";
  expect(() => through([delta(0.1), low_pass(0.1)], [])).toThrow(`stage 2 (low_pass): ${needs}`);
  expect(() => through([or(delta(1)), notch(0.1)], [])).toThrow(`stage 2 (notch): ${needs}`);
  expect(() => through([throttle(10_000), low_pass(0.04)], [])).not.toThrow();
  expect(() => through([throttle(10_000), low_pass(0.06)], [])).toThrow("0.0499 Hz, just below half of the sampling rate (0.05 Hz)");
  for (const family of [lowPassFamily, highPassFamily, bandPassFamily, notchFamily]) {
    expect(family.flow!({ stage: family.name, hz: 0.1 } as never, { periodMs: 1000, regular: false, delayMs: 0 }, [])).toBe(needs);
  }
});
