/** A plan at work: its boards in a simulation, its faults on their way, its expectations watched. Whoever drives it lets its time pass. */
import { failure, success, type Result } from "../../firmware/base/result.js";
import { boards } from "../../firmware/boards/board.js";
import type { App } from "../../firmware/declaration.js";
import { type Fault, type FaultForm, faultForms, faultLabel } from "../faults/catalogue.js";
import { Injector, type InjectorEvents } from "../faults/injector.js";
import { Simulation, type StationEvents } from "../simulation.js";
import type { MakeEngine, StationOptions } from "../station.js";
import { Consumer } from "../world/consumer.js";
import { sectorBytes } from "../world/flash-memory.js";
import type { Environment } from "../world/environment.js";
import type { Random } from "../world/random.js";
import { Judge, type JudgeEvents, type Finding } from "./judge.js";
import { putUp, receive, type VisitEvents } from "./visits.js";
import type { BoardPlan, ConsumerPlan, EnvironmentPlan, Expectation, FaultPlan, Plan } from "./plan.js";

export interface Prepared {
  readonly app: App;
  readonly engine: MakeEngine;
  /** Chips in place of the simulator's own. */
  readonly chips?: NonNullable<StationOptions["chips"]>;
}

export interface ScenarioOptions {
  readonly plan: Plan;
  /** In place of the plan's. */
  readonly seed?: number;
  readonly engine: "node" | "xs";
  prepare(board: BoardPlan): Prepared;
  signals(environment: EnvironmentPlan, draws: Random): Partial<Environment>;
  /** As Simulation has it. */
  readonly traced?: boolean;
  readonly onTrace?: (line: string) => void;
  readonly events?: Partial<StationEvents & InjectorEvents & JudgeEvents & VisitEvents>;
}

export interface Verdict {
  readonly failures: readonly Finding[];
  /** Expectations that were neither met nor failed when time was up. */
  readonly open: readonly Expectation[];
}

export class ScenarioRun {
  readonly plan: Plan;
  readonly simulation: Simulation;
  readonly injector: Injector;
  readonly consumer: Consumer | undefined;
  readonly #judge: Judge;

  constructor(options: ScenarioOptions) {
    const { plan, events = {}, traced = true, onTrace } = options;
    this.plan = plan;
    const seed = options.seed ?? plan.seed;
    this.simulation = new Simulation({ seed, broker: "model", events, traced, ...(onTrace === undefined ? {} : { onTrace }) });
    const { random } = this.simulation;
    for (const board of plan.boards) {
      const { name, ticksAtBoot, journal: { sectors, ...journal } = {} } = board;
      const environment = { ...plan.environment, ...board.environment };
      const signals = options.signals(environment, random.split("environment " + name));
      const size = sectors === undefined ? {} : { journalBytes: sectors * sectorBytes };
      this.simulation.add({ ...options.prepare(board), name, ticksAtBoot, signals, board: boards[board.board], journal, ...size });
    }
    this.injector = new Injector(this.simulation, events);
    for (const fault of schedule(plan, random.split("schedule"))) this.injector.schedule(fault);
    putUp(this.simulation, plan.networks ?? []);
    receive(this.simulation, plan.visits ?? [], events);
    if (plan.consumer !== undefined) this.consumer = consume(this.simulation, plan.consumer);
    this.#judge = new Judge(this.simulation, plan.expect, plan.never, events, this.consumer);
  }

  /** Switches the boards on, each at its time. A mistake in the app of one that starts at once is returned, that of others thrown. */
  start(): Result<undefined> {
    const { stations, scheduler } = this.simulation;
    for (const [index, { name, startAtMs }] of this.plan.boards.entries()) {
      const station = stations[index]!;
      if (startAtMs > 0) {
        scheduler.at(startAtMs * 1000, () => {
          const started = station.powerOn();
          if (!started.ok) throw new Error(`board ${name}: ${started.error.message}`);
        });
        continue;
      }
      const started = station.powerOn();
      if (!started.ok) return failure(started.error.kind, `board ${name}: ${started.error.message}`);
    }
    return success(undefined);
  }

  get failed(): boolean {
    return this.#judge.failures.length > 0;
  }

  /** To be asked once, at the end. */
  verdict(): Verdict {
    const open = this.#judge.end();
    return { failures: this.#judge.failures, open };
  }
}

function consume({ scheduler, broker, stations }: Simulation, { commitMs, away, crashesMs, straysMs }: ConsumerPlan): Consumer {
  const consumer = new Consumer(broker, commitMs);
  for (const { fromMs, untilMs } of away) {
    scheduler.at(fromMs * 1000, () => {
      const comeBack = consumer.leave();
      scheduler.at(untilMs * 1000, comeBack);
    });
  }
  for (const atMs of crashesMs) scheduler.at(atMs * 1000, () => consumer.crash());
  for (const [index, atMs] of straysMs.entries()) {
    scheduler.at(atMs * 1000, () => {
      for (const { device } of stations) if (device !== undefined) consumer.stray(device, index);
    });
  }
  return consumer;
}

/** Faults of a plan that an engine cannot have, in words. */
export function unfit(plan: Plan, engine: "node" | "xs"): string | undefined {
  for (const { kind } of plan.faults) {
    const form: FaultForm = faultForms[kind];
    if (form.engine !== undefined && form.engine !== engine) {
      return `its fault ${kind} exists on the ${form.engine} engine alone: add --engine ${form.engine}`;
    }
  }
  return undefined;
}

/** All faults of a plan, at their times; chance is drawn from a stream for each of its entries. */
export function schedule(plan: Plan, draws: Random): Fault[] {
  const named = new Map<string, number>();
  return plan.faults.flatMap((fault) => {
    // By what it is, so that another entry shifts nothing.
    const name = faultLabel(fault, { at: fault.at });
    const before = named.get(name) ?? 0;
    named.set(name, before + 1);
    return occurrences(fault, draws.split(`${name} ${before}`));
  });
}

function occurrences({ at, ...fault }: FaultPlan, draws: Random): Fault[] {
  if (at.kind === "once") return [{ ...fault, atMs: at.atMs }];
  const faults: Fault[] = [];
  for (let k = 0; ; k++) {
    // To the microsecond, as a scenario file has it.
    const atMs = Math.round((at.fromMs + k * at.everyMs) * 1000) / 1000;
    if (atMs >= at.untilMs) break;
    if (draws.fraction() < at.chance) faults.push({ ...fault, atMs });
  }
  return faults;
}
