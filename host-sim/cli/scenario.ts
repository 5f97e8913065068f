/** `mote sim FILE.yaml`: runs a scenario and judges it. Returns the exit code: 0, 1 an expectation failed, 42 time ran out on one. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { setImmediate } from "node:timers/promises";
import { failure, success, type Result } from "../../firmware/base/result.js";
import { readRecording, type Recording } from "../node/recording.js";
import { parseScenario } from "../scenario/parse.js";
import type { SensorsOf } from "../scenario/parse-faults.js";
import type { Plan } from "../scenario/plan.js";
import { type Verdict, ScenarioRun, unfit } from "../scenario/run.js";
import { environmentSignals } from "../scenario/signals.js";
import type { Signal } from "../world/chips/signal.js";
import { recordable } from "../world/environment.js";
import { root } from "../xs/modules.js";
import { Interruption } from "./interruption.js";
import { progress } from "./progress.js";
import { appsOf } from "./scenario-apps.js";
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
  const read = readScenario(words.file);
  if (!read.ok) return complain(read.error.message, exitCodes.usage);
  const plan = read.value;
  const wrong = unfit(plan, words.engine);
  if (wrong !== undefined) return complain(`${words.file}: ${wrong}`, exitCodes.usage);
  const apps = await appsOf(plan, words);
  if (!apps.ok) return complain(`${words.file}: ${apps.error.message}`, exitCodes.usage);
  // Which sensors the apps in files have is known only now.
  const checked = readScenario(words.file, (app) => Object.keys(apps.value({ ...plan.boards[0]!, app }).app.sensors));
  if (!checked.ok) return complain(checked.error.message, exitCodes.usage);
  const recordings = recordingsOf(plan);
  if (!recordings.ok) return complain(`${words.file}: ${recordings.error.message}`, exitCodes.usage);
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
    prepare: apps.value,
    signals: (environment, draws) => environmentSignals(environment, draws, recordings.value),
    ...(trace === undefined ? {} : { onTrace: (line: string) => trace.value.write(line) }),
    events: {
      onBegun: (fault) => shown.fault(nowMs(), fault, false),
      onHealed: (fault) => shown.fault(nowMs(), fault, true),
      onMet: (expectation, atMs) => shown.met(expectation, atMs),
      onFailed: (finding) => shown.failed(finding),
      onBoot: ({ name }, reason) => (tells ? shown.tell(nowMs(), `${name} starts (${reason})`) : undefined),
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
    failures: failures.map(({ expectation, atMs, board, what }) => ({ place: expectation.place, expectation: expectation.text, atMs, board, what })),
    timeRanOut: open.map(({ place, text }) => ({ place, expectation: text })),
    boards,
    traceSha256: run.simulation.traceSha256(),
  });
}

/** A scenario's file, or the name of one in the library. */
export function readScenario(file: string, sensorsOf?: SensorsOf): Result<Plan, "scenario"> {
  const path = /\.ya?ml$/i.test(file) ? file : join(library, file + ".yaml");
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : "it cannot be read";
    return failure("scenario", `${file}: ${why}; the library has ${names().join(", ")}`);
  }
  const near = relative(process.cwd(), path);
  return parseScenario(near.startsWith("..") ? path : near, text, sensorsOf);
}

/** The recordings that a plan replays, read once each; by file and column. */
function recordingsOf(plan: Plan): Result<(file: string, column: string) => Signal, string> {
  const read = new Map<string, Recording>();
  const environments = [plan.environment, ...plan.boards.map(({ environment }) => environment)];
  for (const part of environments.flatMap((environment) => Object.values(environment).flat())) {
    if (part.kind === "host") return failure("scenario", "host signals are this computer's now, and a scenario's time is virtual: use a recording");
    if (part.kind !== "recording") continue;
    const recording = read.has(part.file) ? success(read.get(part.file)!) : readRecording(part.file);
    if (!recording.ok) return recording;
    read.set(part.file, recording.value);
    if (!recording.value.columns.includes(part.column)) {
      return failure("recording", `${part.file}: there is no column "${part.column}"; there are ${recording.value.columns.join(", ")}`);
    }
  }
  return success((file, column) => read.get(file)!.signals[recordable[column as keyof typeof recordable]]!);
}

function complain(what: string, exitCode: number): number {
  console.error(`mote: ${what}`);
  return exitCode;
}

const library = join(root, "host-sim", "scenarios");

function names(): string[] {
  return readdirSync(library)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => basename(name, ".yaml"));
}
