/** The apps of a scenario's boards, loaded once each before anything runs. */
import { failure, success, type Result } from "../../firmware/base/result.js";
import { nodeEngine } from "../node/engine.js";
import { inlineApp, inlineModule } from "../scenario/inline-app.js";
import type { AppPlan, BoardPlan, Plan } from "../scenario/plan.js";
import type { Prepared } from "../scenario/run.js";
import { type LoadedApp, loadApp, ownApp } from "./app-file.js";

export interface AppEngine {
  readonly engine: "node" | "xs";
  readonly arenaBytes: number;
}

/** What prepares a board of the plan, or what is wrong with the app of one. */
export async function appsOf(plan: Plan, { engine, arenaBytes }: AppEngine): Promise<Result<(board: BoardPlan) => Prepared>> {
  // Only who runs on XS waits for its loading.
  const xs = engine === "xs" ? await import("../xs/engine.js") : undefined;
  const prepared = new Map<string, Prepared>();
  for (const { name, app } of plan.boards) {
    const key = keyOf(app);
    if (prepared.has(key)) continue;
    const loaded = await load(app);
    if (!loaded.ok) return failure(loaded.error.kind, `board ${name}: ${loaded.error.message}`);
    const { app: made, module } = loaded.value;
    prepared.set(key, {
      app: made,
      engine: (device, settings, witness) =>
        xs === undefined
          ? nodeEngine(device, made, settings, witness)
          : xs.xsEngine({ device, settings, witness, app: module, arenaBytes }),
    });
  }
  return success((board) => prepared.get(keyOf(board.app))!);
}

function keyOf(app: AppPlan): string {
  return app.kind === "own" ? "own" : app.kind === "file" ? "file " + app.file : "inline " + JSON.stringify(app.app);
}

async function load(app: AppPlan): Promise<Result<LoadedApp>> {
  if (app.kind === "own") return success(await ownApp());
  if (app.kind === "file") return loadApp(app.file);
  const made = inlineApp(app.app);
  return made.ok ? success({ app: made.value, module: inlineModule(app.app) }) : made;
}
