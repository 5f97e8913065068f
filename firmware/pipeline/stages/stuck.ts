/** `stuck`: finds a sensor that says the same for too long, as broken ones do. */
import { limits } from "../../limits.js";
import { type Family, numberRule, optional, wholeRule } from "../family.js";
import { type Mark, markRule } from "./detector.js";

export interface Stillness {
  /** So many samples in a row, 2 … 1,000,000. */
  readonly samples?: number;
  /** So long, 1 … 86,400,000 ms. Exactly one of both. */
  readonly forMs?: number;
  /** The greatest difference that counts as none, in the channel's unit. Default: the channel's resolution. */
  readonly by?: number;
  /** Default: `alarm`. */
  readonly mark?: Mark;
}

export interface Stuck extends Stillness {
  readonly stage: "stuck";
}

/** 1 once the samples have not differed by more than `by` for `samples` or `forMs`, otherwise 0. `mark: "missing"`: samples go on as they are, then as missing. */
export function stuck(stillness: Stillness): Stuck {
  return { stage: "stuck", ...stillness };
}

/**
 * Samples are compared with the one at which they came to rest, so a slow drift is a change too. A
 * difference must exceed `by` by half of the channel's resolution: readings are multiples of it, and
 * binary fractions make a bit more or less of their difference. A missing reading passes as missing, is
 * no sample, and no change: time goes on.
 */
export const stuckFamily: Family<Stuck> = {
  name: "stuck",
  alarm: ({ mark }) => mark !== "missing",
  rules: [
    optional(wholeRule("samples", 2, limits.reducedSamplesMax)),
    optional(numberRule("forMs", 1, limits.periodMaxMs)),
    optional(numberRule("by", 0, limits.valueMax)),
    markRule,
  ],
  clash({ samples, forMs }) {
    if (samples === undefined && forMs === undefined) return "samples and forMs are both missing, give one";
    return samples !== undefined && forMs !== undefined ? "samples and forMs exclude each other, give only one" : undefined;
  },
  build({ samples = Infinity, forMs = Infinity, by, mark }, { push, missing }, { resolution, sampleMs }) {
    const least = (by ?? resolution) + resolution / 2;
    const pass = mark === "missing";
    // Every sample is further than `least` from infinity.
    let rest = Infinity;
    let restMs = 0;
    let count = 0;
    return {
      push(x) {
        const nowMs = sampleMs();
        if ((x > rest ? x - rest : rest - x) > least) {
          rest = x;
          restMs = nowMs;
          count = 0;
        }
        count++;
        const still = count >= samples || nowMs - restMs >= forMs;
        if (!pass) return push(still ? 1 : 0);
        if (still) return missing();
        return push(x);
      },
      missing,
    };
  },
};
