/**
 * `mote start`: boards in virtual time at the pace of the clock, with a dashboard, and their messages
 * mirrored to an embedded broker so that any MQTT tool can watch. Returns the exit code.
 */
import { type BoardState, openState } from "../node/board-state.js";
import type { Recipe, Run } from "../dashboard/recipe.js";
import { type EmbeddedBroker, embeddedBroker } from "../node/embedded-broker.js";
import { codeOf } from "../dashboard/air-boards.js";
import type { VirtualSession } from "../dashboard/virtual-session.js";
import type { Simulation } from "../simulation.js";
import { complain } from "./complaint.js";
import { openBrowser } from "./browser.js";
import { virtualDashboard, type VirtualDashboard } from "./dashboard.js";
import { FleetLine } from "./fleet-line.js";
import { fleetText } from "./fleet-text.js";
import { fleetOutcome } from "./fleet-outcome.js";
import { greet } from "./greeting.js";
import { inputsOf } from "./inputs.js";
import { Interruption } from "./interruption.js";
import type { SimOptions } from "./options.js";
import { planOf, preparedOf, recipeOf } from "./recipe.js";
import { waitingIn } from "./journal-left.js";
import { outcomeText } from "./report.js";
import { openTrace, type TraceFile } from "./trace-file.js";
import { view, type View } from "./view.js";

const lookEveryMs = 50;
const sayEveryMs = 1000;
const releaseAfterMs = 500;

export async function start(options: SimOptions): Promise<number> {
  const inputs = await inputsOf(options);
  if (!inputs.ok) return complain(inputs.error.message, 2);
  const state = options.state === undefined ? undefined : openState(options.state, "write");
  if (state?.ok === false) return complain(state.error.message, 1);
  const trace = options.traceFile === undefined ? undefined : openTrace(options.traceFile);
  if (trace?.ok === false) {
    state?.value.close();
    return complain(trace.error.message, 2);
  }
  const { recording } = inputs.value;
  const plan = planOf(options, recording);
  const recipe = recipeOf({
    plan,
    engine: options.engine,
    prepare: await preparedOf(options, inputs.value),
    signals: () => recording?.signals ?? {},
    onTrace: trace === undefined ? undefined : (line) => trace.value.write(line),
  });
  const endMs = options.durationMs ?? recording?.durationMs;
  return started(recipe, {
    options,
    endMs,
    trace: trace?.value,
    state: state?.value,
    name: options.app ?? "the app",
    greeting: ({ accessPoint, stations }, embedded, url) => {
      const station = stations[0]!;
      const { board, notes, device = "" } = station;
      const broker = { host: "127.0.0.1", port: embedded.port };
      greet(process.stdout, {
        options,
        inputs: inputs.value,
        name: device,
        board: board.model.name,
        notes,
        broker,
        embedded,
        dashboard: url,
        code: codeOf(station.board),
        wifi: accessPoint,
        first: station.name,
      });
    },
  });
}

export interface StartParts {
  readonly options: SimOptions;
  /** When it ends by itself, of virtual time. */
  readonly endMs: number | undefined;
  readonly trace: TraceFile | undefined;
  /** What of the one board outlasts the run. */
  readonly state?: BoardState | undefined;
  /** A story that is told: what is said goes to `tell`, and it is over at a time. */
  readonly story?: {
    readonly endMs: number;
    listen(tell: (text: string) => void, session: VirtualSession): void;
    over(): string;
  };
  /** Where a mistake in the app is. */
  readonly name: string;
  greeting(simulation: Simulation, embedded: EmbeddedBroker, url: string): void;
}

export async function started(recipe: Recipe, parts: StartParts): Promise<number> {
  const { options, endMs, trace } = parts;
  const startedMs = performance.now();
  const cpu = process.cpuUsage();
  const interruption = new Interruption();
  const embedded = await embeddedBroker();
  const shown = new Shown();
  let makings = 0;
  let opened: VirtualDashboard | undefined;
  try {
    const made = await virtualDashboard({
      recipe,
      embedded,
      speed: options.speed,
      ...(typeof options.dashboard === "number" ? { port: options.dashboard } : {}),
      onFailed: (error) =>
        shown.note(`The run has failed: ${error instanceof Error ? error.message : String(error)}. It can be gone back on.`),
      onMade: (run, replaying) => {
        parts.state?.attach(run.simulation.stations[0]!.board, () => !replaying());
        shown.attach(run, replaying);
        // The run is made anew: what comes now is no continuation of the file.
        if (++makings === 2 && trace !== undefined) shown.note("Note    the trace has ended: somebody went back");
      },
    });
    if (!made.ok) return complain(`${parts.name}: ${made.error.message}`, 2);
    opened = made.value;
    const { session, dashboard } = opened;
    const { story } = parts;
    let told = false;
    parts.greeting(session.present.simulation, embedded, dashboard.url);
    if (dashboard.usualPortTaken) process.stdout.write("        the dashboard's usual port is taken by another program\n\n");
    shown.begin();
    story?.listen((text) => shown.note(text), session);
    openBrowser(dashboard.url);
    await wish(interruption, () => {
      if (story !== undefined && !told && session.nowMs >= story.endMs && session.state !== "replaying") {
        told = true;
        session.pause();
        shown.note(story.over());
      }
      return endMs !== undefined && session.nowMs >= endMs;
    });
    if (interruption.urgent) return complain("it was ended at once, before the boards could say goodbye", 1);
    await opened.end();
    opened = undefined;
    shown.end();
    const [first] = session.present.simulation.stations;
    if (session.boards.length === 1 && first !== undefined) {
      console.log(
        `\n${outcomeText({ engine: options.engine, seed: options.seed, ...first.counts(), waiting: waitingIn(first.board), wallMs: Math.round(performance.now() - startedMs), traceSha256: "", ...first.memory() }, false)}`,
      );
    } else
      console.log(
        `\n${fleetText(fleetOutcome(session.present.simulation, options, performance.now() - startedMs, process.cpuUsage(cpu)))}`,
      );
    return 0;
  } catch (error) {
    return complain(`the run failed: ${error instanceof Error ? error.message : String(error)}`, 1);
  } finally {
    if (opened !== undefined) {
      await opened.dashboard.close();
      opened.session.close();
    }
    await embedded.close();
    setTimeout(() => interruption.release(), releaseAfterMs).unref();
    const lost = trace?.close();
    if (lost !== undefined) complain(lost, 1);
    const unsaved = parts.state?.close();
    if (unsaved !== undefined) complain(unsaved, 1);
  }
}

/** Until somebody wants the end, or `over`. */
function wish(interruption: Interruption, over: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const timer = setInterval(() => over() && done(), lookEveryMs);
    const done = (): void => {
      clearInterval(timer);
      resolve();
    };
    interruption.onRequested(done);
  });
}

/** What the terminal shows beside the dashboard: the channels of one board, or how many boards get on. */
class Shown {
  #run: Run | undefined;
  #view: View | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #line = new FleetLine(process.stdout);
  #waiting: (() => void)[] = [];

  attach(run: Run, replaying: () => boolean): void {
    this.#run = run;
    const { stations } = run.simulation;
    if (stations.length > 1) return;
    const station = stations[0]!;
    const heard = station.publishes.onPublish;
    station.publishes.onPublish = (publish) => {
      heard(publish);
      const show = (): void => this.#view?.published(publish.topic, publish.payload.toString("utf8"));
      if (replaying()) return;
      // What the board says before the greeting is out waits for it.
      if (this.#view === undefined && this.#waiting.length < 100) this.#waiting.push(show);
      else show();
    };
  }

  begin(): void {
    const { stations } = this.#run!.simulation;
    if (stations.length === 1) {
      this.#view = view(stations[0]!.device ?? "", process.stdout, true);
      for (const show of this.#waiting.splice(0)) show();
    } else this.#timer = setInterval(() => this.#line.say(this.#run!.simulation), sayEveryMs);
  }

  note(text: string): void {
    if (this.#view !== undefined) this.#view.note(text);
    else process.stdout.write((process.stdout.isTTY ? "\r\x1b[2K" : "") + text + "\n");
  }

  end(): void {
    this.#view?.end();
    clearInterval(this.#timer);
  }
}
