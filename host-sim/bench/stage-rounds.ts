/**
 * The part of the stages' benchmark that runs inside XS: each example alone as a channel, in turns with P1's
 * loop by hand, so that both meet the same moods of the computer; and what it takes of the heap.
 */
import { compile } from "../../firmware/pipeline/compile.js";
import type { Push } from "../../firmware/pipeline/push.js";
import type { Ground } from "../../firmware/pipeline/site.js";
import { fused, signal } from "./p1.js";
import { stageExamples } from "./stage-examples.js";

export interface MeasuredStage {
  readonly name: string;
  /** Without the function of a `lambda`. */
  readonly stage: unknown;
  /** µs a round, and of P1's loop in the same round. */
  readonly us: number[];
  readonly yardstickUs: number[];
  /** The dearest sample: the longest of the shortest times that each took over the rounds, less what the clock takes, µs. */
  readonly worstUs: number;
  /** The heap's slots that the compiled channel keeps, its share of code not counted. */
  readonly slots: number;
  readonly chunkBytes: number;
  /** What `samples` samples allocated. */
  readonly allocatedSlots: number;
  readonly allocatedBytes: number;
}

export const samplesARound = 2000;
const rounds = 7;
/** A window that is full now and then shows its dearest sample. */
const worstSamples = 512;

/** Timers stand still, so that a stage's own work is measured and not that of a timer queue. */
let nowMs = 0;

const ground: Ground = {
  resolution: 0.01,
  sampleMs: () => nowMs,
  after: () => undefined,
  cancel: () => {},
  total: () => ({ restore: () => undefined, keep: () => {} }),
};

let sum = 0;
const sink = {
  push: (x: number): void => void (sum += x),
  missing: (): void => void sum++,
  summary: (min: number, max: number): void => void (sum += min + max),
};

export function compiled(stages: readonly unknown[]): Push {
  const made = compile("bench", stages as never, { periodMs: 1, regular: true, delayMs: 0 }, ground, sink);
  if (!made.ok) throw new Error(made.error.message);
  return made.value.push;
}

export function feed(push: Push, samples: readonly number[]): void {
  const count = samples.length;
  for (let i = 0; i < count; i++) {
    nowMs++;
    push(samples[i]!);
  }
}

function heap(): { slots: number; bytes: number } {
  collect();
  return { slots: slotsInUse(), bytes: chunkBytesInUse() };
}

function dearest(push: Push, samples: readonly number[]): number {
  const shortest: number[] = [];
  let clockUs = Infinity;
  for (let i = 0; i < worstSamples; i++) shortest.push(Infinity);
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < worstSamples; i++) {
      nowMs++;
      const start = nowUs();
      push(samples[i]!);
      const end = nowUs();
      if (end - start < shortest[i]!) shortest[i] = end - start;
      const clock = nowUs() - end;
      if (clock < clockUs) clockUs = clock;
    }
  }
  let worst = 0;
  for (let i = 0; i < worstSamples; i++) if (shortest[i]! > worst) worst = shortest[i]!;
  return worst > clockUs ? worst - clockUs : 0;
}

export function measureStages(): MeasuredStage[] {
  const samples = signal().slice(0, samplesARound);
  fused(samples, 1);
  return [undefined, ...stageExamples()].map((stage): MeasuredStage => {
    const stages = stage === undefined ? [] : [stage];
    const before = heap();
    const push = compiled(stages);
    // Windows fill with the first samples.
    feed(push, samples);
    const after = heap();
    const us: number[] = [];
    const yardstickUs: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const start = nowUs();
      fused(samples, 1);
      const middle = nowUs();
      feed(push, samples);
      us.push(nowUs() - middle);
      yardstickUs.push(middle - start);
    }
    const worstUs = dearest(push, samples);
    collect();
    const collectionsBefore = collections();
    const slots = slotsInUse();
    const bytes = chunkBytesInUse();
    feed(push, samples);
    const allocatedSlots = slotsInUse() - slots;
    const allocatedBytes = chunkBytesInUse() - bytes;
    if (collections() !== collectionsBefore) throw new Error("a collection ran during the measurement of allocations");
    return {
      name: stage === undefined ? "no stage" : stage.stage,
      stage,
      us,
      yardstickUs,
      worstUs,
      slots: after.slots - before.slots,
      chunkBytes: after.bytes - before.bytes,
      allocatedSlots,
      allocatedBytes,
    };
  });
}
