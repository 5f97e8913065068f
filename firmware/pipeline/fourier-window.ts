/**
 * Windows for spectra of blocks: weights that fade a block out at both ends, so that a tone which does
 * not fit it a whole number of times stays near its own frequency. All are sums of cosines (Harris 1978,
 * "On the use of windows for harmonic analysis with the discrete Fourier transform"), periodic in the
 * block, and kept as polynomials in one cosine: four weights come of one, and no table is held.
 */
import { invariant } from "../base/invariant.js";

export type WindowName = "rectangular" | "hann" | "hamming" | "blackman" | "flat_top";

export const windowNames: readonly WindowName[] = ["rectangular", "hann", "hamming", "blackman", "flat_top"];

/** Weight i of n is p0 + p1 c + p2 c² + p3 c³ + p4 c⁴, where c is cos(2π i ÷ n). */
export interface SpectralWindow {
  readonly p0: number;
  readonly p1: number;
  readonly p2: number;
  readonly p3: number;
  readonly p4: number;
  /** The mean of the squared weights: a windowed block's mean square divided by it is that of the block. */
  readonly power: number;
  /** How many bins to each side of its own a steady tone reaches at most, where it fits the block. */
  readonly reach: number;
}

/** a0 … a4 of a0 − a1 cos x + a2 cos 2x − a3 cos 3x + a4 cos 4x. */
const terms: Readonly<Record<WindowName, readonly number[]>> = {
  rectangular: [1],
  hann: [0.5, 0.5],
  hamming: [0.54, 0.46],
  blackman: [0.42, 0.5, 0.08],
  // The usual five terms (D'Antona and Ferrero 2006, "Digital signal processing for measurement systems"): reads amplitudes to 0.01 dB.
  flat_top: [0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368],
};

export function spectralWindow(name: WindowName): SpectralWindow {
  const given = terms[name];
  invariant(given !== undefined, "a window's name");
  const a0 = given[0]!;
  const a1 = given[1] ?? 0;
  const a2 = given[2] ?? 0;
  const a3 = given[3] ?? 0;
  const a4 = given[4] ?? 0;
  // cos 2x = 2c² − 1, cos 3x = 4c³ − 3c, cos 4x = 8c⁴ − 8c² + 1.
  return {
    p0: a0 - a2 + a4,
    p1: 3 * a3 - a1,
    p2: 2 * a2 - 8 * a4,
    p3: -4 * a3,
    p4: 8 * a4,
    power: a0 * a0 + (a1 * a1 + a2 * a2 + a3 * a3 + a4 * a4) / 2,
    reach: given.length - 1,
  };
}
