/** A compiled channel with its results kept in arrays, in a time of its own. */
import { compile } from "../../../firmware/pipeline/compile.js";
import type { Flow } from "../../../firmware/pipeline/flow.js";
import type { Ground, Total } from "../../../firmware/pipeline/site.js";
import type { Stage } from "../../../firmware/pipeline/stage.js";

export interface Results {
  values: number[];
  /** Values with their times, NaN for a reading that came out as missing. */
  all: [x: number, atMs: number][];
  /** min, max, mean, std, count */
  summaries: number[][];
  /** How many readings came out as missing. */
  missing: number;
}

export interface Run {
  /** ms of each sample; default 0, 1000, 2000 … */
  readonly timesMs?: readonly number[];
  readonly flow?: Partial<Flow>;
  readonly resolution?: number;
  /** Until when timers run after the last sample, ms; default until the last sample. */
  readonly untilMs?: number;
  /** Totals by place, kept from one run to the next. */
  readonly totals?: Map<string, number>;
}

/** Pushes `samples` (NaN: a missing reading) through `stages`. Throws the message of a failure. A timer that is due with a sample fires before it. */
export function through(stages: readonly Stage[], samples: readonly number[], run: Run = {}): Results {
  const { timesMs, resolution = 0.01, totals = new Map<string, number>() } = run;
  const results: Results = { values: [], all: [], summaries: [], missing: 0 };
  const timers: { dueMs: number; order: number; fire: () => void }[] = [];
  let nowMs = 0;
  let order = 0;
  const total = (place: string): Total => ({ restore: () => totals.get(place), keep: (x) => void totals.set(place, x) });
  const ground: Ground = {
    resolution,
    sampleMs: () => nowMs,
    after(delayMs, fire) {
      const timer = { dueMs: nowMs + delayMs, order: order++, fire };
      timers.push(timer);
      return timer;
    },
    cancel(timer) {
      const index = timers.indexOf(timer as (typeof timers)[number]);
      if (index >= 0) timers.splice(index, 1);
    },
    total,
  };
  const compiled = compile("test", stages, { periodMs: 1000, regular: true, delayMs: 0, ...run.flow }, ground, {
    push(x) {
      results.values.push(x);
      results.all.push([x, nowMs]);
    },
    missing() {
      results.missing++;
      results.all.push([NaN, nowMs]);
    },
    summary: (...summary) => void results.summaries.push(summary),
  });
  if (!compiled.ok) throw new Error(compiled.error.message);
  const runTimers = (untilMs: number): void => {
    for (;;) {
      timers.sort((a, b) => a.dueMs - b.dueMs || a.order - b.order);
      if (timers.length === 0 || timers[0]!.dueMs > untilMs) return;
      const { dueMs, fire } = timers.shift()!;
      nowMs = dueMs;
      fire();
    }
  };
  const { push, missing } = compiled.value;
  samples.forEach((x, i) => {
    const atMs = timesMs?.[i] ?? i * 1000;
    runTimers(atMs);
    nowMs = atMs;
    if (Number.isNaN(x)) missing();
    else push(x);
  });
  if (run.untilMs !== undefined) runTimers(run.untilMs);
  return results;
}

/** Without −0, which equals 0 but for Vitest. */
export function plain(values: readonly number[]): number[] {
  return values.map((value) => value + 0);
}
