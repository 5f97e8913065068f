/**
 * The part of the pipeline benchmark that runs inside XS: yardstick and channel in turns, a slice of
 * the signal each, so that both meet the same moods of the computer; and what a sample allocates.
 */
import { channel, type Checksums, fused, passes, signal } from "./p1.js";

export interface Measured {
  yardstick: Checksums;
  channel: Checksums;
  /** µs a round, and samples in it. */
  yardstickUs: number[];
  channelUs: number[];
  samples: number;
  /** Slots and bytes of chunks that a whole pass over the signal allocated, of `allocationSamples`. */
  slots: number;
  chunkBytes: number;
  allocationSamples: number;
}

const slices = 10;

export function measure(): Measured {
  const whole = signal();
  const parts: number[][] = [];
  const samples = whole.length / slices;
  for (let i = 0; i < slices; i++) parts.push(whole.slice(i * samples, (i + 1) * samples));
  const yardstick = fused(whole, passes);
  const product = channel();
  const yardstickUs: number[] = [];
  const channelUs: number[] = [];
  for (let round = 0; round < passes * slices; round++) {
    const part = parts[round % slices]!;
    const start = nowUs();
    fused(part, 1);
    const middle = nowUs();
    product.run(part);
    const end = nowUs();
    yardstickUs.push(middle - start);
    channelUs.push(end - middle);
  }
  const checksums = product.checksums();
  collect();
  const collectionsBefore = collections();
  const slotsBefore = slotsInUse();
  const chunkBytesBefore = chunkBytesInUse();
  product.run(whole);
  const chunkBytes = chunkBytesInUse() - chunkBytesBefore;
  const slots = slotsInUse() - slotsBefore;
  if (collections() !== collectionsBefore) throw new Error("a collection ran during the measurement of allocations");
  return { yardstick, channel: checksums, yardstickUs, channelUs, samples, slots, chunkBytes, allocationSamples: whole.length };
}
