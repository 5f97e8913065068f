/**
 * `peak`, `peak_to_peak` and `crest_factor`: how far a signal goes, a block at a time. All three see the
 * least and the greatest sample, and what lies between them.
 */
import { type Family, optional, truthRule } from "../family.js";
import type { Way } from "../push.js";
import { bounded, gapDoor, perBlock, samplesRule } from "./block.js";

export interface Peak {
  readonly stage: "peak";
  readonly samples: number;
  readonly aboutMean?: boolean;
}

export interface PeakToPeak {
  readonly stage: "peak_to_peak";
  readonly samples: number;
}

export interface CrestFactor {
  readonly stage: "crest_factor";
  readonly samples: number;
  readonly aboutMean?: boolean;
}

/** One result for each `samples` samples, 1 … 1,000,000. `aboutMean`: how far from the block's mean, in place of zero. */
export function peak(samples: number, { aboutMean }: { aboutMean?: boolean } = {}): Peak {
  return aboutMean === undefined ? { stage: "peak", samples } : { stage: "peak", samples, aboutMean };
}

/** One result for each `samples` samples, 1 … 1,000,000. */
export function peak_to_peak(samples: number): PeakToPeak {
  return { stage: "peak_to_peak", samples };
}

/** One result for each `samples` samples, 2 … 1,000,000. `aboutMean`: of what is left without the block's mean, such as gravity. */
export function crest_factor(samples: number, { aboutMean }: { aboutMean?: boolean } = {}): CrestFactor {
  return aboutMean === undefined ? { stage: "crest_factor", samples } : { stage: "crest_factor", samples, aboutMean };
}

/** The greatest distance from zero or, `aboutMean`, from the block's mean, in the channel's unit. For a missing reading see block.ts. */
export const peakFamily: Family<Peak> = {
  name: "peak",
  rules: [samplesRule(1), optional(truthRule("aboutMean"))],
  flow: ({ samples }, flow) => perBlock(flow, samples),
  build: ({ samples, aboutMean = false }, next) => extent(samples, next, (min, max, mean) => furthest(min, max, aboutMean ? mean : 0)),
};

/** The greatest sample less the least, in the channel's unit. For a missing reading see block.ts. */
export const peakToPeakFamily: Family<PeakToPeak> = {
  name: "peak_to_peak",
  rules: [samplesRule(1)],
  flow: ({ samples }, flow) => perBlock(flow, samples),
  build: ({ samples }, next) => extent(samples, next, (min, max) => max - min),
};

/**
 * Peak ÷ rms, both about zero or both about the block's mean: 1 for a square wave, √2 for a sine, more
 * for impacts. Without a unit. A block of nothing but zero, or about its mean of one value, has none: missing. For a missing
 * reading see block.ts.
 */
export const crestFactorFamily: Family<CrestFactor> = {
  name: "crest_factor",
  rules: [samplesRule(2), optional(truthRule("aboutMean"))],
  flow: ({ samples }, flow) => perBlock(flow, samples),
  build: ({ samples, aboutMean = false }, next) =>
    extent(samples, next, (min, max, mean, variance) => {
      if (min === max && (aboutMean || min === 0)) return NaN;
      const centre = aboutMean ? mean : 0;
      return furthest(min, max, centre) / Math.sqrt(variance + (mean - centre) * (mean - centre));
    }),
};

function furthest(min: number, max: number, centre: number): number {
  return max - centre > centre - min ? max - centre : centre - min;
}

type Result = (min: number, max: number, mean: number, variance: number) => number;

function extent(samples: number, next: Way, result: Result): Way {
  const give = bounded(next);
  let left = samples;
  let min = Infinity;
  let max = -Infinity;
  let origin = 0;
  let sum = 0;
  let squares = 0;
  let fresh = false;
  const begin = (): void => {
    left = samples;
    min = Infinity;
    max = -Infinity;
    sum = squares = 0;
  };
  const finish = (): void => {
    const mean = sum / samples;
    const variance = squares / samples - mean * mean;
    const x = result(min, max, origin + mean, variance > 0 ? variance : 0);
    begin();
    fresh = true;
    return give(x);
  };
  const drop = (): boolean => {
    const some = fresh || left < samples;
    begin();
    fresh = false;
    return some;
  };
  return {
    push(x) {
      if (left === samples) origin = x;
      if (x < min) min = x;
      if (x > max) max = x;
      x -= origin;
      sum += x;
      squares += x * x;
      if (--left > 0) return;
      return finish();
    },
    missing: gapDoor(samples, drop, next.missing),
  };
}
