/** A compiled channel that can be asked for its states at any time, and be built anew from them: a restart without a store. */
import { StateBytes } from "../../../firmware/checkpoints/state-entry.js";
import { compile } from "../../../firmware/pipeline/compile.js";
import type { Walk } from "../../../firmware/pipeline/site.js";
import type { Stage } from "../../../firmware/pipeline/stage.js";

/** Entries in the order in which stages were built. */
export type Entries = readonly Uint8Array<ArrayBuffer>[];

export interface Restart {
  readonly entries?: Entries;
  readonly timeLost?: boolean;
  /** Time since boot at the start, ms. */
  readonly startMs?: number;
}

const mark = 1;

/** `results`: a number each, NaN for a missing one. `refused`: states that were there and could not be used. */
export function restoredChannel(stages: readonly Stage[], { entries = [], timeLost = false, startMs = 0 }: Restart = {}) {
  const results: number[] = [];
  const states: { bytes: number; walk: Walk }[] = [];
  let refused = 0;
  let nowMs = startMs;
  const compiled = compile(
    "test",
    stages,
    { periodMs: 1000, regular: true, delayMs: 0 },
    {
      resolution: 0.01,
      sampleMs: () => nowMs,
      after: () => undefined,
      cancel: () => {},
      total: () => ({ restore: () => undefined, keep: () => {} }),
      state(_stage, _meaning, bytes, walk, needsTime) {
        const entry = entries[states.length];
        states.push({ bytes, walk });
        if (entry === undefined) return;
        if ((needsTime && timeLost) || !StateBytes.take(entry.buffer, mark, bytes, timeLost, walk)) refused++;
      },
    },
    { push: (x) => void results.push(x), missing: () => void results.push(NaN), summary: () => {} },
  );
  if (!compiled.ok) throw new Error(compiled.error.message);
  const { push, missing } = compiled.value;
  return {
    results,
    /** NaN: a reading that could not be had. */
    give(x: number, atMs: number): void {
      nowMs = atMs;
      if (Number.isNaN(x)) missing();
      else push(x);
    },
    save: (): Entries => states.map(({ bytes, walk }) => StateBytes.entry(mark, bytes, walk)),
    get refused() {
      return refused;
    },
    get states() {
      return states.length;
    },
  };
}
