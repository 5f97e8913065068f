/**
 * The spectrum of a block of real samples: a fast Fourier transform of radix 2 in place (Cooley and Tukey
 * 1965), several stages a pass, on the block taken as half as many complex numbers, and one pass that
 * takes the result apart (Cooley, Lewis and Welch 1970, "The fast Fourier transform algorithm:
 * programming considerations in the calculation of sine, cosine and Laplace transforms"). Everything it
 * needs is made beforehand, of + − × ÷ and base/math.ts: a transform allocates nothing and gives the
 * same bits on every engine.
 */
import { cos } from "../base/math.js";
import { invariant } from "../base/invariant.js";
import { complexTransform } from "./fourier-passes.js";
import { spectralWindow, type SpectralWindow, type WindowName } from "./fourier-window.js";

export const fourierSizes: readonly number[] = [16, 32, 64, 128, 256, 512, 1024];

export interface Fourier {
  readonly size: number;
  readonly window: SpectralWindow;
  /**
   * Takes `values`, `size` samples in their order, and leaves their spectrum in the same array: bin k,
   * Σ w(n) (x(n) − mean) e^(−2πi kn ÷ size), has its real part at 2k and its imaginary part at 2k + 1;
   * the last bin, `size` ÷ 2, is real and stands at 1, where bin 0 has no imaginary part. Returns the
   * samples' mean, which is taken off before the window, so that it does not leak into the bins beside 0.
   */
  transform(values: number[]): number;
}

/** How many numbers one of `size` holds beside the samples: a quarter of a cosine, and places, which take two bytes. */
export function fourierHeld(size: number): number {
  return size / 4 + 1 + size / 16;
}

/** `size` is one of `fourierSizes`. */
export function fourier(size: number, windowName: WindowName = "hann"): Fourier {
  invariant(fourierSizes.includes(size), "a transform's size");
  const window = spectralWindow(windowName);
  const cosines = quarterOfCosine(size);
  const swaps = bitReversal(size / 2);
  return {
    size,
    window,
    transform(values) {
      const mean = weigh(values, size, window, cosines);
      reorder(values, swaps);
      complexTransform(values, size, cosines);
      takeApart(values, size, cosines);
      return mean;
    },
  };
}

/** cos(2π k ÷ size) for k = 0 … size ÷ 4: read backwards it is the sine. */
function quarterOfCosine(size: number): number[] {
  const cosines: number[] = [];
  const quarter = size / 4;
  for (let k = 0; k < quarter; k++) cosines.push(cos((k * 6.283185307179586) / size));
  cosines.push(0);
  return cosines;
}

/** The places of the real parts of all pairs of complex numbers that change places, two and two. */
function bitReversal(count: number): Uint16Array {
  const pairs: number[] = [];
  let reversed = 0;
  for (let i = 1; i < count; i++) {
    let bit = count >> 1;
    while ((reversed & bit) !== 0) {
      reversed ^= bit;
      bit >>= 1;
    }
    reversed |= bit;
    if (i < reversed) pairs.push(2 * i, 2 * reversed);
  }
  return Uint16Array.from(pairs);
}

/** Takes the mean off, returns it, and applies the window: of one cosine the weights at i, size − i and half the size to either side. */
function weigh(values: number[], size: number, window: SpectralWindow, cosines: readonly number[]): number {
  const { p0, p1, p2, p3, p4 } = window;
  const half = size >> 1;
  const quarter = size >> 2;
  let mean = 0;
  let i = 0;
  let c = 0;
  let even = 0;
  let odd = 0;
  for (i = 0; i < size; i++) mean += values[i]!;
  mean /= size;
  even = p0 + p2 + p4;
  odd = p1 + p3;
  values[0] = (values[0]! - mean) * (even + odd);
  values[half] = (values[half]! - mean) * (even - odd);
  values[quarter] = (values[quarter]! - mean) * p0;
  values[size - quarter] = (values[size - quarter]! - mean) * p0;
  for (i = 1; i < quarter; i++) {
    c = cosines[i]!;
    odd = c * c;
    even = p0 + odd * (p2 + odd * p4);
    odd = c * (p1 + odd * p3);
    c = even + odd;
    even -= odd;
    values[i] = (values[i]! - mean) * c;
    values[size - i] = (values[size - i]! - mean) * c;
    values[half - i] = (values[half - i]! - mean) * even;
    values[half + i] = (values[half + i]! - mean) * even;
  }
  return mean;
}

function reorder(values: number[], swaps: Uint16Array): void {
  const count = swaps.length;
  let a = 0;
  let b = 0;
  let kept = 0;
  for (let i = 0; i < count;) {
    a = swaps[i++]!;
    b = swaps[i++]!;
    kept = values[a]!;
    values[a++] = values[b]!;
    values[b++] = kept;
    kept = values[a]!;
    values[a] = values[b]!;
    values[b] = kept;
  }
}

/** The even samples were the real parts, the odd ones the imaginary: by symmetry each has its spectrum in the common one. */
function takeApart(values: number[], size: number, cosines: readonly number[]): void {
  const quarter = size >> 2;
  let a = 2;
  let b = size - 2;
  let i = 1;
  let evenR = values[0]!;
  let evenI = values[1]!;
  let oddR = 0;
  let oddI = 0;
  let c = 0;
  let s = 0;
  let r = 0;
  values[0] = evenR + evenI;
  values[1] = evenR - evenI;
  for (; i < quarter; i++) {
    evenR = (values[a]! + values[b]!) / 2;
    evenI = (values[a + 1]! - values[b + 1]!) / 2;
    oddR = (values[a + 1]! + values[b + 1]!) / 2;
    oddI = (values[b]! - values[a]!) / 2;
    c = cosines[i]!;
    s = cosines[quarter - i]!;
    r = oddR * c + oddI * s;
    oddI = oddI * c - oddR * s;
    values[a] = evenR + r;
    values[b] = evenR - r;
    values[a + 1] = evenI + oddI;
    values[b + 1] = oddI - evenI;
    a += 2;
    b -= 2;
  }
  values[a + 1] = -values[a + 1]!;
}
