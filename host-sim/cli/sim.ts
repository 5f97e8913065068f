/** `mote sim`: puts a simulation together as it was told, runs it, shows it, and ends it in order. Returns the exit code. */
import type { Settings } from "../../firmware/settings.js";
import { nodeEngine } from "../node/engine.js";
import { computerChip } from "../node/computer-chip.js";
import { type EmbeddedBroker, embeddedBroker } from "../node/embedded-broker.js";
import { Pacer } from "../node/pacer.js";
import { type BoardState, openState } from "../node/board-state.js";
import { realNetwork } from "../node/sockets.js";
import { showTraces } from "../ecma419/ambient.js";
import { Simulation } from "../simulation.js";
import { codeOf } from "../dashboard/air-boards.js";
import { complain } from "./complaint.js";
import { openBrowser } from "./browser.js";
import { brokerUrl } from "./broker-url.js";
import { durationText } from "./duration.js";
import { greet } from "./greeting.js";
import { type Inputs, inputsOf } from "./inputs.js";
import { Interruption } from "./interruption.js";
import { waitingIn } from "./journal-left.js";
import { LinkWatch } from "./link-watch.js";
import { placeOf } from "./place.js";
import type { SimOptions } from "./options.js";
import { progress } from "./progress.js";
import { type Outcome, outcomeJson, outcomeText } from "./report.js";
import { runPaced, runVirtual } from "./run.js";
import { openTrace, type TraceFile } from "./trace-file.js";
import { notesOnly, view } from "./view.js";

const defaultVirtualMs = 60_000;
const releaseAfterMs = 500;
/** Kinds of failure that are the app's, and so the user's to mend. */
const usersMistakes = ["app", "sensor", "channel", "stage"];

export async function sim(options: SimOptions): Promise<number> {
  const inputs = await inputsOf(options);
  if (!inputs.ok) return complain(inputs.error.message, 2);
  const state = options.state === undefined ? undefined : openState(options.state, "write");
  if (state?.ok === false) return complain(state.error.message, 1);
  const trace = options.traceFile === undefined ? undefined : openTrace(options.traceFile);
  if (trace?.ok === false) {
    state?.value.close();
    return complain(trace.error.message, 2);
  }
  let broker: EmbeddedBroker | undefined;
  let exitCode: number;
  let broken = false;
  const interruption = new Interruption();
  try {
    if (options.speed !== "max" && options.broker === undefined) broker = await embeddedBroker();
    exitCode = await simulate(options, inputs.value, trace?.value, state?.value, broker, interruption);
  } catch (error) {
    exitCode = complain(`the run failed: ${error instanceof Error ? error.message + placeOf(error) : String(error)}`, 1);
    broken = true;
  }
  const unsaved = state?.value.close();
  if (unsaved !== undefined) exitCode = complain(unsaved, 1);
  await broker?.close();
  // Should anything still hold the process, Ctrl-C ends it; not the echo of the last one.
  setTimeout(() => interruption.release(), releaseAfterMs).unref();
  const lost = trace?.value.close();
  if (lost !== undefined) exitCode = complain(lost, 1);
  // A board that broke off has left its sockets open, and they would hold the process.
  if (broken) process.exit(exitCode);
  return exitCode;
}

async function simulate(
  options: SimOptions,
  inputs: Inputs,
  trace: TraceFile | undefined,
  state: BoardState | undefined,
  embedded: EmbeddedBroker | undefined,
  interruption: Interruption,
): Promise<number> {
  const startedMs = performance.now();
  const { speed, json } = options;
  const virtual = speed === "max";
  const { loaded, recording } = inputs;
  const broker: Settings["broker"] = options.broker ?? { host: "127.0.0.1", port: embedded?.port ?? 0 };
  // With --json, stdout is the counts' alone.
  const out = json ? process.stderr : process.stdout;
  let pacer: Pacer | undefined;
  let note: (text: string) => void = () => {};
  const link = virtual ? undefined : new LinkWatch(brokerUrl(broker), (text) => note(text));
  // Only who runs on XS waits for its loading.
  const xs = options.engine === "xs" ? await import("../xs/engine.js") : undefined;
  const live =
    virtual || typeof options.dashboard !== "number"
      ? undefined
      : await (await import("./live-dashboard.js")).liveDashboard(options, inputs, state, (action) => pacer?.inject(action));
  const simulation = new Simulation({
    ...(live === undefined ? {} : { events: live.session.events }),
    seed: options.seed,
    broker: virtual ? "model" : broker,
    ...(trace === undefined && link === undefined
      ? {}
      : {
          onTrace(line) {
            trace?.write(line);
            link?.traced(line);
          },
        }),
  });
  const station = simulation.add({
    app: loaded.app,
    engine: (device, settings, witness) =>
      xs === undefined
        ? nodeEngine(device, loaded.app, settings, witness)
        : xs.xsEngine({ device, settings, witness, app: loaded.module, arenaBytes: options.arenaBytes }),
    ...(link === undefined
      ? {}
      : {
          network: (cpu) =>
            realNetwork(
              cpu,
              () => pacer!,
              (name) => link.nameUnknown(name),
            ),
        }),
    ...(recording === undefined ? {} : { signals: recording.signals }),
    ...(inputs.chips === undefined ? {} : { chips: inputs.chips }),
  });
  state?.attach(station.board);
  showTraces((line) => void process.stderr.write(line + "\n"));
  let url: string | undefined;
  try {
    if (inputs.computer !== undefined) station.board.i2c.attach(computerChip(inputs.computer.temperatureC));
    url = await live?.open(simulation, brokerUrl(broker));
    const started = station.powerOn();
    if (!started.ok) {
      const { kind } = started.error;
      // A driver that finds no chip may say little about it.
      const message = [started.error.message, ...(kind === "sensor" ? station.notes : [])].join("\n      ");
      const mistaken = usersMistakes.includes(kind);
      return complain(mistaken && options.app !== undefined ? `${options.app}: ${message}` : message, mistaken ? 2 : 1);
    }
    const { name } = started.value;
    if (!(json && virtual))
      greet(out, {
        options,
        inputs,
        name,
        board: station.board.model.name,
        notes: station.notes,
        broker,
        embedded,
        dashboard: url,
        code: codeOf(station.board),
        wifi: simulation.accessPoint,
        first: station.name,
      });
    if (url !== undefined) openBrowser(url);
    const shown = json ? notesOnly(out) : view(name, out, !virtual);
    note = (text) => shown.note(text);
    showTraces(note);
    const count = station.publishes.onPublish;
    station.publishes.onPublish = (publish) => {
      count(publish);
      shown.published(publish.topic, publish.payload.toString("utf8"));
    };
    station.publishes.onConnack = (code) => link?.answered(code);
    const durationMs = options.durationMs ?? recording?.durationMs;
    try {
      if (virtual) {
        const runMs = durationMs ?? defaultVirtualMs;
        await runVirtual(simulation, runMs, interruption, progress(process.stderr, runMs));
      } else {
        const pace = (onFailed: (error: unknown) => void): Pacer => (pacer = new Pacer(simulation.scheduler, speed, onFailed));
        await runPaced(simulation, { durationMs, speed, interruption, pace, onEnding: () => link?.ending() });
      }
    } finally {
      shown.end();
    }
    const unfelt = inputs.unfelt();
    if (unfelt.length > 0) shown.note(`Note    no sensor of the app felt the recording's ${unfelt.join(", ")}`);
    const outcome: Outcome = {
      engine: options.engine,
      seed: options.seed,
      ...station.counts(),
      waiting: waitingIn(station.board),
      wallMs: Math.round(performance.now() - startedMs),
      traceSha256: simulation.traceSha256(),
      ...station.memory(),
    };
    if (!json) console.log(`\n${outcomeText(outcome, virtual)}`);
    let exitCode = 0;
    if (link?.everConnected === false && !(interruption.requested && link.trouble === undefined)) {
      const why = link.trouble ?? "there was not enough time for it";
      exitCode = complain(`the board never reached the broker at ${brokerUrl(broker)} in ${durationText(outcome.simulatedMs)}: ${why}`, 1);
    }
    if (json) console.log(outcomeJson(outcome));
    return exitCode;
  } finally {
    pacer?.stop();
    await live?.close();
    simulation.close();
  }
}
