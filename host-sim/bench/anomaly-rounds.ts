/** The part of the anomaly benchmark that runs inside XS: what a sample of the compiled stage takes and allocates, and that it scores as on Node. */
import { anomalyScorer } from "../../firmware/pipeline/anomaly/scorer.js";

export interface Measured {
  /** ns a sample, one a round. */
  nsASample: number[];
  /** Of all `samples`. */
  slots: number;
  chunkBytes: number;
  samples: number;
  /** Sum of all scores, exactly. */
  checksum: number;
}

const rounds = 15;
const samplesARound = 1000;

/** A day of 48 samples with noise (xorshift32) and a spike now and then. */
export function signal(): number[] {
  const samples: number[] = [];
  let noise = 7;
  for (let i = 0; i < rounds * samplesARound; i++) {
    noise ^= noise << 13;
    noise ^= noise >>> 17;
    noise ^= noise << 5;
    const hour = i % 48;
    samples.push((hour < 24 ? hour : 48 - hour) + (noise >>> 0) / 4294967296 + (noise % 500 === 0 ? 30 : 0));
  }
  return samples;
}

export function checksum(): number {
  const { score } = anomalyScorer();
  let sum = 0;
  for (const x of signal()) sum += score(x);
  return sum;
}

export function measure(): Measured {
  const samples = signal();
  const { score } = anomalyScorer();
  const nsASample: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const end = (round + 1) * samplesARound;
    const start = nowUs();
    for (let i = round * samplesARound; i < end; i++) score(samples[i]!);
    nsASample.push(((nowUs() - start) * 1000) / samplesARound);
  }
  collect();
  const collectionsBefore = collections();
  const slotsBefore = slotsInUse();
  const chunkBytesBefore = chunkBytesInUse();
  for (let i = 0; i < samples.length; i++) score(samples[i]!);
  const chunkBytes = chunkBytesInUse() - chunkBytesBefore;
  const slots = slotsInUse() - slotsBefore;
  if (collections() !== collectionsBefore) throw new Error("a collection ran during the measurement of allocations");
  return { nsASample, slots, chunkBytes, samples: samples.length, checksum: checksum() };
}
