/** A fleet in words: how it gets on now, and what its run came to. */
import { durationText } from "./duration.js";
import { historyLine } from "./report.js";

export interface FleetOutcome {
  readonly engine: string;
  readonly seed: number;
  readonly boards: number;
  /** Boards that the broker accepted at least once. */
  readonly everConnected: number;
  readonly simulatedMs: number;
  readonly wallMs: number;
  /** Of one core, this process's own. */
  readonly cpuShare: number;
  readonly residentBytes: number;
  readonly samples: number;
  readonly missed: number;
  readonly readErrors: number;
  readonly emitted: number;
  readonly published: number;
  readonly acknowledged: number;
  readonly retransmitted: number;
  readonly connections: number;
  readonly bytesOut: number;
  readonly blocks: number;
  readonly gaps: number;
  readonly lost: number;
  /** Records in flash, at the end, that nobody has taken. */
  readonly waiting: number;
}

export interface FleetNow {
  readonly atMs: number;
  readonly boards: number;
  readonly connected: number;
  /** Messages published in the last second. */
  readonly perSecond: number;
  /** Published and not acknowledged yet. */
  readonly open: number;
}

export function fleetLine({ atMs, boards, connected, perSecond, open }: FleetNow): string {
  const time = durationText(Math.floor(atMs / 1000) * 1000).padStart(8);
  return `${time}  ${count(connected)} of ${count(boards)} connected, ${count(perSecond)} messages a second, ${count(open)} on their way`;
}

export function fleetText(outcome: FleetOutcome): string {
  const { boards, simulatedMs, wallMs, samples, missed, readErrors, published, acknowledged, bytesOut, cpuShare, residentBytes } = outcome;
  const answered = published === acknowledged ? "all" : count(acknowledged);
  const rate = Math.round((boards * simulatedMs) / wallMs);
  return [
    `Ran       ${count(boards)} boards for ${durationText(simulatedMs)} in ${durationText(wallMs)} (${count(rate)} board-seconds a second)`,
    `Samples   ${count(samples)}, ${orNone(missed)} missed, ${orNone(readErrors)} unreadable`,
    `Messages  ${count(published)} published, ${answered} acknowledged, ${count(bytesOut)} bytes out`,
    historyLine(outcome),
    `Cost      ${Math.round(cpuShare * 100)} % of a core, ${count(Math.round(residentBytes / 1048576))} MiB resident`,
  ].join("\n");
}

function count(number: number): string {
  return number.toLocaleString("en");
}

function orNone(number: number): string {
  return number === 0 ? "none" : count(number);
}
