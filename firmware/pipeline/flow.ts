/** What the samples at one place of a channel are like: known when it is compiled, and what frequencies and delays follow from. */
export interface Flow {
  /** Mean spacing of the samples, ms, above 0; where it varies, the least that it can be. */
  readonly periodMs: number;
  /** Whether they stand on a grid of that spacing. Missing readings leave it one. */
  readonly regular: boolean;
  /** How long after a slow change of the measured quantity it shows here, beyond the sensor's own time, ms. */
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

/** Some of the samples, nobody knows which. */
export function some(flow: Flow): Flow {
  return { ...flow, regular: false };
}
