/** `dominant_frequency`: which tone a signal is strongest at, a block at a time. */
import { type Family, optional } from "../family.js";
import { bounded, perBlock } from "./block.js";
import { bandClash, bandMistake, binsOf, hzRule, powerOf, sizeRule, spectral, spectralHeld } from "./spectral-band.js";

export interface DominantFrequency {
  readonly stage: "dominant_frequency";
  readonly samples: number;
  readonly fromHz?: number;
  readonly toHz?: number;
}

/**
 * One result for each `samples` samples: 16, 32, 64, 128, 256, 512 or 1024. Looks from `fromHz` (default: above 0)
 * to `toHz` (default: half the samples a second).
 */
export function dominant_frequency(parameters: { samples: number; fromHz?: number; toHz?: number }): DominantFrequency {
  return { stage: "dominant_frequency", ...parameters };
}

/** A spectrum weaker than this share of the mean is rounding. */
const rounding = 1e-13;

/**
 * Where the spectrum under a Hann window is greatest, Hz, by its two strongest neighbours to a few
 * hundredths of their distance (T. Grandke, "Interpolation algorithms for discrete Fourier transforms of
 * weighted signals", IEEE Trans. Instrum. Meas. 32, 1983): right for a single tone, near it among others that lie
 * four such distances away or more. A block of one value has none: missing. For a missing reading see block.ts.
 */
export const dominantFrequencyFamily: Family<DominantFrequency> = {
  name: "dominant_frequency",
  rules: [sizeRule, optional(hzRule("fromHz")), optional(hzRule("toHz"))],
  clash: bandClash,
  flow: ({ samples, fromHz, toHz }, flow) => bandMistake(flow, samples, fromHz, toHz) ?? perBlock(flow, samples),
  held: ({ samples }) => spectralHeld(samples),
  build({ samples, fromHz, toHz }, next, { flow }) {
    const give = bounded(next);
    const { first, last } = binsOf(flow, samples, fromHz, toHz);
    const from = first > 0 ? first : 1;
    const half = samples / 2;
    const spacingHz = 1000 / (flow.periodMs * samples);
    return spectral(samples, "hann", next, (values, mean) => {
      let greatest = 0;
      let at = 0;
      for (let k = from; k <= last; k++) {
        const power = powerOf(values, k);
        if (power > greatest) {
          greatest = power;
          at = k;
        }
      }
      const least = rounding * samples * mean;
      if (!(greatest > least * least)) return next.missing();
      const before = powerOf(values, at - 1);
      const after = at < half ? powerOf(values, at + 1) : before;
      const ratio = Math.sqrt((after > before ? after : before) / greatest);
      const beside = (2 * ratio - 1) / (1 + ratio);
      return give((after > before ? at + beside : at - beside) * spacingHz);
    });
  },
};
