/** What a block says, decoded: the shapes that a consumer gets, and their samples one by one. firmware/telemetry/FORMAT.md is the format. */
import type { ReadingError } from "../../firmware/base/reading-error.js";

/** Why a sample is missing. `none`: nobody said. `unknown`: a reason younger than this decoder. */
export type MissingReason = ReadingError | "none" | "unknown";

export interface Block {
  /** Bytes: the next block begins behind them. */
  readonly length: number;
  readonly identity: { readonly install: number; readonly boot: number; readonly seq: number } | undefined;
  /** All times are ms since the board's boot. */
  readonly startMs: number;
  readonly channels: readonly BlockSeries[];
}

export interface BlockSeries {
  readonly id: number;
  /** The resolution is step ÷ 10^decimals. */
  readonly step: number;
  readonly decimals: number;
  /** The spacing that the table declares; 0: none. */
  readonly periodMs: number;
  /** "" where the block has names and this channel has none; undefined where the block has no names. */
  readonly name: string | undefined;
  readonly unit: string | undefined;
  /** In the order in which they were recorded. */
  readonly runs: readonly Run[];
}

export type Run =
  /** `numbers` count resolutions: see `valueOf`. */
  | { readonly kind: "values"; readonly timesMs: readonly number[]; readonly numbers: readonly number[] }
  | { readonly kind: "missing"; readonly reason: MissingReason; readonly timesMs: readonly number[] }
  /** Nothing was sampled from `fromMs` until before `toMs`; `lost` samples, 0 where nobody knows. */
  | { readonly kind: "gap"; readonly fromMs: number; readonly toMs: number; readonly lost: number };

/** The value of a channel's number: the double nearest to that decimal. */
export function valueOf({ step, decimals }: Pick<BlockSeries, "step" | "decimals">, number: number): number {
  return (number * step) / 10 ** decimals;
}

/** Samples, values and missing ones, of all channels. */
export function sampleCount(block: Block): number {
  let count = 0;
  for (const { runs } of block.channels) for (const run of runs) if (run.kind !== "gap") count += run.timesMs.length;
  return count;
}
