/**
 * `integral`: the area under the samples, such as energy out of power or volume out of flow, as a total
 * that outlives restarts: it goes on from what was kept last (totals/store.ts says how old that may be
 * after a power cut). Nothing is added for the time in which there were no samples.
 */
import { limits } from "../../limits.js";
import { type Family, numberRule, optional } from "../family.js";

export interface Integral {
  readonly stage: "integral";
  /** Default: 3,600,000. */
  readonly perMs?: number;
  /** Default: 10 periods. */
  readonly gapMaxMs?: number;
}

/**
 * The total of sample × time, time in units of `perMs`, 1 … 86,400,000 ms; by default in hours: W becomes Wh.
 * Between two samples further apart than `gapMaxMs` (1 … 86,400,000, by default 10 periods) nothing is added.
 */
export function integral(parameters: { perMs?: number; gapMaxMs?: number } = {}): Integral {
  return { stage: "integral", ...parameters };
}

const valueMax = limits.valueMax;
/** Enough for a sensor that fails now and then, too little to make up what an outage may have been. */
const gapPeriods = 10;

/**
 * Adds the trapezoid between each two samples, and gives the total with each; the first after a restart
 * gives what was kept. Summed with Neumaier's compensation ("Rundungsfehleranalyse …", ZAMM 54, 1974), so
 * that small areas are not lost in a great total. A missing reading passes as missing; the samples around
 * it are joined by a straight line if they are not further apart than `gapMaxMs`. An area that would lead
 * beyond the greatest value is not added, and gives a missing reading.
 */
export const integralFamily: Family<Integral> = {
  name: "integral",
  keepsTotal: true,
  rules: [optional(numberRule("perMs", 1, limits.periodMaxMs)), optional(numberRule("gapMaxMs", 1, limits.periodMaxMs))],
  flow({ gapMaxMs }, flow) {
    if (gapMaxMs !== undefined) {
      const { periodMs, leastMs = periodMs, regular } = flow;
      const least = regular ? periodMs : leastMs;
      if (gapMaxMs >= least) return flow;
      return `gapMaxMs must be at least the time between two samples, ${least} ms, not ${gapMaxMs}`;
    }
    if (flow.regular) return flow;
    return "needs gapMaxMs where samples do not come on a grid: how far apart two may be with a straight line between them, ms; or put it before delta and the like";
  },
  build({ perMs = 3_600_000, gapMaxMs }, { push, missing }, { flow, sampleMs, total }) {
    const reachMs = gapMaxMs ?? gapPeriods * flow.periodMs;
    const { keep, restore } = total(`integral ${perMs}`);
    const kept = restore();
    // Its value is sum + lost.
    let sum = kept !== undefined && kept >= -valueMax && kept <= valueMax ? kept : 0;
    let lost = 0;
    let last = 0;
    let lastMs = -Infinity;
    return {
      push(x) {
        const nowMs = sampleMs();
        const passedMs = nowMs - lastMs;
        if (passedMs <= reachMs) {
          const area = ((last + x) / 2) * (passedMs / perMs);
          const grown = sum + area;
          if (!(grown >= -valueMax && grown <= valueMax)) {
            last = x;
            lastMs = nowMs;
            return missing();
          }
          const sumIsGreater = (sum < 0 ? -sum : sum) >= (area < 0 ? -area : area);
          lost += sumIsGreater ? sum - grown + area : area - grown + sum;
          sum = grown;
        }
        last = x;
        lastMs = nowMs;
        x = sum + lost;
        keep(x);
        return push(x);
      },
      missing,
    };
  },
};
