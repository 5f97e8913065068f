/** Watches a run: a record for each of its boards, and the faults that struck it. Made anew with each run. */
import type { Fault } from "../faults/catalogue.js";
import type { InjectorEvents } from "../faults/injector.js";
import { parameterTexts } from "../scenario/fault-text.js";
import type { Plan } from "../scenario/plan.js";
import type { Simulation, StationEvents } from "../simulation.js";
import type { Station } from "../station.js";
import type { Mark } from "../web/protocol.js";
import { BoardRecord } from "./board-record.js";
import { retold } from "./retold.js";

/** Points that all series of a run may keep together, and one may. */
const pointsMax = 2_000_000;
const pointsMaxOfOne = 4096;
const marksMax = 500;

export interface Struck {
  readonly fault: Fault;
  readonly fromMs: number;
  toMs: number | undefined;
}

export class Observer {
  boards: readonly BoardRecord[] = [];
  readonly struck: Struck[] = [];
  /** Grows with each change of `struck`. */
  version = 0;
  readonly #byStation = new Map<Station, BoardRecord>();
  #nowUs: () => number = () => 0;

  /** To be handed to the run as it is made; boards that start before `attach` are looked at there. */
  readonly events: StationEvents & InjectorEvents = {
    onBoot: (station, reason) => this.#byStation.get(station)?.booted(reason),
    onPowerLost: (station) => this.#byStation.get(station)?.powerLost(),
    onSample: (station, sensor, sample, error) => this.#byStation.get(station)?.sampled(sensor, sample, error),
    onBegun: (fault) => {
      const atMs = this.#nowUs() / 1000;
      if (this.struck.length < marksMax) this.struck.push({ fault, fromMs: atMs, toMs: undefined });
      this.version++;
    },
    onHealed: (fault) => {
      const found = this.struck.find((each) => each.fault === fault);
      if (found !== undefined) found.toMs = this.#nowUs() / 1000;
      this.version++;
    },
  };

  /** Before anything is switched on. */
  attach({ stations, scheduler }: Simulation): void {
    this.#nowUs = () => scheduler.nowUs;
    let series = 0;
    for (const { app } of stations) series += 2 * Object.keys(app.channels).length;
    const points = Math.min(pointsMaxOfOne, Math.floor(pointsMax / Math.max(1, series)));
    const pieces = stations.length > 50 ? 64 : 400;
    this.boards = stations.map((station) => new BoardRecord(station, this.#nowUs, points, pieces));
    for (const board of this.boards) this.#byStation.set(board.station, board);
  }

  marks(active: ReadonlySet<Fault>): Mark[] {
    return this.struck.map(({ fault, fromMs, toMs }): Mark => {
      const over = toMs ?? (active.has(fault) ? undefined : fromMs);
      return {
        key: keyOf(fault),
        kind: fault.kind,
        ...(fault.board === undefined ? {} : { board: fault.board }),
        ...(fault.sensor === undefined ? {} : { sensor: fault.sensor }),
        parameters: parameterTexts(fault),
        fromMs,
        ...(over === undefined ? {} : { toMs: over }),
        ...(over === undefined && fault.forMs < Infinity ? { untilMs: fromMs + fault.forMs } : {}),
      };
    });
  }

  /** `base` with what was done to its run by now, at whole milliseconds. */
  plan(base: Plan, nowMs: number): Plan {
    return retold(base, this.struck, nowMs);
  }
}

/** Names a fault over all makings of a run. */
export function keyOf(fault: Fault): string {
  return `${fault.kind} ${fault.atMs} ${fault.board ?? ""} ${fault.sensor ?? ""}`;
}
