/** What a run came to: JSON for scripts, a few lines for people. */
import type { EngineMemory } from "../engine.js";
import type { StationCounts } from "../world/tally.js";
import { durationText } from "./duration.js";

export interface Outcome extends StationCounts, Partial<EngineMemory> {
  /** Records in flash, at the end, that nobody has taken. */
  readonly waiting: number;
  readonly engine: string;
  readonly seed: number;
  readonly wallMs: number;
  readonly traceSha256: string;
}

export function outcomeJson(outcome: Outcome): string {
  return JSON.stringify(outcome);
}

/** `virtual`: its trace is the same on every run, so it is worth showing. */
export function outcomeText(outcome: Outcome, virtual: boolean): string {
  const { simulatedMs, wallMs, samples, missed, readErrors, published, acknowledged, bytesOut, blocks, gaps, lost, waiting } = outcome;
  const rate = virtual && wallMs > 0 ? ` (${count(Math.round(simulatedMs / wallMs))} s a second)` : "";
  const answered = published === acknowledged ? "all" : orNone(acknowledged);
  const messages = published === 0 ? "none published, " : `${count(published)} published, ${answered} acknowledged, `;
  const lines = [
    `Ran       ${durationText(simulatedMs)} in ${durationText(wallMs)}${rate}`,
    `Samples   ${count(samples)}, ${orNone(missed)} missed, ${orNone(readErrors)} unreadable`,
    `Messages  ${messages}${count(bytesOut)} bytes out`,
    historyLine({ blocks, gaps, lost, waiting }),
  ];
  if (outcome.arenaBytes !== undefined && outcome.arenaPeakBytes !== undefined) {
    lines.push(`Memory    ${count(outcome.arenaPeakBytes)} of ${count(outcome.arenaBytes)} bytes at most`);
  }
  if (virtual) lines.push(`Trace     ${outcome.traceSha256}`);
  return lines.join("\n");
}

/** What became of what is kept. */
export function historyLine({ blocks, gaps, lost, waiting }: Pick<Outcome, "blocks" | "gaps" | "lost" | "waiting">): string {
  const gone = gaps === 0 ? "none lost" : `${count(lost)} samples lost in ${count(gaps)} ${gaps === 1 ? "gap" : "gaps"}`;
  return `History   ${count(blocks)} ${blocks === 1 ? "block" : "blocks"} sent, ${orNone(waiting)} waiting, ${gone}`;
}

function count(number: number): string {
  return number.toLocaleString("en");
}

function orNone(number: number): string {
  return number === 0 ? "none" : count(number);
}
