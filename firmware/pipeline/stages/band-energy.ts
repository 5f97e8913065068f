/** `band_energy`: how strong a signal is between two frequencies, a block at a time. */
import { choiceRule, type Family, optional } from "../family.js";
import { windowNames, spectralWindow, type WindowName } from "../fourier-window.js";
import { bounded, perBlock } from "./block.js";
import { bandClash, bandMistake, binsOf, hzRule, powerOf, sizeRule, spectral, spectralHeld } from "./spectral-band.js";

export interface BandEnergy {
  readonly stage: "band_energy";
  readonly samples: number;
  readonly fromHz: number;
  readonly toHz: number;
  readonly window?: WindowName;
}

/**
 * One result for each `samples` samples: 16, 32, 64, 128, 256, 512 or 1024. The frequencies of their spectrum
 * stand samples a second ÷ `samples` apart; those from `fromHz` to below `toHz` count, and half the samples a
 * second with a `toHz` of just that. `window`: "hann" (default), "rectangular", "hamming", "blackman" or "flat_top".
 */
export function band_energy(parameters: { samples: number; fromHz: number; toHz: number; window?: WindowName }): BandEnergy {
  return { stage: "band_energy", ...parameters };
}

/**
 * The mean square of that part of the signal, in the square of the channel's unit: of a sine within the band
 * half its squared amplitude. Bands side by side add up, and over the whole band from 0 Hz its root is
 * the block's rms: exactly so for a rectangular window (Parseval), on the mean for the others, which
 * weigh the middle of a block. The block's mean belongs to 0 Hz, and reaches no other frequency. A tone near a
 * band's edge is shared with its neighbour, over 2 frequencies to each side for Hann. For a missing reading see block.ts.
 */
export const bandEnergyFamily: Family<BandEnergy> = {
  name: "band_energy",
  rules: [sizeRule, hzRule("fromHz"), hzRule("toHz"), optional(choiceRule("window", windowNames))],
  clash: bandClash,
  flow: ({ samples, fromHz, toHz }, flow) => bandMistake(flow, samples, fromHz, toHz) ?? perBlock(flow, samples),
  held: ({ samples }) => spectralHeld(samples),
  build({ samples, fromHz, toHz, window = "hann" }, next, { flow }) {
    const give = bounded(next);
    const { first, last } = binsOf(flow, samples, fromHz, toHz);
    const inner = first > 0 ? first : 1;
    const end = 2 * last === samples ? last - 1 : last;
    // Each bin but the first and the last stands for itself and its mirror image.
    const share = 2 / (samples * samples * spectralWindow(window).power);
    return spectral(samples, window, next, (values, mean) => {
      let sum = 0;
      let x = 0;
      for (let i = 2 * inner; i <= 2 * end + 1; i++) {
        x = values[i]!;
        sum += x * x;
      }
      if (first === 0) sum += powerOf(values, 0) / 2;
      if (end < last) sum += powerOf(values, last) / 2;
      return give(sum * share + (first === 0 ? mean * mean : 0));
    });
  },
};
