/** Runs a chain of stages over a series, as a board's channel would: with its resolution, its stages' timers, and missing readings. */
import { quantiser, quantiserLimit } from "../../firmware/base/quantise.js";
import { failure, success, type Result } from "../../firmware/base/result.js";
import { compile } from "../../firmware/pipeline/compile.js";
import { examine } from "../../firmware/pipeline/examine.js";
import type { Flow } from "../../firmware/pipeline/flow.js";
import type { Ground } from "../../firmware/pipeline/site.js";
import type { Stage } from "../../firmware/pipeline/stage.js";

export interface ChainInput {
  /** Whole ms, growing. */
  readonly timesMs: readonly number[];
  /** NaN: a missing reading. */
  readonly values: readonly number[];
  readonly resolution: number;
}

export interface ChainOutput {
  /** What came out, with its time; NaN: a missing reading. */
  readonly timesMs: readonly number[];
  readonly values: readonly number[];
  readonly summaries: readonly {
    readonly atMs: number;
    readonly min: number;
    readonly max: number;
    readonly mean: number;
    readonly std: number;
    readonly count: number;
  }[];
  /** In front of the first stage, then behind each. */
  readonly flows: readonly Flow[];
}

/** Of a series of any length: what a person waits for. */
const firingsMax = 3_000_000;

interface Waiting {
  readonly dueMs: number;
  readonly order: number;
  readonly fire: () => void;
}

export function runChain(stages: readonly Stage[], input: ChainInput): Result<ChainOutput, "stage"> {
  const { timesMs, values, resolution } = input;
  const flow = flowOf(timesMs);
  const examined = examine("try", stages, flow);
  if (!examined.ok) return examined;
  const outTimesMs: number[] = [];
  const outValues: number[] = [];
  const summaries: ChainOutput["summaries"][number][] = [];
  let waiting: Waiting[] = [];
  let nowMs = timesMs[0] ?? 0;
  let order = 0;
  let fired = 0;
  const give = (x: number): void => {
    outTimesMs.push(nowMs);
    outValues.push(x);
  };
  const ground: Ground = {
    resolution,
    sampleMs: () => nowMs,
    after(delayMs, fire) {
      const timer: Waiting = { dueMs: nowMs + delayMs, order: order++, fire };
      waiting.push(timer);
      return timer;
    },
    cancel: (timer) => void (waiting = waiting.filter((each) => each !== timer)),
    total: () => ({ restore: () => undefined, keep: () => {} }),
  };
  const compiled = compile("try", stages, flow, ground, {
    push: give,
    missing: () => give(NaN),
    summary: (min, max, mean, std, count) => void summaries.push({ atMs: nowMs, min, max, mean, std, count }),
  });
  if (!compiled.ok) return compiled;
  const { push, missing } = compiled.value;
  const round = quantiser(resolution);
  const limit = quantiserLimit(resolution);
  for (let i = 0; i < timesMs.length; i++) {
    const atMs = timesMs[i]!;
    while (waiting.length > 0) {
      const next = waiting.reduce((a, b) => (b.dueMs < a.dueMs || (b.dueMs === a.dueMs && b.order < a.order) ? b : a));
      if (next.dueMs > atMs) break;
      waiting = waiting.filter((each) => each !== next);
      nowMs = next.dueMs;
      if (++fired > firingsMax) {
        const gap = `its timers fire more than ${firingsMax.toLocaleString("en-US")} times up to row ${i + 1}`;
        return failure("stage", `${gap}: is there a gap of years in the times?`);
      }
      next.fire();
    }
    nowMs = atMs;
    const x = values[i]!;
    if (x >= -limit && x <= limit) push(round(x));
    else missing();
  }
  return success({ timesMs: outTimesMs, values: outValues, summaries, flows: examined.value.flows });
}

/** A grid where nine of ten spacings are the usual one: holes leave it a grid. Otherwise the mean spacing, and the least beside it. */
export function flowOf(timesMs: readonly number[]): Flow {
  const spacings: number[] = [];
  for (let i = 1; i < timesMs.length; i++) spacings.push(timesMs[i]! - timesMs[i - 1]!);
  if (spacings.length === 0) return { periodMs: 1000, regular: true, delayMs: 0 };
  const sorted = [...spacings].sort((a, b) => a - b);
  const usual = sorted[sorted.length >> 1]!;
  const even = spacings.filter((spacing) => Math.abs(spacing - usual) <= usual * 0.05).length;
  return even >= 0.9 * spacings.length
    ? { periodMs: usual, regular: true, delayMs: 0 }
    : { periodMs: spacings.reduce((sum, each) => sum + each, 0) / spacings.length, leastMs: sorted[0]!, regular: false, delayMs: 0 };
}

/** Whether a delay in it was reckoned with a spacing that varies. `flows`: in front of the first stage, then behind each. */
export function delayIsAbout(flows: readonly Flow[]): boolean {
  return flows.some(({ regular, delayMs }, i) => !regular && delayMs !== (flows[i + 1]?.delayMs ?? delayMs));
}

const decimalsMost = 9;

/** The finest decimal that the values have, as far as a channel can hold them: trying a chain then rounds nothing away. */
export function resolutionOf(values: readonly number[]): number {
  let decimals = 0;
  let most = decimalsMost;
  const farthest = quantiserLimit(1);
  for (const value of values) {
    // What no resolution here can hold is a missing reading, and no reason to round the others.
    if (Math.abs(value) > farthest) continue;
    while (most > 0 && Math.abs(value) > quantiserLimit(Number(`1e-${most}`)) / 2) most--;
  }
  for (const value of values) {
    if (!(Math.abs(value) <= farthest)) continue;
    while (decimals < most && Math.abs(value * 10 ** decimals - Math.round(value * 10 ** decimals)) > 1e-6) decimals++;
  }
  return Number(`1e-${decimals}`);
}
