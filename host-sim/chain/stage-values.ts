/**
 * How many values each stage's brackets take, and whether it takes them by name: JavaScript drops what is too
 * many without a word, so that `multiply(1,8)` would be a multiplication by 1.
 */
import * as builders from "../../firmware/pipeline/builders.js";
import { familyOf } from "../../firmware/pipeline/families.js";

export type StageName = keyof typeof builders;

/** At most; a test holds it against the builders. */
export const valuesMost: Readonly<Record<StageName, number>> = {
  offset: 1,
  multiply: 1,
  calibrate_linear: 2,
  calibrate_polynomial: 2,
  to_ntc_resistance: 1,
  to_ntc_temperature: 1,
  filter_out: Infinity,
  skip_initial: 1,
  clamp: 1,
  round: 1,
  round_to_multiple_of: 1,
  round_to_significant_digits: 1,
  median: 1,
  quantile: 2,
  min: 1,
  max: 1,
  sliding_window_moving_average: 1,
  exponential_moving_average: 1,
  hampel: 3,
  kalman: 1,
  low_pass: 2,
  high_pass: 2,
  band_pass: 2,
  notch: 2,
  fir: 1,
  derivative: 1,
  integral: 1,
  delta: 1,
  throttle: 1,
  throttle_average: 1,
  heartbeat: 2,
  timeout: 2,
  debounce: 1,
  throttle_with_priority: 2,
  window: 2,
  summary: 1,
  lambda: 1,
  or: Infinity,
  group: Infinity,
  rms: 2,
  peak: 2,
  peak_to_peak: 1,
  crest_factor: 2,
  kurtosis: 1,
  zero_crossings: 2,
  band_energy: 1,
  dominant_frequency: 1,
  anomaly: 1,
  hysteresis: 3,
  rate_of_change: 1,
  rolling_std: 1,
  p2_quantile: 3,
  dd_sketch: 2,
  cusum: 1,
  page_hinkley: 1,
  ewma_chart: 1,
  seasonal_baseline: 1,
  stuck: 1,
  out_of_range: 1,
};

const takeLists: readonly StageName[] = ["fir", "calibrate_linear", "to_ntc_resistance", "to_ntc_temperature"];

export function isStageName(name: string): name is StageName {
  return Object.hasOwn(builders, name);
}

/** What its first value is called. */
export function firstName(name: StageName): string | undefined {
  return familyOf(name)?.rules[0]?.key;
}

/** Whether its first value may be an object with its parameters. */
export function takesNames(name: StageName): boolean {
  const key = firstName(name);
  if (key === undefined) return false;
  try {
    const made = (builders as unknown as Record<string, (given: unknown) => object>)[name]!({ [key]: 1 });
    return (made as Record<string, unknown>)[key] === 1;
  } catch {
    return false;
  }
}

/** What to say of `texts`, the values as they were typed; undefined when they are not too many. */
export function surplus(name: StageName, texts: readonly string[]): string | undefined {
  const most = valuesMost[name];
  if (texts.length <= most) return undefined;
  const many = `${name} takes ${most === 1 ? "one value" : `at most ${most} values`}, not ${texts.length}`;
  if (texts.length === most + 1 && /^[-+]?\d+$/.test(texts[most - 1]!) && /^\d+$/.test(texts[most]!)) {
    const decimal = [...texts.slice(0, most - 1), `${texts[most - 1]}.${texts[most]}`].join(", ");
    return `${many}; a decimal point, not a comma: ${name}(${decimal})?`;
  }
  if (takeLists.includes(name)) return `${many}; a list stands in brackets: ${name}([${texts.join(", ")}])`.slice(0, 200);
  const keys = familyOf(name)?.rules.map((rule) => rule.key) ?? [];
  return keys.length > 1 && takesNames(name) ? `${many}; several go by name, in braces: ${keys.join(", ")}` : many;
}
