/**
 * What a run is made from, as often as it has to be made: going back means making it again. A recipe
 * gives the same run each time; `ScenarioRun` (scenario/run.ts) is such a run.
 */
import type { Result } from "../../firmware/base/result.js";
import type { Injector, InjectorEvents } from "../faults/injector.js";
import type { Plan } from "../scenario/plan.js";
import type { Simulation, StationEvents } from "../simulation.js";

export interface Run {
  readonly simulation: Simulation;
  readonly injector: Injector;
  /** Switches its boards on. */
  start(): Result<unknown>;
}

export interface Recipe {
  /** What it would be written as. */
  readonly plan: Plan;
  readonly engine: "node" | "xs";
  make(events: Partial<StationEvents & InjectorEvents>): Run;
}
