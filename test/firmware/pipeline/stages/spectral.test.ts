import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { band_energy, delta, dominant_frequency, rms } from "../../../../firmware/pipeline/builders.js";
import { windowNames } from "../../../../firmware/pipeline/fourier-window.js";
import type { Stage } from "../../../../firmware/pipeline/stage.js";
import { random } from "../../../../host-sim/world/random.js";
import { through } from "../channel.js";

/** At 1 kHz. */
const flow = { periodMs: 1 };
const run = (stage: Stage, samples: readonly number[]) => through([stage], samples, { flow });

function tone(count: number, hz: number, amplitude: number, centre = 0): number[] {
  return Array.from({ length: count }, (_, i) => centre + amplitude * Math.sin((2 * Math.PI * hz * i) / 1000 + 0.4));
}

function noise(count: number, seed: number): number[] {
  const draws = random(seed);
  return Array.from({ length: count }, () => draws.fraction() * 2 - 0.7);
}

describe("band_energy", () => {
  test("of a sine within the band is half its squared amplitude under each window, and nothing outside", () => {
    for (const window of windowNames) {
      const inside = run(band_energy({ samples: 256, fromHz: 90, toHz: 160, window }), tone(256, 125, 3, 9.81)).values;
      expect(inside).toEqual([expect.closeTo(4.5, 6)]);
      const outside = run(band_energy({ samples: 256, fromHz: 200, toHz: 500, window }), tone(256, 125, 3, 9.81)).values;
      expect(outside[0]).toBeLessThan(1e-12);
    }
  });

  test("over the whole band is the mean square: exactly under a rectangular window, gravity included", () => {
    for (const samples of [16, 64, 512]) {
      const block = noise(samples, samples).map((x) => x + 9.81);
      const whole = run(band_energy({ samples, fromHz: 0, toHz: 500, window: "rectangular" }), block).values[0]!;
      expect(Math.sqrt(whole)).toBeCloseTo(run(rms(samples), block).values[0]!, 12);
    }
  });

  test("over the whole band is the mean square on the mean under the other windows", () => {
    const block = noise(256 * 200, 11);
    for (const window of windowNames) {
      const { values } = run(band_energy({ samples: 256, fromHz: 0, toHz: 500, window }), block);
      const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
      expect(values.length).toBe(200);
      expect(Math.sqrt(mean) / run(rms(block.length), block).values[0]!).toBeCloseTo(1, 2);
    }
  });

  test("of bands side by side adds up to that of all of them", () => {
    const edges = [0, 10, 31.25, 100, 333, 500];
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.constantFrom(...windowNames), (seed, window) => {
        const block = noise(128, seed);
        let sum = 0;
        for (let i = 1; i < edges.length; i++) {
          sum += run(band_energy({ samples: 128, fromHz: edges[i - 1]!, toHz: edges[i]!, window }), block).values[0]!;
        }
        expect(sum).toBeCloseTo(run(band_energy({ samples: 128, fromHz: 0, toHz: 500, window }), block).values[0]!, 10);
      }),
      { seed: 1, numRuns: 30 },
    );
  });

  test("keeps gravity out of all bands but the one at 0 Hz", () => {
    const still = Array.from({ length: 256 }, () => 9.81);
    expect(run(band_energy({ samples: 256, fromHz: 1, toHz: 500 }), still).values[0]).toBeLessThan(1e-20);
    expect(run(band_energy({ samples: 256, fromHz: 0, toHz: 3 }), still).values[0]).toBeCloseTo(9.81 * 9.81, 9);
  });
});

describe("dominant_frequency", () => {
  test("finds a tone to 0.02 of the spectrum's spacing at the worst, whatever its amplitude and gravity", () => {
    const spacing = 1000 / 256;
    for (let hz = 12; hz < 485; hz += 3.7) {
      const [found] = run(dominant_frequency({ samples: 256 }), tone(256, hz, 0.01, 9.81)).values;
      expect(Math.abs(found! - hz)).toBeLessThan(0.02 * spacing);
    }
  });

  test("finds the stronger of two, or the one in its band", () => {
    const both = tone(512, 50, 1).map((x, i) => x + tone(512, 180, 3)[i]!);
    expect(run(dominant_frequency({ samples: 512 }), both).values[0]).toBeCloseTo(180, 0);
    expect(run(dominant_frequency({ samples: 512, toHz: 100 }), both).values[0]).toBeCloseTo(50, 0);
    expect(run(dominant_frequency({ samples: 512, fromHz: 100 }), both).values[0]).toBeCloseTo(180, 0);
  });

  test("is missing for a block of one value", () => {
    expect(
      run(
        dominant_frequency({ samples: 64 }),
        Array.from({ length: 64 }, () => 9.80665),
      ),
    ).toMatchObject({ values: [], missing: 1 });
    expect(
      run(
        dominant_frequency({ samples: 64 }),
        Array.from({ length: 64 }, () => 0),
      ),
    ).toMatchObject({ values: [], missing: 1 });
  });
});

describe("a block that becomes a spectrum", () => {
  const stages: readonly Stage[] = [band_energy({ samples: 16, fromHz: 100, toHz: 300 }), dominant_frequency({ samples: 16 })];

  test("is thrown away when a gap interrupts it, which is said once", () => {
    for (const stage of stages) {
      const whole = noise(16, 4);
      const { values, missing } = run(stage, [1, -2, 3, NaN, NaN, ...whole, NaN]);
      expect([missing, values]).toEqual([2, run(stage, whole).values]);
    }
  });

  test("of the greatest readings gives a number or says that it is missing", () => {
    for (const stage of stages) {
      const { values, missing } = run(
        stage,
        Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? -1e100 : 1e100)),
      );
      expect(values.length + missing).toBe(1);
      for (const x of values) expect(Math.abs(x)).toBeLessThanOrEqual(1e100);
    }
  });

  const refused: readonly (readonly [stage: Stage, message: string])[] = [
    [
      band_energy({ samples: 256, fromHz: 100, toHz: 600 }),
      "toHz must be at most 500 (half of the 1000 samples a second that arrive), not 600",
    ],
    [
      band_energy({ samples: 256, fromHz: 500, toHz: 501 }),
      "fromHz must be below 500 (half of the 1000 samples a second that arrive), not 500",
    ],
    [band_energy({ samples: 256, fromHz: 100, toHz: 50 }), "toHz must be above fromHz, which is 100, not 50"],
    [
      band_energy({ samples: 256, fromHz: 101, toHz: 101.5 }),
      "no frequency of its spectrum lies from 101 to 101.5 Hz: of 256 samples they are 3.90625 Hz apart, take more samples or a wider band",
    ],
    [band_energy({ samples: 250, fromHz: 1, toHz: 50 }), "samples must be one of 16, 32, 64, 128, 256, 512, 1024, not 250"],
    [
      band_energy({ samples: 64, fromHz: 1, toHz: 50, window: "hanning" as "hann" }),
      'window must be one of rectangular, hann, hamming, blackman, flat_top, not "hanning"',
    ],
    [dominant_frequency({ samples: 64, toHz: 501 }), "toHz must be at most 500 (half of the 1000 samples a second that arrive), not 501"],
    [dominant_frequency({ samples: 64, fromHz: NaN }), "fromHz must be a number from 0 to half of the samples a second, Hz, not NaN"],
  ];
  for (const [stage, message] of refused) {
    test(`is refused when ${message}`, () => {
      expect(() => run(stage, [])).toThrow(`channel "test", stage 1 (${stage.stage}): ${message}`);
    });
  }

  test("is refused behind a stage that passes some samples only", () => {
    for (const stage of stages) expect(() => through([delta(1), stage], [], { flow })).toThrow("needs samples at even intervals");
  });

  test("judges frequencies by the samples that arrive there", () => {
    expect(() =>
      through([{ stage: "window", samples: 10, result: "mean" }, band_energy({ samples: 16, fromHz: 10, toHz: 60 })], [], { flow }),
    ).toThrow("toHz must be at most 50 (half of the 100 samples a second that arrive), not 60");
  });
});
