/** Each stage alone on XS: how long a sample takes, what the stage keeps of the heap, and that a sample allocates nothing. */
import { failure, success, type Result } from "../../firmware/base/result.js";
import { runInXs } from "../xs/run.js";
import { type Benchmark, medianRatio, type Row } from "./benchmark.js";
import { referenceNs } from "./reference.js";
import { type MeasuredStage, samplesARound } from "./stage-rounds.js";

const slotBytes = 16;

export interface StageFigures {
  readonly name: string;
  readonly stage: unknown;
  /** ns a sample, the loop that feeds it included, on the computer on which P1's loop by hand takes 424 ns. */
  readonly ns: number;
  /** The dearest single sample, likewise. */
  readonly worstNs: number;
  /** Bytes of the board's heap. */
  readonly bytes: number;
  /** Slots and bytes allocated in `samplesARound` samples. */
  readonly allocated: number;
}

export function measureStageFigures(): Result<StageFigures[]> {
  const ran = runInXs({
    source: 'import { measureStages } from "host-sim/bench/stage-rounds"; report(measureStages());',
    preload: ["firmware/pipeline/compile", "firmware/pipeline/builders"],
    stackSlots: 512,
  });
  if (!ran.ok) return failure(ran.error.kind, ran.error.message);
  return success((ran.value.value as MeasuredStage[]).map(figures));
}

function figures({
  name,
  stage,
  us,
  yardstickUs,
  worstUs,
  slots,
  chunkBytes,
  allocatedSlots,
  allocatedBytes,
}: MeasuredStage): StageFigures {
  const ns = medianRatio(us, yardstickUs) * referenceNs;
  const scale = referenceNs / ((Math.min(...yardstickUs) * 1000) / samplesARound);
  return {
    name,
    stage,
    ns,
    // Never below the mean: one sample of some hundred ns is shorter than the clock can tell.
    worstNs: Math.max(ns, worstUs * 1000 * scale),
    bytes: slots * slotBytes + chunkBytes,
    allocated: allocatedSlots + allocatedBytes,
  };
}

export const stages: Benchmark = {
  name: "stages on XS",
  run() {
    const measured = measureStageFigures();
    return measured.ok ? success(rows(measured.value)) : measured;
  },
};

function rows(all: readonly StageFigures[]): Row[] {
  const told = all.map(({ stage, name, ns, worstNs, bytes }): Row => ({
    what: words(stage, name),
    measured: `${Math.round(ns)} ns, at worst ${(worstNs / 1000).toFixed(1)} µs, ${bytes} B`,
  }));
  const wasteful = all.filter(({ allocated }) => allocated !== 0).map(({ name }) => name);
  return [
    ...told,
    {
      what: `stages that allocate in ${samplesARound} samples`,
      measured: wasteful.length === 0 ? "none" : wasteful.join(", "),
      limit: { equal: "none" },
    },
  ];
}

/** As it would be written, cut to a line. */
export function words(stage: unknown, name: string): string {
  const { stage: _, ...parameters } = (stage ?? {}) as Record<string, unknown>;
  const text = `${name} ${JSON.stringify(parameters).replaceAll('"', "")}`.replace(/ \{\}$/, "");
  return `a sample through ${text.length > 60 ? `${text.slice(0, 59)}…` : text}`;
}
