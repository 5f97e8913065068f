/** `rms`: how strong a signal is, a block at a time. */
import { type Family, optional, truthRule } from "../family.js";
import { bounded, gapDoor, perBlock, samplesRule } from "./block.js";

export interface Rms {
  readonly stage: "rms";
  readonly samples: number;
  readonly aboutMean?: boolean;
}

/** One result for each `samples` samples, 1 … 1,000,000. `aboutMean`: of what is left without the block's mean, such as gravity. */
export function rms(samples: number, { aboutMean }: { aboutMean?: boolean } = {}): Rms {
  return aboutMean === undefined ? { stage: "rms", samples } : { stage: "rms", samples, aboutMean };
}

/**
 * The root of the mean square of a block's samples, in the channel's unit: a sine's is its amplitude ÷ √2.
 * About the mean it is the standard deviation over n. For a missing reading see block.ts.
 */
export const rmsFamily: Family<Rms> = {
  name: "rms",
  rules: [samplesRule(1), optional(truthRule("aboutMean"))],
  flow: ({ samples }, flow) => perBlock(flow, samples),
  build({ samples, aboutMean = false }, next) {
    const give = bounded(next);
    let left = samples;
    let origin = 0;
    let sum = 0;
    let squares = 0;
    let fresh = false;
    const finish = (): void => {
      const mean = sum / samples;
      const square = squares / samples - mean * mean;
      left = samples;
      origin = sum = squares = 0;
      fresh = true;
      return give(Math.sqrt(square > 0 ? square : 0));
    };
    const drop = (): boolean => {
      const some = fresh || left < samples;
      left = samples;
      origin = sum = squares = 0;
      fresh = false;
      return some;
    };
    return {
      push: aboutMean
        ? (x) => {
            // Relative to the first sample, so that a small spread on a great value keeps its digits.
            if (left === samples) origin = x;
            x -= origin;
            sum += x;
            squares += x * x;
            if (--left > 0) return;
            return finish();
          }
        : (x) => {
            squares += x * x;
            if (--left > 0) return;
            return finish();
          },
      missing: gapDoor(samples, drop, next.missing),
    };
  },
};
