/** Stages whose results are of the same kind as their samples, fewer or smoother perhaps: a unit stays what it was, an alarm an alarm. */

const keepers: readonly string[] = [
  "filter_out",
  "skip_initial",
  "clamp",
  "round",
  "round_to_multiple_of",
  "round_to_significant_digits",
  "median",
  "quantile",
  "min",
  "max",
  "sliding_window_moving_average",
  "exponential_moving_average",
  "hampel",
  "kalman",
  "low_pass",
  "notch",
  "delta",
  "throttle",
  "throttle_average",
  "heartbeat",
  "timeout",
  "debounce",
  "throttle_with_priority",
  "summary",
];

/** One that has not been examined is none. */
export function isKeeper(stage: unknown): boolean {
  const name = typeof stage === "object" && stage !== null ? (stage as { stage?: unknown }).stage : undefined;
  return typeof name === "string" && keepers.indexOf(name) >= 0;
}

export function keepsUnit(stages: unknown): boolean {
  return stages === undefined || (Array.isArray(stages) && stages.every(isKeeper));
}
