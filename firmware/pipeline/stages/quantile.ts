/** `quantile`: what a given part of the last samples does not exceed. */
import { type Family, numberRule, optional } from "../family.js";
import { sending, sendingClash, slidingFlow, slidingRules, slidingWindow, type SlidingWindow } from "./sliding-window.js";
import { picking, pickingState } from "./sorted-window.js";

export interface QuantileParameters extends SlidingWindow {
  /** 0 … 1, default 0.9. */
  readonly quantile?: number;
}

export interface Quantile extends QuantileParameters {
  readonly stage: "quantile";
}

/**
 * `quantile(15, 0.9)`: with each sample, the quantile 0.9 of the last 15 (1 … 101). `quantile({ window_size,
 * send_every, send_first_at, quantile })`: ESPHome's, with its defaults 5, 5, 1 and 0.9.
 */
export function quantile(given: number | QuantileParameters = {}, part?: number): Quantile {
  return { stage: "quantile", ...slidingWindow(given), ...(part === undefined ? {} : { quantile: part }) };
}

const both = 5;
const partDefault = 0.9;

/**
 * ESPHome's filter: of the n samples that there are, in ascending order, the one at place ⌈n × quantile⌉, counted
 * from 1. The product is rounded to 32 bits, as there: 0.55 of 100 is the 55th, although 0.55 × 100 is
 * above 55 in 64 bits. Quantile 0 is the least, where ESPHome reads beside its array. Missing readings as
 * sliding-window.ts says.
 */
export const quantileFamily: Family<Quantile> = {
  name: "quantile",
  rules: [...slidingRules, optional(numberRule("quantile", 0, 1))],
  clash: (params) => sendingClash(params, both),
  flow: (params, flow) => slidingFlow(params, both, flow),
  held: (params) => 2 * sending(params, both).size,
  state: (params) => pickingState(sending(params, both), params.restore),
  build(params, next, { state }) {
    const part = Math.fround(params.quantile ?? partDefault);
    let known = 0;
    let place = 0;
    // How many samples there are changes seldom, and rounding costs more than all else here.
    const pick = (sorted: readonly number[], count: number): number => {
      if (count !== known) {
        known = count;
        place = Math.ceil(Math.fround(count * part)) - 1;
        if (place < 0) place = 0;
      }
      return sorted[place]!;
    };
    return picking(sending(params, both), pick, next, state);
  },
};
