/** `anomaly`: how unusual each sample is for its channel, which nothing but the channel's past says. */
import { anomalyScorer, scorerHeld, scorerState } from "../anomaly/scorer.js";
import { aboveRule, type Family, optional, truthRule, wholeRule } from "../family.js";

export interface Anomaly {
  readonly stage: "anomaly";
  readonly sensitivity?: number;
  readonly period?: number;
  readonly restore?: boolean;
}

/**
 * A score from 0 to 1 for each sample; 0.5 and more is an anomaly. Needs no parameters. `sensitivity` (1,
 * above 0, at most 100): more finds weaker anomalies and is wrong more often. `period`: samples of the
 * signal's season, 2 … 1,000,000, where it is known; without it, days and weeks at usual spacings are tried.
 * `restore` (false): what it learnt outlives a restart, of which a board has room for one or two.
 */
export function anomaly(parameters: { sensitivity?: number; period?: number; restore?: boolean } = {}): Anomaly {
  return { stage: "anomaly", ...parameters };
}

/**
 * One score a sample, 0 for the first 100. An anomaly is told once, at its beginning: the samples after it
 * score below 0.5 until 20 in a row were calm, and what lasts 300 samples is the new normal. A missing
 * reading goes on as one, and but for the season, which goes on too, nothing learns from it.
 */
export const anomalyFamily: Family<Anomaly> = {
  name: "anomaly",
  rules: [optional(aboveRule("sensitivity", 0, 100)), optional(wholeRule("period", 2, 1_000_000)), optional(truthRule("restore"))],
  held: ({ period }) => scorerHeld(period),
  state: ({ period, restore = false }) => (restore ? scorerState(period) : 0),
  build({ sensitivity, period }, { push, missing }, { state }) {
    const { score, skip } = anomalyScorer(sensitivity, period, state);
    return {
      push: (x) => push(score(x)),
      missing() {
        skip();
        return missing();
      },
    };
  },
};
