/** Stages whose state outlives a restart: from there on they give what they would have given without one, bit by bit. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  anomaly,
  cusum,
  delta,
  ewma_chart,
  exponential_moving_average,
  group,
  hampel,
  max,
  median,
  min,
  multiply,
  or,
  p2_quantile,
  page_hinkley,
  quantile,
  rolling_std,
  seasonal_baseline,
  sliding_window_moving_average,
} from "../../../firmware/pipeline/builders.js";
import { examine } from "../../../firmware/pipeline/examine.js";
import { families } from "../../../firmware/pipeline/families.js";
import type { Stage } from "../../../firmware/pipeline/stage.js";
import { type Entries, restoredChannel } from "./restored-channel.js";
import { list, normals } from "./statistics.js";

const restore = true;
const periodMs = 1000;

/** Each kind of state there is, with windows short and long. */
const kept: readonly (readonly Stage[])[] = [
  [seasonal_baseline({ periodMs: 60_000, bins: 6 })],
  [seasonal_baseline({ periodMs: 97_000, bins: 24, memory: 300, result: "z_score" })],
  [cusum({ learn: 20 })],
  [cusum({ target: 1, learn: 30, after: "relearn" })],
  [cusum({ target: -0.5, deviation: 1, slack: 0.1, threshold: 60, after: "restart", restore })],
  [ewma_chart({ learn: 20, after: "restart" })],
  [page_hinkley({ delta: 0.1, threshold: 5, after: "relearn" })],
  [p2_quantile(0.9, undefined, { restore })],
  [p2_quantile(0.5, 40, { restore })],
  [anomaly({ restore })],
  [anomaly({ period: 12, restore })],
  [median({ window: 3, restore })],
  [median({ window: 5, restore })],
  [median({ window: 11, restore })],
  [median({ window_size: 8, send_every: 3, restore })],
  [quantile({ window_size: 9, send_every: 2, quantile: 0.9, restore })],
  [min({ window_size: 7, send_every: 2, restore })],
  [max({ window_size: 7, send_every: 1, restore })],
  [max({ window_size: 5, send_every: 9, restore })],
  [sliding_window_moving_average({ window_size: 10, send_every: 3, restore })],
  [sliding_window_moving_average({ window_size: 4, send_every: 6, restore })],
  [exponential_moving_average({ alpha: 0.1, send_every: 1, restore })],
  [exponential_moving_average({ alpha: 0.3, send_every: 4, restore })],
  [hampel(9, 3, { restore })],
  [rolling_std({ window: 12, restore })],
  [median({ window: 5, restore }), exponential_moving_average({ alpha: 0.1, send_every: 1, restore })],
  [or(median({ window: 5, restore }), group(multiply(2), median({ window: 5, restore }))), rolling_std({ window: 5, restore })],
];

const title = (stages: readonly Stage[]): string => JSON.stringify(stages);

/** A signal that wanders, jumps and fails now and then. */
function signal(seed: string, count: number): number[] {
  const draw = normals(seed);
  return list(count, (i) => {
    if (Math.abs(draw()) > 2.3) return NaN;
    return Math.round(100 * (3 * Math.sin(i / 9) + draw() + (i % 211 > 180 ? 6 : 0))) / 100;
  });
}

/** Gives the samples from the `from`th on, the first of all at `firstMs`. */
function give(channel: ReturnType<typeof restoredChannel>, samples: readonly number[], from: number, to: number, firstMs: number): void {
  for (let i = from; i < to; i++) channel.give(samples[i]!, firstMs + i * periodMs);
}

test("each stage that keeps a state is among those looked at here", () => {
  const looked = new Set(kept.flat().flatMap((stage) => ["of" in stage ? "" : stage.stage]));
  const names = families.filter(({ state }) => state !== undefined).map(({ name }) => name);
  expect([...looked].filter((name) => name !== "").sort()).toEqual([...names].sort());
});

test.each(kept.map((stages) => [title(stages), stages] as const))("%s goes on as if there had been no restart", (_, stages) => {
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.integer({ min: 0, max: 700 }), fc.integer({ min: 0, max: 5e9 }), (seed, cut, startMs) => {
      const samples = signal(String(seed), cut + 300);
      const running = restoredChannel(stages);
      give(running, samples, 0, cut, 0);
      const entries = running.save();
      const before = running.results.length;
      give(running, samples, cut, samples.length, 0);
      // The pause is as long as the time between the last sample and the checkpoint: none.
      const lastMs = cut === 0 ? 0 : (cut - 1) * periodMs;
      const restarted = restoredChannel(stages, { entries, startMs });
      give(restarted, samples, cut, samples.length, startMs - lastMs);
      expect(restarted.refused).toBe(0);
      expect(restarted.results.length).toBe(running.results.length - before);
      restarted.results.forEach((x, i) => {
        if (!Object.is(x, running.results[before + i]) && (x !== 0 || running.results[before + i] !== 0))
          throw new Error(`result ${i} after the restart is ${x}, without one ${running.results[before + i]}`);
      });
    }),
    { seed: 1, numRuns: 25, examples: [[7, 0, 0]] },
  );
});

test.each(kept.map((stages) => [title(stages), stages] as const))("%s differs from one that begins anew", (_, stages) => {
  const samples = signal("anew", 700);
  // One and the same may come out by chance, but not after each of these.
  const differs = list(20, (i) => 400 + i).some((cut) => {
    const running = restoredChannel(stages);
    give(running, samples, 0, cut, 0);
    const startMs = (cut - 1) * periodMs;
    const restarted = restoredChannel(stages, { entries: running.save(), startMs });
    const anew = restoredChannel(stages, { startMs });
    for (const each of [restarted, anew]) give(each, samples, cut, samples.length, 0);
    return JSON.stringify(restarted.results) !== JSON.stringify(anew.results);
  });
  expect(differs).toBe(true);
});

test.each(kept.map((stages) => [title(stages), stages] as const))("writing the states of %s changes nothing in it", (_, stages) => {
  const samples = signal("written", 500);
  const [written, quiet] = [restoredChannel(stages), restoredChannel(stages)];
  for (let i = 0; i < samples.length; i++) {
    written.give(samples[i]!, i * periodMs);
    written.save();
    quiet.give(samples[i]!, i * periodMs);
  }
  expect(written.results).toEqual(quiet.results);
});

test("an anomaly that has found a season goes on with it, bit by bit", () => {
  const draw = normals("found");
  const samples = list(2400, (i) => Math.round(100 * (20 * Math.sin((2 * Math.PI * i) / 24) + draw())) / 100);
  for (const cut of [1501, 1777, 2000]) {
    const running = restoredChannel([anomaly({ restore })]);
    give(running, samples, 0, cut, 0);
    const restarted = restoredChannel([anomaly({ restore })], { entries: running.save() });
    give(running, samples, cut, samples.length, 0);
    give(restarted, samples, cut, samples.length, 0);
    expect(restarted.results).toEqual(running.results.slice(cut));
  }
});

describe("a state is kept", () => {
  const bytesOf = (stage: Stage): readonly number[] => {
    const examined = examine("c", [stage], { periodMs, regular: true, delayMs: 0 });
    if (!examined.ok) throw new Error(examined.error.message);
    return examined.value.states;
  };

  test("of baselines and learnt references, but where it is not wanted", () => {
    const season = { periodMs: 60_000, bins: 6 };
    const learn = { delta: 1, threshold: 1 };
    for (const stage of [seasonal_baseline(season), cusum(), ewma_chart(), page_hinkley(learn)]) expect(bytesOf(stage).length).toBe(1);
    for (const stage of [
      seasonal_baseline({ ...season, restore: false }),
      cusum({ restore: false }),
      page_hinkley({ ...learn, restore: false }),
      // Nothing is learnt.
      cusum({ target: 0, deviation: 1 }),
      ewma_chart({ target: 0, deviation: 1 }),
    ]) {
      expect(bytesOf(stage)).toEqual([]);
      expect(restoredChannel([stage]).states).toBe(0);
    }
  });

  test("of windows and anomalies only by choice", () => {
    for (const stage of [median(5), median(), min(5), anomaly(), hampel(), rolling_std(), exponential_moving_average(0.1), delta(1)])
      expect(bytesOf(stage)).toEqual([]);
  });

  test("also where stages stand in others", () => {
    expect(restoredChannel([or(delta(1), group(cusum(), cusum()))]).states).toBe(2);
  });
});

describe("after a loss of power, when nobody knows how late it is,", () => {
  const saved = (stages: readonly Stage[], samples: readonly number[]): Entries => {
    const running = restoredChannel(stages);
    give(running, samples, 0, samples.length, 0);
    return running.save();
  };

  test("a seasonal baseline begins anew", () => {
    const stages = [seasonal_baseline({ periodMs: 60_000, bins: 6 })];
    const samples = signal("lost", 600);
    const lost = restoredChannel(stages, { entries: saved(stages, samples.slice(0, 300)), timeLost: true });
    const anew = restoredChannel(stages);
    for (const each of [lost, anew]) give(each, samples, 300, 600, 0);
    expect(lost.refused).toBe(1);
    expect(lost.results).toEqual(anew.results);
  });

  test("an anomaly keeps its measures, and looks for its season anew", () => {
    const stages = [anomaly({ period: 24, restore })];
    // A strong season, which makes up nearly all of the signal.
    const draw = normals("season");
    const samples = list(2000, (i) => Math.round(100 * (20 * Math.sin((2 * Math.PI * i) / 24) + 0.1 * draw())) / 100);
    const entries = saved(stages, samples);
    const after = (timeLost: boolean, shift: number): number => {
      const channel = restoredChannel(stages, { entries, timeLost });
      for (let i = 0; i < 300; i++) channel.give(samples[1200 + shift + i]!, i * periodMs);
      expect(channel.refused).toBe(0);
      return Math.max(...channel.results);
    };
    // Half of a season later the season that was learnt would call everything an anomaly.
    expect(after(false, 8)).toBeLessThan(0.5);
    expect(after(false, 8 + 12)).toBeGreaterThanOrEqual(0.5);
    expect(after(true, 8 + 12)).toBeLessThan(0.5);
    // It scores from the first sample on: the other measures are there.
    const channel = restoredChannel(stages, { entries, timeLost: true });
    for (let i = 0; i < 30; i++) channel.give(i === 20 ? 500 : samples[1200 + i]!, i * periodMs);
    expect(Math.max(...channel.results)).toBeGreaterThanOrEqual(0.5);
  });
});

test("a seasonal baseline goes on with the time of day that it was when the state was written", () => {
  const stages = [seasonal_baseline({ periodMs: 60_000, bins: 6 })];
  const level = (ms: number): number => Math.floor((ms % 60_000) / 10_000);
  const running = restoredChannel(stages);
  for (let ms = 0; ms <= 125_000; ms += periodMs) running.give(level(ms), ms);
  const restarted = restoredChannel(stages, { entries: running.save(), startMs: 3_000 });
  // 5 s of the first part are over at the start, 3 s after boot.
  for (let ms = 4_000; ms < 64_000; ms += periodMs) restarted.give(level(ms + 2_000), ms);
  expect(restarted.results).toEqual(Array(60).fill(0));
});
