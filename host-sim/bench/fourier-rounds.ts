/**
 * The part of the Fourier benchmark that runs inside XS: the firmware's transform and the yardstick in
 * turns over the same blocks, both held to the discrete Fourier transform by definition, and what a
 * transform allocates.
 */
import { fourier } from "../../firmware/pipeline/fourier.js";
import { transform256 } from "./fourier-yardstick.js";

export const size = 256;
const rounds = 600;
const blockCount = 10;

export interface Measured {
  /** µs a transform, each of both on the same block after the other. */
  yardstickUs: number[];
  productUs: number[];
  /** Greatest difference from the definition over all bins, as a share of the block's root of its sum of squares. */
  yardstickError: number;
  productError: number;
  /** What `transforms` of the product allocated. */
  transforms: number;
  slots: number;
  chunkBytes: number;
  /** µs of one transform of 16, 64, 256 and 1024 samples. */
  sizesUs: number[];
}

/** What the yardstick is given (there). */
interface Tables {
  readonly weights: readonly number[];
  readonly cosines: readonly number[];
  readonly sines: readonly number[];
  readonly swaps: readonly number[];
}

function tables(): Tables {
  const weights: number[] = [];
  const cosines: number[] = [];
  const sines: number[] = [];
  const swaps: number[] = [];
  for (let i = 0; i <= 128; i++) weights.push(0.5 - 0.5 * Math.cos((2 * Math.PI * i) / 256));
  for (let i = 0; i < 96; i++) {
    cosines.push(Math.cos((2 * Math.PI * i) / 256));
    sines.push(Math.sin((2 * Math.PI * i) / 256));
  }
  for (let i = 0; i < 128; i++) {
    let reversed = 0;
    for (let bit = 0; bit < 7; bit++) reversed |= ((i >> bit) & 1) << (6 - bit);
    if (i < reversed) swaps.push(2 * i, 2 * reversed);
  }
  return { weights, cosines, sines, swaps };
}

/** Tones and noise (xorshift32) about 9.81. */
function block(count: number, seed: number): number[] {
  const samples: number[] = [];
  let noise = seed | 0;
  for (let i = 0; i < count; i++) {
    noise ^= noise << 13;
    noise ^= noise >>> 17;
    noise ^= noise << 5;
    samples.push(9.81 + 2 * Math.sin(i * 0.314) + 0.5 * Math.sin(i * 1.1) + ((noise >>> 0) / 4294967296 - 0.5));
  }
  return samples;
}

/** The spectrum in the order in which the transforms leave it, by definition, Hann's window applied. */
function byDefinition(samples: readonly number[]): number[] {
  const count = samples.length;
  let mean = 0;
  for (let n = 0; n < count; n++) mean += samples[n]! / count;
  const spectrum: number[] = [];
  for (let k = 0; k <= count / 2; k++) {
    let real = 0;
    let imaginary = 0;
    for (let n = 0; n < count; n++) {
      const x = (samples[n]! - mean) * (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / count));
      const angle = (2 * Math.PI * ((k * n) % count)) / count;
      real += x * Math.cos(angle);
      imaginary -= x * Math.sin(angle);
    }
    if (k === count / 2) spectrum[1] = real;
    else spectrum.push(real, imaginary);
  }
  return spectrum;
}

function greatestError(values: readonly number[], expected: readonly number[], samples: readonly number[]): number {
  let squares = 0;
  let greatest = 0;
  for (let i = 0; i < samples.length; i++) {
    squares += samples[i]! * samples[i]!;
    const error = Math.abs(values[i]! - expected[i]!);
    if (!(error <= greatest)) greatest = error;
  }
  return greatest / Math.sqrt(squares);
}

export function measure(): Measured {
  const { weights, cosines, sines, swaps } = tables();
  const { transform } = fourier(size, "hann");
  const samples = block(size, 2463534242);
  const expected = byDefinition(samples);
  const byHand = samples.slice();
  transform256(byHand, weights, cosines, sines, swaps);
  const byProduct = samples.slice();
  transform(byProduct);
  const blocks: number[][] = [];
  for (let i = 0; i < blockCount; i++) blocks.push(block(size, i + 1));
  const work = samples.slice();
  const refill = (from: readonly number[]): void => {
    for (let i = 0; i < size; i++) work[i] = from[i]!;
  };
  const yardstickUs: number[] = [];
  const productUs: number[] = [];
  let startUs = 0;
  for (let round = 0; round < rounds; round++) {
    refill(blocks[round % blockCount]!);
    startUs = nowUs();
    transform256(work, weights, cosines, sines, swaps);
    yardstickUs.push(nowUs() - startUs);
    refill(blocks[round % blockCount]!);
    startUs = nowUs();
    transform(work);
    productUs.push(nowUs() - startUs);
  }
  collect();
  const collectionsBefore = collections();
  const slotsBefore = slotsInUse();
  const chunkBytesBefore = chunkBytesInUse();
  for (let i = 0; i < blockCount; i++) {
    refill(blocks[i]!);
    transform(work);
  }
  const chunkBytes = chunkBytesInUse() - chunkBytesBefore;
  const slots = slotsInUse() - slotsBefore;
  if (collections() !== collectionsBefore) throw new Error("a collection ran during the measurement of allocations");
  return {
    yardstickUs,
    productUs,
    transforms: blockCount,
    yardstickError: greatestError(byHand, expected, samples),
    productError: greatestError(byProduct, expected, samples),
    slots,
    chunkBytes,
    sizesUs: [16, 64, 256, 1024].map(oneUs),
  };
}

/** µs of one transform, the fastest of ten. */
function oneUs(count: number): number {
  const { transform } = fourier(count, "hann");
  let fastest = Infinity;
  for (let i = 0; i < 10; i++) {
    const values = block(count, i + 1);
    const startUs = nowUs();
    transform(values);
    const us = nowUs() - startUs;
    if (us < fastest) fastest = us;
  }
  return fastest;
}
