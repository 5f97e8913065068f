/** `ewma_chart`: tells when a smoothed quantity leaves the limits within which chance would keep it. */
import { type Family, aboveRule, optional } from "../family.js";
import { type Standard, standardClash, standardised, standardRules, standardState } from "./standard.js";

export interface EwmaChartParameters extends Standard {
  /** Weight of a new sample, above 0, at most 1: small ones find small shifts, 1 is Shewhart's chart. Default: 0.2. */
  readonly lambda?: number;
  /** Half of the limits' distance, in deviations of the smoothed value, above 0, at most 100. Default: 3. */
  readonly limit?: number;
}

export interface EwmaChart extends EwmaChartParameters {
  readonly stage: "ewma_chart";
}

/** 1 outside of the limits, 0 within and while it learns. What the parameters are: above, and standard.ts. */
export function ewma_chart(parameters: EwmaChartParameters = {}): EwmaChart {
  return { stage: "ewma_chart", ...parameters };
}

/**
 * S. W. Roberts, "Control Chart Tests Based on Geometric Moving Averages", Technometrics 1 (1959), with
 * the limits that hold from the first sample on: |smoothed| > limit × √(λ ÷ (2 − λ) × (1 − (1 − λ)^2i)) at the ith,
 * where it starts at the target and its samples are (x − target) ÷ deviation. λ 0.1 with limit 2.814 raises a false
 * alarm every 500 normal samples that depend on nothing before them (Lucas and Saccucci, Technometrics 32,
 * 1990). A missing reading passes as missing and changes nothing.
 */
export const ewmaChartFamily: Family<EwmaChart> = {
  name: "ewma_chart",
  alarm: () => true,
  rules: [optional(aboveRule("lambda", 0, 1)), optional(aboveRule("limit", 0, 100)), ...standardRules],
  clash: standardClash,
  state: (params) => standardState(params, 16),
  build({ lambda = 0.2, limit = 3, after, ...standard }, { push, missing }, { resolution, state }) {
    const keep = 1 - lambda;
    const forget = keep * keep;
    const squareMax = (limit * limit * lambda) / (2 - lambda);
    let smoothed = 0;
    /** (1 − λ)^2i */
    let unsettled = 1;
    const alarm = (): void => {
      if (after !== undefined && after !== "stay") {
        smoothed = 0;
        unsettled = 1;
        if (after === "relearn") samples.relearn();
      }
      return push(1);
    };
    const judge = (z: number): void => {
      smoothed = keep * smoothed + lambda * z;
      unsettled *= forget;
      if (smoothed * smoothed > squareMax * (1 - unsettled)) return alarm();
      return push(0);
    };
    const samples = standardised(
      standard,
      resolution,
      judge,
      () => push(0),
      state,
      (walk) => {
        smoothed = walk.number(smoothed);
        unsettled = walk.size(unsettled);
      },
    );
    return { push: samples.push, missing };
  },
};
