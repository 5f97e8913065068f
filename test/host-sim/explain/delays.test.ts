/** What is claimed of delays against what they are: ramps through chains, and the age of each result at its own time. */
import { describe, expect, test } from "vitest";
import { families } from "../../../firmware/pipeline/families.js";
import { stageExamples } from "../../../host-sim/bench/stage-examples.js";
import { runChain, type ChainOutput } from "../../../host-sim/chain/chain-run.js";
import { parseChain } from "../../../host-sim/chain/chain-text.js";
import type { Stage } from "../../../firmware/pipeline/stage.js";

const hour = Array.from({ length: 3600 }, (_, second) => second * 1000);
/** In the middle, so that what rises and what falls stay on the same side of 0. */
const middle = 10_000;

function chainOf(text: string): readonly Stage[] {
  const parsed = parseChain(text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

function ran(stages: readonly Stage[], timesMs: readonly number[], values: readonly number[]): ChainOutput {
  const result = runChain(stages, { timesMs, values, resolution: 1e-4 });
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

/** The mean age of the results of a quantity that goes by `slope` a second, from the second quarter on: filters have settled then. */
function ageMs(stages: readonly Stage[], timesMs: readonly number[], slope: number): number {
  const { timesMs: atMs, values } = ran(
    stages,
    timesMs,
    timesMs.map((ms) => middle + (slope * ms) / 1000),
  );
  const settledMs = timesMs[timesMs.length >> 2]!;
  const ages = atMs.flatMap((ms, i) => (ms < settledMs ? [] : [ms - ((values[i]! - middle) * 1000) / slope]));
  expect(ages.length).toBeGreaterThan(0);
  return ages.reduce((sum, age) => sum + age / ages.length, 0);
}

function delays(stages: readonly Stage[], timesMs: readonly number[]): { claimedMs: number; measuredMs: number } {
  const claimedMs = ran(stages, timesMs, timesMs).flows.at(-1)!.delayMs;
  return { claimedMs, measuredMs: (ageMs(stages, timesMs, 1) + ageMs(stages, timesMs, -1)) / 2 };
}

/** What gives the quantity itself, or what goes as it goes. In ms: how far a claim may be off. */
const followers: readonly [chain: string, withinMs: number][] = [
  ["median(3)", 1],
  ["median(5)", 1],
  ["median(101)", 1],
  ["median({})", 1],
  ["quantile({})", 1],
  ["quantile({ window_size: 15, send_every: 1, quantile: 0.9 })", 1],
  ["min({})", 1],
  ["max({})", 1],
  ["min(5)", 1],
  ["max({ window_size: 60, send_every: 60 })", 1],
  ["sliding_window_moving_average({})", 1],
  ["sliding_window_moving_average(30)", 1],
  ["exponential_moving_average(0.1)", 1],
  ["exponential_moving_average({})", 1],
  ["hampel(7)", 1],
  ["hampel(7) | median(5)", 1],
  ["kalman({ process: 0.01, measurement: 1 })", 1],
  ["kalman({ process: 0.01, measurement: 1, model: velocity })", 10],
  ["low_pass(0.05)", 1],
  ["low_pass(0.01, 2)", 1],
  ["notch(0.1)", 1],
  ["fir([0.02, 0.05, 0.09, 0.12, 0.14, 0.16, 0.14, 0.12, 0.09, 0.05, 0.02])", 1],
  ["skip_initial(2)", 1],
  ["delta(0.1)", 1],
  ["delta(5)", 1],
  ["throttle(3s)", 1],
  ["throttle(2500)", 1],
  ["throttle_average(10s)", 1],
  ["throttle_average(60s)", 1],
  ["throttle_average(1500)", 1],
  ["throttle_average(400)", 1],
  ["throttle_with_priority(60s)", 1],
  ["heartbeat(30s)", 1],
  ["heartbeat(1500)", 1],
  ["heartbeat(300)", 1],
  ["throttle_average(10s) | heartbeat(30s)", 1],
  ["throttle_average(10s) | median(5) | throttle(60s)", 1],
  ["timeout(60s)", 1],
  ["debounce(300)", 1],
  ["window(60, min)", 1],
  ["window(10, max)", 1],
  ["window(100, mean)", 1],
  ["summary(100)", 1],
  ["or(delta(5), throttle(60s))", 1],
  ["or(median(21), throttle(60s))", 1],
  ["or(throttle(10s), delta(7))", 1],
  ["or(median(21)) | median(5)", 1],
  ["or(debounce(2s), median(21))", 1],
  ["or(throttle(10s), throttle(15s))", 1],
  ["or(throttle(2s), heartbeat(2s))", 1000],
  ["or(delta(5), throttle(60s) | median(5))", 120_000],
  ["group(median(5), throttle_average(10s))", 1],
  ["rms(100)", 100],
  ["peak(100)", 1],
  ["p2_quantile(0.9, 100)", 1000],
  ["p2_quantile(0.5, 100)", 1000],
  ["dd_sketch(0.9, { samples: 100, accuracy: 0.0001, binsMax: 512 })", 1500],
];

/** Of one sample alone: so each result is of its own time, and all that is to be shown is that no other sample has a part in it. */
const memoryless = [
  "offset",
  "multiply",
  "calibrate_linear",
  "calibrate_polynomial",
  "to_ntc_resistance",
  "to_ntc_temperature",
  "filter_out",
  "clamp",
  "round",
  "round_to_multiple_of",
  "round_to_significant_digits",
  "lambda",
  "out_of_range",
];

/** A ramp has no such delay, and why. */
const meaningless: Readonly<Record<string, string>> = {
  high_pass: "takes a slow change out",
  band_pass: "takes a slow change out; what is claimed is the delay of a change in the band",
  derivative: "gives a speed: a ramp's is the same at all times (measured on a parabola below)",
  integral: "gives an area, which only grows",
  peak_to_peak: "gives a width: a ramp's is the same at all times",
  crest_factor: "gives a shape",
  kurtosis: "gives a shape",
  rolling_std: "gives a spread: a ramp's is the same at all times",
  zero_crossings: "gives a frequency",
  band_energy: "gives an energy of swings",
  dominant_frequency: "gives a frequency",
  hysteresis: "gives 0 or 1, at the sample that crosses",
  rate_of_change: "gives 0 or 1",
  stuck: "gives 0 or 1",
  cusum: "gives an alarm about a step",
  page_hinkley: "gives an alarm about a step",
  ewma_chart: "gives an alarm about a step",
  seasonal_baseline: "gives a distance from what is usual at that time of the day",
  anomaly: "gives a score",
};

test("each stage there is stands in one of the tables", () => {
  const followed = followers.flatMap(([chain]) => chain.match(/\b[a-z]\w+(?=\()/g)!);
  const named = new Set([...followed, ...memoryless, ...Object.keys(meaningless)]);
  expect([...named].sort()).toEqual(families.map(({ name }) => name).sort());
});

describe("on a ramp of a sample a second, rising and falling, what is claimed is what is measured:", () => {
  test.each(followers)("%s", (chain, withinMs) => {
    const { claimedMs, measuredMs } = delays(chainOf(chain), hour);
    expect(Math.abs(measuredMs - claimedMs), `claimed ${claimedMs} ms, measured ${measuredMs} ms`).toBeLessThanOrEqual(withinMs);
  });

  test.each([
    ["throttle_average(10s)", 5500],
    ["heartbeat(30s)", 1000],
    ["throttle_average(10s) | heartbeat(30s)", 15_500],
    ["or(median(21), throttle(60s))", 10_000],
    ["min(5)", 2000],
    ["window(60, min)", 29_500],
  ])("%s: %d ms", (chain, ms) => {
    expect(delays(chainOf(chain), hour).claimedMs).toBe(ms);
  });

  test.each(followers)("%s, and results come as often as is said", (chain) => {
    const { timesMs, flows } = ran(chainOf(chain), hour, hour);
    const { periodMs, regular } = flows.at(-1)!;
    const spacingMs = (timesMs.at(-1)! - timesMs[0]!) / (timesMs.length - 1);
    if (regular) expect(spacingMs).toBeCloseTo(periodMs, 6);
    else expect(spacingMs).toBeGreaterThanOrEqual(periodMs * 0.999);
  });

  test.each(stageExamples().filter(({ stage }) => memoryless.includes(stage)))(
    "$stage gives each sample's own result, at once",
    (stage) => {
      const timesMs = hour.slice(0, 60);
      const values = timesMs.map((ms) => ms / 4000);
      const { flows, ...together } = ran([stage], timesMs, values);
      const alone = timesMs.map((ms, i) => ran([stage], [ms], [values[i]!]));
      expect(flows[1]!.delayMs).toBe(0);
      expect(together.timesMs).toEqual(alone.flatMap((each) => each.timesMs));
      expect(together.values).toEqual(alone.flatMap((each) => each.values));
    },
  );

  test("derivative, on a parabola, whose speed is a ramp", () => {
    const { timesMs, values, flows } = ran(
      chainOf("derivative()"),
      hour,
      hour.map((ms) => (ms / 1000) ** 2),
    );
    const ages = values.slice(10).map((speed, i) => timesMs[i + 10]! - (speed * 1000) / 2);
    for (const age of ages) expect(age).toBeCloseTo(flows[1]!.delayMs, 0);
  });
});

describe("on a ramp of uneven times, about what is claimed is measured:", () => {
  // From 0.2 to 7 s apart, no two alike in a row.
  const uneven: number[] = [0];
  for (let i = 1; i < 2000; i++) uneven.push(uneven[i - 1]! + 200 + ((i * 7919) % 6801));

  test.each([
    "median(5)",
    "median(21)",
    "min(5)",
    "sliding_window_moving_average(10)",
    "exponential_moving_average(0.1)",
    "kalman({ process: 0.01, measurement: 1 })",
    "throttle(10s)",
    "throttle_average(30s)",
    "heartbeat(30s)",
    "debounce(5s)",
    "window(10, mean)",
    "or(median(21), throttle(60s))",
  ])("%s", (chain) => {
    const { claimedMs, measuredMs } = delays(chainOf(chain), uneven);
    expect(Math.abs(measuredMs - claimedMs), `claimed ${claimedMs} ms, measured ${measuredMs} ms`).toBeLessThanOrEqual(
      measuredMs * 0.25 + 1,
    );
  });

  test("integral takes any gapMaxMs that two samples are within", () => {
    const examined = (gapMaxMs: number) =>
      runChain(chainOf(`integral({ gapMaxMs: ${gapMaxMs} })`), { timesMs: uneven, values: uneven, resolution: 1 });
    expect(examined(1000).ok).toBe(true);
    expect(examined(100)).toMatchObject({ ok: false, error: { message: expect.stringContaining("at least") } });
  });
});
