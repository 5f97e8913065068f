/** What a run came to: JSON for scripts, a few lines for people. */
import type { EngineMemory } from "../engine.js";
import type { StationCounts } from "../world/tally.js";
import { durationText } from "./duration.js";

export interface Outcome extends StationCounts, Partial<EngineMemory> {
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
  const { simulatedMs, wallMs, samples, missed, readErrors, published, acknowledged, bytesOut } = outcome;
  const rate = virtual && wallMs > 0 ? ` (${count(Math.round(simulatedMs / wallMs))} s a second)` : "";
  const answered = published === acknowledged ? "all" : orNone(acknowledged);
  const messages = published === 0 ? "none published, " : `${count(published)} published, ${answered} acknowledged, `;
  const lines = [
    `Ran       ${durationText(simulatedMs)} in ${durationText(wallMs)}${rate}`,
    `Samples   ${count(samples)}, ${orNone(missed)} missed, ${orNone(readErrors)} unreadable`,
    `Messages  ${messages}${count(bytesOut)} bytes out`,
  ];
  if (outcome.arenaBytes !== undefined && outcome.arenaPeakBytes !== undefined) {
    lines.push(`Memory    ${count(outcome.arenaPeakBytes)} of ${count(outcome.arenaBytes)} bytes at most`);
  }
  if (virtual) lines.push(`Trace     ${outcome.traceSha256}`);
  return lines.join("\n");
}

function count(number: number): string {
  return number.toLocaleString("en");
}

function orNone(number: number): string {
  return number === 0 ? "none" : count(number);
}
