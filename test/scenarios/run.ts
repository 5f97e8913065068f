/** Runs a scenario of the library, or a text of one, and tells what it came to. */
import { defaultArenaBytes } from "../../host-sim/cli/options.js";
import { appsOf } from "../../host-sim/cli/scenario-apps.js";
import { readScenario } from "../../host-sim/cli/scenario-file.js";
import { parseScenario } from "../../host-sim/scenario/parse.js";
import type { Plan } from "../../host-sim/scenario/plan.js";
import { ScenarioRun } from "../../host-sim/scenario/run.js";
import { environmentSignals } from "../../host-sim/scenario/signals.js";

export async function outcomeOf(name: string, engine: "node" | "xs") {
  const read = readScenario(name);
  if (!read.ok) throw new Error(read.error.message);
  return outcome(read.value, engine);
}

export async function outcomeOfText(text: string, engine: "node" | "xs" = "node") {
  const read = parseScenario("test.yaml", text);
  if (!read.ok) throw new Error(read.error.message);
  return outcome(read.value, engine);
}

async function outcome(plan: Plan, engine: "node" | "xs") {
  const apps = await appsOf(plan, { engine, arenaBytes: defaultArenaBytes });
  if (!apps.ok) throw new Error(apps.error.message);
  const run = new ScenarioRun({
    plan,
    engine,
    prepare: apps.value,
    signals: (environment, draws) =>
      environmentSignals(environment, draws, () => {
        throw new Error("the library replays no recordings");
      }),
  });
  try {
    const started = run.start();
    if (!started.ok) throw new Error(started.error.message);
    run.simulation.scheduler.runUntil(plan.durationMs * 1000);
    const { failures, open } = run.verdict();
    return {
      failures: failures.map(({ expectation, atMs, board, what }) => ({ expectation: expectation.text, atMs, board, what })),
      open: open.map(({ text }) => text),
      counts: run.simulation.stations.map((station) => station.counts()),
      trace: run.simulation.traceSha256(),
    };
  } finally {
    run.simulation.close();
  }
}
