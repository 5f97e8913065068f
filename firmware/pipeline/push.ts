/**
 * What stages are made of and what they end in. Everything here is called once a sample, so these are
 * bare functions called without `this`, and nobody makes an object or an array in them. A stage ends
 * in `return next(x)`: XS makes that a proper tail call, so that a channel of any length takes the
 * stack of its longest stage and not of all.
 */

/** Takes one sample, a number within ±`limits.valueMax` (so never NaN or infinite), in the channel's unit. */
export type Push = (x: number) => void;

/**
 * The two doors of what comes next. A reading that could not be had, what ESPHome passes on as NaN,
 * comes in by its own, so that no stage tests each sample for it.
 */
export interface Way {
  readonly push: Push;
  readonly missing: () => void;
}

/** Where a channel's results go. */
export interface Sink extends Way {
  /** What a `summary` stage saw: min, max, mean and std (over n, not n − 1) in the channel's unit, and n. */
  readonly summary: (min: number, max: number, mean: number, std: number, count: number) => void;
}
