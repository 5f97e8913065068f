/** A scenario brought in and checked before anything runs: its file, its apps, its recordings. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { failure, success, type Result } from "../../firmware/base/result.js";
import { readRecording, type Recording } from "../node/recording.js";
import { nearest } from "../../firmware/base/nearest.js";
import { parseScenario } from "../scenario/parse.js";
import type { SensorsOf } from "../scenario/parse-faults.js";
import type { BoardPlan, EnvironmentPlan, Plan, SignalPart } from "../scenario/plan.js";
import { type Prepared, unfit } from "../scenario/run.js";
import { environmentSignals } from "../scenario/signals.js";
import type { Signal } from "../world/chips/signal.js";
import { type Environment, recordable } from "../world/environment.js";
import type { Random } from "../world/random.js";
import { root } from "../xs/modules.js";
import { type AppEngine, appsOf } from "./scenario-apps.js";
import { wrapped } from "./scenario-view.js";

export interface LoadedScenario {
  readonly plan: Plan;
  prepare(board: BoardPlan): Prepared;
  signals(environment: EnvironmentPlan, draws: Random): Partial<Environment>;
}

export interface ScenarioFile extends AppEngine {
  readonly file: string;
  /** This computer's thermometer, °C; "virtual": time does not run as it does for it. */
  readonly host: (() => number) | undefined | "virtual";
}

export async function loadScenario({ file, engine, arenaBytes, host }: ScenarioFile): Promise<Result<LoadedScenario>> {
  const read = readScenario(file);
  if (!read.ok) return read;
  const plan = read.value;
  const wrong = unfit(plan, engine);
  if (wrong !== undefined) return failure("scenario", `${file}: ${wrong}`);
  const apps = await appsOf(plan, { engine, arenaBytes });
  if (!apps.ok) return failure(apps.error.kind, `${file}: ${apps.error.message}`);
  // Which sensors the apps in files have is known only now.
  const checked = readScenario(file, (app) => Object.keys(apps.value({ ...plan.boards[0]!, app }).app.sensors));
  if (!checked.ok) return checked;
  const unfelt = hostMistake(plan, host);
  if (unfelt !== undefined) return failure("scenario", `${file}: ${unfelt}`);
  const recordings = recordingsOf(plan);
  if (!recordings.ok) return failure(recordings.error.kind, `${file}: ${recordings.error.message}`);
  return success({
    plan,
    prepare: apps.value,
    signals: (environment, draws) => environmentSignals(environment, draws, recordings.value, hostSignal(host)),
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
    const near = inLibrary(file);
    const meant = near === undefined ? "; the" : `; did you mean ${near}? The`;
    return failure("scenario", `${file}: ${why}${meant} library has ${names().join(", ")}`);
  }
  const near = relative(process.cwd(), path);
  return parseScenario(near.startsWith("..") ? path : near, text, sensorsOf);
}

function partsOf({ environment, boards }: Plan): SignalPart[] {
  return [environment, ...boards.map((board) => board.environment)].flatMap((each) => Object.values(each).flat());
}

function hostMistake(plan: Plan, host: ScenarioFile["host"]): string | undefined {
  if (typeof host === "function" || !partsOf(plan).some(({ kind }) => kind === "host")) return undefined;
  return host === "virtual"
    ? "host is this computer's thermometer as it is now, and here time is virtual: use a recording, or mote start"
    : "this computer shows no thermometer that host could be";
}

function hostSignal(host: ScenarioFile["host"]): Signal | undefined {
  return typeof host === "function" ? () => host() : undefined;
}

/** The recordings that a plan replays, read once each; by file and column. */
function recordingsOf(plan: Plan): Result<(file: string, column: string) => Signal, string> {
  const read = new Map<string, Recording>();
  for (const part of partsOf(plan)) {
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

const library = join(root, "host-sim", "scenarios");

function names(): string[] {
  return readdirSync(library)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => basename(name, ".yaml"));
}

/** The scenario of the library that was probably meant: all but typed right, or begun. */
function inLibrary(file: string): string | undefined {
  const typed = file.replace(/\.ya?ml$/i, "").toLowerCase();
  return nearest(typed, names()) ?? (typed === "" ? undefined : names().find((name) => name.startsWith(typed)));
}

/** The library as a person chooses from it. */
export function libraryText(): string {
  const width = Math.max(...names().map((name) => name.length)) + 2;
  const rows = names().map((name) => {
    const read = readScenario(name);
    if (!read.ok) return `  ${name}\n`;
    const [sentence = ""] = /^.*?[.!?](?= |$)/.exec(read.value.about.replace(/\s+/g, " ")) ?? [read.value.about];
    return `  ${name.padEnd(width)}${wrapped(sentence, 76 - width).join("\n" + " ".repeat(width + 2))}\n`;
  });
  return `mote sim NAME runs one of these and judges it; mote start NAME shows it on the dashboard:\n\n${rows.join("")}`;
}
