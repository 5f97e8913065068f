/** What `mote start` runs, as a recipe that the dashboard can run again: from the command's options, or from a scenario. */
import type { App } from "../../firmware/declaration.js";
import type { Recipe } from "../dashboard/recipe.js";
import { nodeEngine } from "../node/engine.js";
import type { Recording } from "../node/recording.js";
import type { JudgeEvents } from "../scenario/judge.js";
import type { AppPlan, BoardPlan, EnvironmentPlan, Plan } from "../scenario/plan.js";
import { type Prepared, ScenarioRun } from "../scenario/run.js";
import type { MakeEngine } from "../station.js";
import type { Environment } from "../world/environment.js";
import { resolve } from "node:path";
import type { Inputs } from "./inputs.js";
import type { SimOptions } from "./options.js";

/** Of a run without an end, when it is written down before it has come further. */
const leastMs = 60_000;

export function planOf(options: SimOptions, recording: Recording | undefined): Plan {
  const { boards, seed, source } = options;
  const app: AppPlan = options.app === undefined ? { kind: "own" } : { kind: "file", file: resolve(options.app) };
  const environment: EnvironmentPlan =
    source.kind === "recording" && recording !== undefined
      ? Object.fromEntries(recording.columns.map((column) => [column, [{ kind: "recording", file: resolve(source.file), column }]]))
      : {};
  return {
    name: "a run of mote start",
    about: "",
    seed,
    durationMs: options.durationMs ?? recording?.durationMs ?? leastMs,
    boards: Array.from({ length: boards }, (_, index): BoardPlan => {
      const name = boards === 1 ? "board" : `board-${index + 1}`;
      return { name, app, board: "esp32", startAtMs: index * 20, ticksAtBoot: 0, environment: {} };
    }),
    environment,
    faults: [],
    expect: [],
    never: [],
  };
}

export interface RecipeParts {
  readonly plan: Plan;
  readonly engine: "node" | "xs";
  prepare(board: BoardPlan): Prepared;
  signals: (
    environment: EnvironmentPlan,
    draws: Parameters<ConstructorParameters<typeof ScenarioRun>[0]["signals"]>[1],
  ) => Partial<Environment>;
  /** Hears of expectations. */
  readonly judged?: Partial<JudgeEvents>;
  /** Each run as it is made. */
  readonly onRun?: (run: ScenarioRun) => void;
  /** Each line of the first run's trace. */
  readonly onTrace?: ((line: string) => void) | undefined;
}

export function recipeOf({ plan, engine, prepare, signals, onTrace, judged, onRun }: RecipeParts): Recipe {
  let made = 0;
  return {
    plan,
    engine,
    make(events) {
      const traced = onTrace !== undefined && made++ === 0;
      const run = new ScenarioRun({
        plan,
        engine,
        prepare,
        signals,
        events: { ...events, ...judged },
        traced,
        ...(traced ? { onTrace } : {}),
      });
      onRun?.(run);
      return run;
    },
  };
}

/** The one app of all boards on an engine. */
export async function preparedOf(options: SimOptions, { loaded, chips }: Inputs): Promise<(board: BoardPlan) => Prepared> {
  const { app, module } = loaded;
  const engine = await engineOf(options, app, module);
  return () => ({ app, engine, ...(chips === undefined ? {} : { chips }) });
}

export async function engineOf({ engine, arenaBytes }: SimOptions, app: App, module: string | undefined): Promise<MakeEngine> {
  if (engine === "node") return (device, settings, witness) => nodeEngine(device, app, settings, witness);
  const { xsEngine } = await import("../xs/engine.js");
  return (device, settings, witness) => xsEngine({ device, settings, witness, app: module, arenaBytes });
}
