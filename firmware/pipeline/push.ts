/**
 * What stages are made of and what they end in. Everything here is called once a sample, so these are
 * bare functions called without `this`, and nobody makes an object or an array in them. A stage ends
 * in `return next(x)`: XS makes that a proper tail call, so that a channel of any length takes the
 * stack of its longest stage and not of all.
 */

/** Takes one sample, a number within ±`limits.valueMax` (so never NaN or infinite), in the channel's unit. */
export type Push = (x: number) => void;

/** What a stage may ask about the sample being pushed. */
export interface Context {
  /** Its grid time, ms since boot: a whole number that never runs backwards, and may pass 2^32. */
  readonly sampleMs: () => number;
}

/** Where a channel's results go. */
export interface Sink {
  /** What came through all stages. */
  readonly value: Push;
  /** What a `summary` stage saw: min, max, mean and std (over n, not n − 1) in the channel's unit, and n. */
  readonly summary: (min: number, max: number, mean: number, std: number, count: number) => void;
  /** Instead of a result that is no number within ±`limits.valueMax` (an overflow): no stage after it saw it. */
  readonly dropped?: () => void;
}
