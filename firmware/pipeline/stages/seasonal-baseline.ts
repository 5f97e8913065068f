/**
 * `seasonal_baseline`: how far a quantity is from what it usually is at this hour. A day is told by the
 * time since the board's first start, because the board knows no other, so its parts begin when the board did. A
 * restart that keeps the power goes on with what was learnt, and with the time of day of when that was
 * written. After a loss of power nobody knows what time it is, and all is learnt anew. For each part three numbers are
 * held, and none of its samples.
 */
import { limits } from "../../limits.js";
import { choiceRule, type Family, optional, truthRule, wholeRule } from "../family.js";
import { some } from "../flow.js";

const results = ["deviation", "z_score"] as const;

export interface SeasonalBaselineParameters {
  /** How long it takes until everything repeats, a whole number 1,000 … 2,678,400,000 ms (31 days). Default: 86,400,000, a day. */
  readonly periodMs?: number;
  /** Parts of a period with a baseline each, 2 … 168. Default: 24. */
  readonly bins?: number;
  /** Over how many periods a baseline is taken, 1 … 1,000; exponentially beyond. Default: 14. */
  readonly memory?: number;
  /** `deviation`: x − baseline, in the channel's unit. `z_score`: that ÷ the part's standard deviation. Default: `deviation`. */
  readonly result?: (typeof results)[number];
  /** Whether what it learnt outlives a restart that keeps the power. Default: true. */
  readonly restore?: boolean;
}

export interface SeasonalBaseline extends SeasonalBaselineParameters {
  readonly stage: "seasonal_baseline";
}

/** With each sample, how far it is from the mean of this part of the earlier periods. What the parameters are: above. */
export function seasonal_baseline(parameters: SeasonalBaselineParameters = {}): SeasonalBaseline {
  return { stage: "seasonal_baseline", ...parameters };
}

const dayMs = 86_400_000;
const periodMinMs = 1000;
const periodMaxMs = 31 * dayMs;
const binsMax = 168;
const binsDefault = 24;
const memoryDefault = 14;
const wholeMax = 0xffff_ffff;
const valueMax = limits.valueMax;

/**
 * When a part ends, its mean and variance in this period join those learnt, with weight 1 ÷ n in the nth period
 * and 1 ÷ `memory` later; until then they judge nothing, so a sample is never measured by itself. The variance is that
 * of all the part's samples about its baseline, from one period to the next too; the standard deviation is
 * never below the channel's resolution. While the part has not been met before, in the first period or after
 * gaps, a sample gives nothing, or a missing reading when the sample before it gave a result. A
 * missing reading passes as missing and is not learnt.
 */
export const seasonalBaselineFamily: Family<SeasonalBaseline> = {
  name: "seasonal_baseline",
  rules: [
    optional(wholeRule("periodMs", periodMinMs, periodMaxMs)),
    optional(wholeRule("bins", 2, binsMax)),
    optional(wholeRule("memory", 1, 1000)),
    optional(choiceRule("result", results)),
    optional(truthRule("restore")),
  ],
  flow({ periodMs = dayMs, bins = binsDefault }, flow) {
    const binsFull = Math.floor(periodMs / flow.periodMs);
    // While a part is new, its samples give nothing.
    if (bins <= binsFull) return some(flow);
    const remedy = binsFull < 2 ? "choose a longer periodMs or sample more often" : `choose at most ${binsFull} bins or a longer periodMs`;
    return `needs a sample in each of its ${bins} parts of ${periodMs} ms, and samples come every ${flow.periodMs} ms: ${remedy}`;
  },
  held: ({ bins = binsDefault }) => 3 * bins,
  stateNeedsTime: true,
  state: ({ bins = binsDefault, memory = memoryDefault, restore = true }) => (restore ? bins * (memory > 0xff ? 18 : 17) + 34 : 0),
  build({ periodMs = dayMs, bins = binsDefault, memory = memoryDefault, result }, { push, missing }, { resolution, sampleMs, state }) {
    const means: number[] = [];
    const deviations: number[] = [];
    /** Periods in which the part had a sample, up to `memory`. */
    const visits: number[] = [];
    for (let i = 0; i < bins; i++) {
      means.push(0);
      deviations.push(0);
      visits.push(0);
    }
    const byDeviation = result === "z_score";
    /** From the time since boot to that since the first start, but for whole periods. */
    let shiftMs = 0;
    let bin = 0;
    let endMs = -1;
    let told = false;
    // Of the part that runs: what is known from earlier ones, and what came in it.
    let known = false;
    let baseline = 0;
    let deviation = 1;
    let count = 0;
    let mean = 0;
    let squares = 0;

    function learn(): void {
      const visit = visits[bin]! < memory ? visits[bin]! + 1 : memory;
      const weight = 1 / visit;
      const shift = mean - means[bin]!;
      const before = deviations[bin]! * deviations[bin]! + weight * shift * shift;
      deviations[bin] = Math.sqrt((1 - weight) * before + weight * (squares / count));
      means[bin] = means[bin]! + weight * shift;
      visits[bin] = visit;
    }

    function enter(nowMs: number): void {
      if (count > 0) learn();
      const phaseMs = (nowMs + shiftMs) % periodMs;
      bin = Math.floor((phaseMs * bins) / periodMs);
      endMs = nowMs - phaseMs + Math.ceil(((bin + 1) * periodMs) / bins);
      recall();
      count = mean = squares = 0;
    }

    function recall(): void {
      known = visits[bin]! > 0;
      baseline = means[bin]!;
      deviation = !byDeviation ? 1 : deviations[bin]! > resolution ? deviations[bin]! : resolution;
    }

    state?.((walk) => {
      const nowMs = sampleMs();
      for (let i = 0; i < bins; i++) {
        means[i] = walk.number(means[i]!);
        deviations[i] = walk.size(deviations[i]!);
        visits[i] = walk.whole(visits[i]!, memory);
      }
      shiftMs = walk.whole((nowMs + shiftMs) % periodMs, wholeMax) - nowMs;
      endMs = nowMs + walk.number(endMs - nowMs);
      bin = walk.whole(bin, bins - 1);
      told = walk.truth(told);
      count = walk.whole(count, wholeMax);
      mean = walk.number(mean);
      squares = walk.size(squares);
      recall();
    });

    return {
      push(x) {
        const nowMs = sampleMs();
        if (nowMs >= endMs) enter(nowMs);
        const distance = x - mean;
        mean += distance / ++count;
        squares += distance * (x - mean);
        if (known) {
          x = (x - baseline) / deviation;
          if (x >= -valueMax && x <= valueMax) {
            told = true;
            return push(x);
          }
          return missing();
        }
        if (!told) return;
        told = false;
        return missing();
      },
      missing,
    };
  },
};
