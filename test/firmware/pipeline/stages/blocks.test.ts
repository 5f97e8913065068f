import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { crest_factor, kurtosis, peak, peak_to_peak, rms, zero_crossings } from "../../../../firmware/pipeline/builders.js";
import type { Stage } from "../../../../firmware/pipeline/stage.js";
import { random } from "../../../../host-sim/world/random.js";
import { through } from "../channel.js";

/** At 1 kHz. */
const flow = { periodMs: 1 };
const run = (stage: Stage, samples: readonly number[]) => through([stage], samples, { flow });

function tone(count: number, hz: number, amplitude: number, centre = 0): number[] {
  return Array.from({ length: count }, (_, i) => centre + amplitude * Math.sin((2 * Math.PI * hz * (i + 0.5)) / 1000));
}

function normal(count: number, seed: number): number[] {
  const draws = random(seed);
  return Array.from({ length: count }, () => {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += draws.fraction();
    return sum;
  });
}

const stages: readonly Stage[] = [
  rms(10),
  rms(10, { aboutMean: true }),
  peak(10),
  peak(10, { aboutMean: true }),
  peak_to_peak(10),
  crest_factor(10),
  crest_factor(10, { aboutMean: true }),
  kurtosis(10),
  zero_crossings(10),
];

describe("rms", () => {
  test("of a sine is its amplitude ÷ √2, and gravity beside it counts but about the mean", () => {
    expect(run(rms(100), tone(200, 50, 3)).values).toEqual([expect.closeTo(3 / Math.SQRT2, 12), expect.closeTo(3 / Math.SQRT2, 12)]);
    expect(run(rms(100), tone(100, 50, 3, 9.81)).values).toEqual([expect.closeTo(Math.sqrt(4.5 + 9.81 * 9.81), 12)]);
    expect(run(rms(100, { aboutMean: true }), tone(100, 50, 3, 9.81)).values).toEqual([expect.closeTo(3 / Math.SQRT2, 12)]);
  });

  test("about the mean keeps its digits beside a great mean", () => {
    expect(run(rms(100, { aboutMean: true }), tone(100, 50, 1e-3, 1e6)).values[0]).toBeCloseTo(1e-3 / Math.SQRT2, 9);
  });
});

describe("peak, peak_to_peak and crest_factor", () => {
  test("see the furthest sample to either side", () => {
    const samples = [1, -5, 2, 4];
    expect(run(peak(4), samples).values).toEqual([5]);
    expect(run(peak(4), [1, -5, 2, 7]).values).toEqual([7]);
    expect(run(peak(4), [3, 4, 6, 7]).values).toEqual([7]);
    expect(run(peak(4, { aboutMean: true }), samples).values).toEqual([5.5]);
    expect(run(peak_to_peak(4), samples).values).toEqual([9]);
  });

  test("give a crest factor of 1 for a square wave, √2 for a sine, and more for an impact", () => {
    expect(run(crest_factor(4), [2, -2, 2, -2]).values).toEqual([1]);
    expect(run(crest_factor(1000), tone(1000, 2, 7)).values).toEqual([expect.closeTo(Math.SQRT2, 4)]);
    expect(run(crest_factor(1000, { aboutMean: true }), tone(1000, 2, 7, 9.81)).values).toEqual([expect.closeTo(Math.SQRT2, 4)]);
    expect(run(crest_factor(100), [10, ...Array.from({ length: 99 }, () => 0)]).values).toEqual([expect.closeTo(10, 9)]);
  });

  test("give a steady block a crest factor of 1 about zero, and none about its mean or of nothing but zero", () => {
    expect(run(crest_factor(3), [5, 5, 5])).toMatchObject({ values: [1], missing: 0 });
    expect(run(crest_factor(3, { aboutMean: true }), [5, 5, 5])).toMatchObject({ values: [], missing: 1 });
    expect(run(crest_factor(3), [0, 0, 0])).toMatchObject({ values: [], missing: 1 });
  });
});

describe("kurtosis", () => {
  test("is Pearson's: 3 of normal noise, 1.5 of a sine, 1 of a square wave, and more with impacts", () => {
    expect(run(kurtosis(20_000), normal(20_000, 7)).values[0]).toBeCloseTo(2.9, 1);
    expect(run(kurtosis(1000), tone(1000, 5, 4, 9.81)).values[0]).toBeCloseTo(1.5, 9);
    expect(run(kurtosis(4), [1, -1, 1, -1]).values).toEqual([1]);
    const struck = normal(1000, 3).map((x, i) => (i % 200 === 0 ? x + 12 : x));
    expect(run(kurtosis(1000), struck).values[0]).toBeGreaterThan(10);
  });

  test("is the definition's, whatever the samples", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 8, maxLength: 8 }),
        fc.integer({ min: -5, max: 5 }),
        (xs, shift) => {
          const samples = xs.map((x) => x / 16 + shift * 100);
          const mean = samples.reduce((sum, x) => sum + x, 0) / 8;
          const second = samples.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 8;
          const fourth = samples.reduce((sum, x) => sum + (x - mean) ** 4, 0) / 8;
          const { values, missing } = run(kurtosis(8), samples);
          if (second === 0) expect([values.length, missing]).toEqual([0, 1]);
          else expect(values[0]! / (fourth / second ** 2)).toBeCloseTo(1, 8);
        },
      ),
      { seed: 1 },
    );
  });
});

describe("zero_crossings", () => {
  test("counts crossings upwards a second: a tone's frequency", () => {
    // The first sample is above zero already: where it came from, nobody saw.
    expect(run(zero_crossings(1000), tone(2000, 37, 1)).values).toEqual([36, 37]);
    expect(run(zero_crossings(1000, { level: 9.81 }), tone(2000, 37, 1, 9.81)).values[1]).toBe(37);
    expect(run(zero_crossings(1000), tone(1000, 37, 1, 9.81)).values).toEqual([0]);
  });

  test("with hysteresis overlooks noise about the level", () => {
    const noisy = tone(1000, 10, 1).map((x, i) => x + (i % 2 === 0 ? 0.2 : -0.2));
    expect(run(zero_crossings(1000), noisy).values[0]).toBeGreaterThan(20);
    expect(run(zero_crossings(1000, { hysteresis: 0.3 }), noisy).values[0]).toBeCloseTo(10, -0.5);
  });

  test("counts a crossing between two blocks in the second, and none over a gap", () => {
    expect(run(zero_crossings(2), [-1, -1, 1, 1]).values).toEqual([0, 500]);
    expect(run(zero_crossings(2), [-1, -1, NaN, 1, 1]).values).toEqual([0, 0]);
  });

  test("is refused where samples do not come at even intervals", () => {
    expect(() => through([{ stage: "delta", by: 1 } as unknown as Stage, zero_crossings(10)], [])).toThrow(
      'channel "test", stage 2 (zero_crossings): needs samples at even intervals',
    );
  });
});

describe("a block", () => {
  test("gives one result, when its last sample is there", () => {
    for (const stage of stages) {
      const samples = normal(35, 5);
      const { values } = run(stage, samples);
      expect(values.length).toBe(3);
      for (let block = 0; block < 3; block++) {
        if (stage.stage !== "zero_crossings")
          expect(run(stage, samples.slice(10 * block, 10 * block + 10)).values).toEqual([values[block]]);
      }
    }
  });

  test("that a gap interrupts is thrown away, which is said once, and the next begins after it", () => {
    for (const stage of stages) {
      const whole = normal(10, 5);
      const { values, missing } = run(stage, [1, -2, 3, NaN, NaN, NaN, ...whole]);
      expect([missing, values]).toEqual([1, run(stage, whole).values]);
      expect(run(stage, [NaN, ...whole, NaN, ...whole.slice(0, 9), NaN]).missing).toBe(3);
    }
  });

  test("says of readings that go on missing one in each block's length", () => {
    for (const stage of stages)
      expect(
        run(
          stage,
          Array.from({ length: 25 }, () => NaN),
        ).missing,
      ).toBe(3);
  });

  test("of the greatest readings gives a number or says that it is missing", () => {
    for (const stage of stages) {
      const { values, missing } = run(
        stage,
        Array.from({ length: 10 }, (_, i) => (i % 3 === 0 ? -1e100 : 1e100)),
      );
      expect(values.length + missing).toBe(1);
      for (const x of values) expect(Math.abs(x)).toBeLessThanOrEqual(1e100);
    }
  });

  test("is refused when it is no whole number of samples, with what would be right", () => {
    expect(() => run(rms(0), [])).toThrow('channel "test", stage 1 (rms): samples must be a whole number from 1 to 1000000, not 0');
    expect(() => run(kurtosis(3), [])).toThrow("(kurtosis): samples must be a whole number from 4 to 1000000, not 3");
  });
});
