/** What the samples at one place of a channel are like: known when it is compiled, and what frequencies and delays follow from. */
export interface Flow {
  /** Spacing of the samples, ms, above 0. Where it varies, the mean, or, behind stages that pass nobody knows how many, the least that the mean can be: delays are reckoned with it. */
  readonly periodMs: number;
  /** The least spacing of samples that come unevenly, ms, where it is known to be another: what no two are closer than. */
  readonly leastMs?: number;
  /** Whether they stand on a grid of that spacing. Missing readings leave it one. */
  readonly regular: boolean;
  /**
   * How long after a slow, steady change of the measured quantity it shows here, beyond the sensor's own time, ms: how
   * old what a result tells of is at the result's time, on the mean over the results. How long a result then stands until the next one is no
   * part of it; that is `periodMs`. Where rising and falling differ (min, quantile), the mean of both.
   */
  readonly delayMs: number;
}

/** The same samples, later. */
export function later(flow: Flow, delayMs: number): Flow {
  return { ...flow, delayMs: flow.delayMs + delayMs };
}

/** One of each `samples` samples, `delaySamples` of the old spacing later. */
export function fewer(flow: Flow, samples: number, delaySamples: number): Flow {
  return { ...flow, periodMs: flow.periodMs * samples, delayMs: flow.delayMs + delaySamples * flow.periodMs };
}

/**
 * The longest common measure of two times, ms, or 0 where samples are on no grid: a sample on the one grid is older than a
 * point on the other by any multiple of it.
 */
export function commonMs({ periodMs, regular }: Flow, everyMs: number): number {
  if (!regular) return 0;
  let long = everyMs;
  let short = periodMs;
  while (short > 1e-3) {
    const rest = long % short;
    long = short;
    short = rest;
  }
  return long;
}

/** Some of the samples, nobody knows which. */
export function some(flow: Flow): Flow {
  return { ...flow, regular: false };
}
