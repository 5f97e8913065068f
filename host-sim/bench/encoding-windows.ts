/**
 * The two windows of 1000 samples that encodings are measured on, to 0.01. `smooth` is a moving average
 * of the noisy sine of P1 at exactly 1 Hz; `raw` is the noisy sine itself, each time off its second by
 * −3 … 3 ms. Times are Unix ms. Nothing here needs Node or XS.
 */

export const windowSamples = 1000;
const startMs = 1767225600000;

export type WindowKind = "smooth" | "raw";

export interface SampleWindow {
  times: number[];
  values: number[];
}

/** Sums of the times, less the start, and of the values in hundredths. */
export interface WindowSums {
  times: number;
  values: number;
}

export const expectedSums: Readonly<Record<WindowKind, WindowSums>> = {
  smooth: { times: 499500000, values: 2348805 },
  raw: { times: 499499938, values: 2353026 },
};

export function sampleWindow(kind: WindowKind): SampleWindow {
  const times: number[] = [];
  const values: number[] = [];
  let noise = 2463534242 | 0;
  let average = 0;
  const draw = (): number => {
    noise ^= noise << 13;
    noise ^= noise >>> 17;
    noise ^= noise << 5;
    return noise >>> 0;
  };
  for (let i = 0; i < windowSamples; i++) {
    const x = 20 + 5 * Math.sin(i / 500) + (draw() / 4294967296 - 0.5) * 0.4;
    average = i === 0 ? x : 0.1 * x + 0.9 * average;
    values.push(Math.floor((kind === "raw" ? x : average) * 100 + 0.5) / 100);
    const jitterMs = (draw() % 7) - 3;
    times.push(startMs + i * 1000 + (kind === "raw" ? jitterMs : 0));
  }
  return { times, values };
}

export function sumsOf({ times, values }: SampleWindow): WindowSums {
  const sums = { times: 0, values: 0 };
  for (const atMs of times) sums.times += atMs - startMs;
  for (const value of values) sums.values += Math.round(value * 100);
  return sums;
}
