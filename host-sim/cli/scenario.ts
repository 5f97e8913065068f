/** `mote sim FILE.yaml`: runs a scenario and judges it. Returns the exit code: 0, 1 an expectation failed, 42 time ran out on one. */
import { setImmediate } from "node:timers/promises";
import { type Verdict, ScenarioRun } from "../scenario/run.js";
import { visitText } from "../scenario/visits.js";
import { complain } from "./complaint.js";
import { Interruption } from "./interruption.js";
import { progress } from "./progress.js";
import { loadScenario } from "./scenario-file.js";
import { scenarioView, tellsBoards } from "./scenario-view.js";
import { openTrace } from "./trace-file.js";

export interface ScenarioWords {
  readonly file: string;
  readonly engine: "node" | "xs";
  /** In place of the scenario's. */
  readonly seed: number | undefined;
  readonly traceFile: string | undefined;
  readonly json: boolean;
  readonly arenaBytes: number;
}

export const exitCodes = { passed: 0, failed: 1, usage: 2, timeRanOut: 42 } as const;

const sliceMs = 100;

export async function scenario(words: ScenarioWords): Promise<number> {
  const loaded = await loadScenario({ ...words, host: "virtual" });
  if (!loaded.ok) return complain(loaded.error.message, exitCodes.usage);
  const { plan, prepare, signals } = loaded.value;
  const trace = words.traceFile === undefined ? undefined : openTrace(words.traceFile);
  if (trace?.ok === false) return complain(trace.error.message, exitCodes.usage);

  const startedMs = performance.now();
  const seed = words.seed ?? plan.seed;
  const shown = scenarioView(words.json ? { write() {} } : process.stdout);
  const tells = tellsBoards(plan);
  shown.begin(plan, seed, words.engine);
  const nowMs = (): number => run.simulation.scheduler.nowUs / 1000;
  const run: ScenarioRun = new ScenarioRun({
    plan,
    seed,
    engine: words.engine,
    prepare,
    signals,
    ...(trace === undefined ? {} : { onTrace: (line: string) => trace.value.write(line) }),
    events: {
      onBegun: (fault) => shown.fault(nowMs(), fault, false),
      onHealed: (fault) => shown.fault(nowMs(), fault, true),
      onMet: (expectation, atMs) => shown.met(expectation, atMs),
      onFailed: (finding) => shown.failed(finding),
      onBoot: ({ name }, reason) => (tells ? shown.tell(nowMs(), `${name} starts (${reason})`) : undefined),
      onVisit: ({ name }, visit) => (tells ? shown.tell(nowMs(), `somebody comes to ${name}: ${visitText(visit)}`) : undefined),
      onLeft: ({ name }, done, why) =>
        tells ? shown.tell(nowMs(), `the visitor of ${name} ${done ? "is done" : `gives up: ${why}`}`) : undefined,
      onPowerLost: ({ name }) => (tells ? shown.tell(nowMs(), `${name} is without power`) : undefined),
    },
  });
  const interruption = new Interruption();
  try {
    const started = run.start();
    if (!started.ok) return complain(`${words.file}: ${started.error.message}`, exitCodes.usage);
    await pass(run, interruption, words.json);
    const verdict = run.verdict();
    shown.end(plan, verdict, nowMs(), performance.now() - startedMs);
    const interrupted = interruption.requested && nowMs() < plan.durationMs;
    if (interrupted && !words.json) console.log("It was interrupted before its time was over.");
    const exitCode = interrupted ? exitCodes.failed : exitCodeOf(verdict);
    if (words.json) console.log(json(run, verdict, { seed, engine: words.engine, wallMs: performance.now() - startedMs, exitCode }));
    return exitCode;
  } catch (error) {
    return complain(`the run failed: ${error instanceof Error ? error.message : String(error)}`, exitCodes.failed);
  } finally {
    run.simulation.close();
    interruption.release();
    const lost = trace?.value.close();
    if (lost !== undefined) complain(lost, exitCodes.failed);
  }
}

/** Lets the scenario's time pass, with a look at signals now and then. */
async function pass(run: ScenarioRun, interruption: Interruption, quiet: boolean): Promise<void> {
  const { scheduler } = run.simulation;
  const { durationMs } = run.plan;
  const shown = progress(process.stderr, quiet ? Infinity : durationMs);
  let stepUs = 1e6;
  try {
    while (scheduler.nowUs < durationMs * 1000 && !interruption.requested) {
      const beganMs = performance.now();
      scheduler.runUntil(Math.min(durationMs * 1000, scheduler.nowUs + stepUs));
      stepUs = Math.max(1000, Math.min(600e6, stepUs * (performance.now() - beganMs < sliceMs ? 1.5 : 0.5)));
      shown.at(scheduler.nowUs / 1000);
      await setImmediate();
    }
  } finally {
    shown.end();
  }
}

export function exitCodeOf({ failures, open }: Verdict): number {
  return failures.length > 0 ? exitCodes.failed : open.length > 0 ? exitCodes.timeRanOut : exitCodes.passed;
}

function json(run: ScenarioRun, { failures, open }: Verdict, about: Record<string, unknown>): string {
  const boards = run.simulation.stations.map((station) => ({ board: station.name, device: station.device, ...station.counts() }));
  return JSON.stringify({
    scenario: run.plan.name,
    ...about,
    wallMs: Math.round(Number(about["wallMs"])),
    failures: failures.map(({ expectation, atMs, board, what }) => ({
      place: expectation.place,
      expectation: expectation.text,
      atMs,
      board,
      what,
    })),
    timeRanOut: open.map(({ place, text }) => ({ place, expectation: text })),
    boards,
    traceSha256: run.simulation.traceSha256(),
  });
}
