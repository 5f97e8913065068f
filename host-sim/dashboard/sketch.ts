/** A dashboard for tests and benchmarks, of boards in virtual time whose apps are at hand. */
import type { App } from "../../firmware/declaration.js";
import { nodeEngine } from "../node/engine.js";
import type { BoardPlan, Plan } from "../scenario/plan.js";
import { ScenarioRun } from "../scenario/run.js";
import type { Environment } from "../world/environment.js";
import type { Recipe } from "./recipe.js";

export interface Sketch {
  readonly app: App;
  readonly boards?: number;
  readonly seed?: number;
  readonly signals?: Partial<Environment>;
  readonly faults?: Plan["faults"];
  readonly journal?: BoardPlan["journal"];
}

/** Boards named `board`, `board-2` …, all with one app on Node's engine. */
export function sketched({ app, boards = 1, seed = 1, signals = {}, faults = [], journal }: Sketch): Recipe {
  const plan: Plan = {
    name: "a run on the dashboard",
    about: "",
    seed,
    durationMs: 60_000,
    boards: Array.from({ length: boards }, (_, index) => ({
      name: index === 0 ? "board" : `board-${index + 1}`,
      app: { kind: "own" },
      board: "esp32",
      startAtMs: 0,
      ticksAtBoot: 0,
      environment: {},
      ...(journal === undefined ? {} : { journal }),
    })),
    environment: {},
    faults,
    expect: [],
    never: [],
  };
  return {
    plan,
    engine: "node",
    make: (events) =>
      new ScenarioRun({
        plan,
        engine: "node",
        prepare: () => ({ app, engine: (device, settings, witness) => nodeEngine(device, app, settings, witness) }),
        signals: () => signals,
        events,
      }),
  };
}
