import { describe, expect, test } from "vitest";
import { fourier, fourierSizes } from "../../../firmware/pipeline/fourier.js";
import { windowNames } from "../../../firmware/pipeline/fourier-window.js";
import { random } from "../../../host-sim/world/random.js";

const expectedTerms = {
  rectangular: [1],
  hann: [0.5, 0.5],
  hamming: [0.54, 0.46],
  blackman: [0.42, 0.5, 0.08],
  flat_top: [0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368],
};

function noise(size: number, seed: number): number[] {
  const draws = random(seed);
  return Array.from({ length: size }, () => (draws.next() / 4294967296 - 0.3) * 20);
}

/** By definition, with the host's own functions. */
function weights(name: keyof typeof expectedTerms, size: number): number[] {
  return Array.from({ length: size }, (_, i) =>
    expectedTerms[name].reduce((sum, a, k) => sum + (k % 2 === 0 ? a : -a) * Math.cos((2 * Math.PI * k * i) / size), 0),
  );
}

function naive(samples: readonly number[], weight: readonly number[]): number[] {
  const size = samples.length;
  const mean = samples.reduce((sum, x) => sum + x, 0) / size;
  const spectrum: number[] = [];
  for (let k = 0; k <= size / 2; k++) {
    let re = 0;
    let im = 0;
    for (let n = 0; n < size; n++) {
      const angle = (2 * Math.PI * ((k * n) % size)) / size;
      re += weight[n]! * (samples[n]! - mean) * Math.cos(angle);
      im -= weight[n]! * (samples[n]! - mean) * Math.sin(angle);
    }
    if (k === size / 2) spectrum[1] = re;
    else if (k === 0) spectrum[0] = re;
    else spectrum.push(re, im);
    if (k === 0) spectrum[1] = 0;
  }
  return spectrum;
}

describe("the transform", () => {
  for (const size of fourierSizes) {
    test(`of ${size} samples is the discrete Fourier transform by definition, under each window`, () => {
      for (const name of windowNames) {
        const samples = noise(size, size);
        const expected = naive(samples, weights(name, size));
        const { transform } = fourier(size, name);
        const values = samples.slice();
        const mean = transform(values);
        expect(mean).toBeCloseTo(samples.reduce((sum, x) => sum + x, 0) / size, 12);
        expect(values.length).toBe(size);
        const scale = Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0));
        for (let i = 0; i < size; i++) expect(Math.abs(values[i]! - expected[i]!) / scale).toBeLessThan(size * 1e-15);
      }
    });
  }
});
