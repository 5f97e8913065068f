/**
 * What a benchmark is: a name, and a run that returns rows of figures, each beside what is asked of
 * it. A figure that depends on how fast or busy this computer is carries a limit only as a ratio of two things
 * measured in turns in one run (`medianRatio`), or with room to spare.
 */
import type { Result } from "../../firmware/base/result.js";

export interface Row {
  /** What was measured, a few words. */
  readonly what: string;
  readonly measured: number | string;
  readonly unit?: string;
  /** What is asked; without it the row is for information. */
  readonly limit?: { readonly atMost: number } | { readonly atLeast: number } | { readonly equal: number | string };
  /** Not reached so far, and told so wherever figures are told: the run does not fail for it. */
  readonly knownMiss?: true;
}

export interface Benchmark {
  readonly name: string;
  /** A failure says why nothing could be measured and what to do; it counts as a missed number. */
  run(): Result<readonly Row[]> | Promise<Result<readonly Row[]>>;
}

/** Whether what is asked was reached. NaN reaches nothing. */
export function reached(row: Row): boolean {
  if (row.limit === undefined) return true;
  if ("equal" in row.limit) return row.measured === row.limit.equal;
  if (typeof row.measured !== "number") return false;
  return "atMost" in row.limit ? row.measured <= row.limit.atMost : row.measured >= row.limit.atLeast;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The median over rounds of what each round took ÷ what the yardstick took in the same round. */
export function medianRatio(times: readonly number[], yardsticks: readonly number[]): number {
  return median(times.map((time, round) => time / yardsticks[round]!));
}
