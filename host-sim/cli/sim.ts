/** `mote sim`: puts a simulation together as it was told, runs it, shows it, and ends it in order. Returns the exit code. */
import { createWriteStream, type WriteStream } from "node:fs";
import { once } from "node:events";
import { nodeEngine } from "../node/engine.js";
import { computerChip, thermometer } from "../node/computer-chip.js";
import { type EmbeddedBroker, embeddedBroker } from "../node/embedded-broker.js";
import { Pacer } from "../node/pacer.js";
import { readRecording, type Recording } from "../node/recording.js";
import { realNetwork } from "../node/sockets.js";
import { thisComputerApp } from "../apps/this-computer.js";
import { Simulation } from "../simulation.js";
import { xsEngine } from "../xs/engine.js";
import { bundledModule, loadApp, type LoadedApp, ownApp } from "./app-file.js";
import type { SimOptions } from "./options.js";
import { type View, view } from "./view.js";

const defaultVirtualMs = 60_000;
/** How long an orderly end may take before the run is ended all the same, ms. */
const endWithinMs = 5000;

/** A user's mistake: one message, exit code 2. */
class Refused extends Error {}

export async function sim(options: SimOptions): Promise<number> {
  const startedMs = performance.now();
  let broker: EmbeddedBroker | undefined;
  let simulation: Simulation | undefined;
  let traceFile: WriteStream | undefined;
  try {
    const recording = openRecording(options);
    const loaded = await chooseApp(options);
    traceFile = options.traceFile === undefined ? undefined : await openTrace(options.traceFile);
    const real = options.speed !== "max";
    if (real && options.broker === undefined) broker = await embeddedBroker();
    let pacer: Pacer | undefined;
    simulation = new Simulation({
      app: loaded.app,
      seed: options.seed,
      engine: (device, settings, witness) =>
        options.engine === "xs"
          ? xsEngine({ device, settings, witness, app: loaded.module, arenaBytes: options.arenaBytes })
          : nodeEngine(device, loaded.app, settings, witness),
      broker: real ? (options.broker ?? { host: "127.0.0.1", port: broker!.port }) : "model",
      ...(real ? { network: (cpu) => realNetwork(cpu, () => pacer!) } : {}),
      ...(recording === undefined ? {} : { signals: recording.signals }),
      ...(traceFile === undefined ? {} : { onTrace: (line) => traceFile!.write(line + "\n") }),
    });
    if (options.source.kind === "host") simulation.board.i2c.attach(computerChip(thermometer()));
    const durationMs = options.durationMs ?? recording?.durationMs ?? (real ? undefined : defaultVirtualMs);

    const started = simulation.start();
    if (!started.ok) throw new Refused(started.error.message);
    const shown = options.json ? undefined : greet(options, simulation, started.value.name, broker);
    let connected = !real;
    let refusal: number | undefined;
    simulation.publishes.onConnack = (code) => {
      if (code === 0) connected = true;
      else if (refusal !== code) {
        refusal = code;
        shown?.note(`The broker refused the board: ${connackReasons[code] ?? `code ${code}`}. It tries again, ever more slowly.`);
      }
    };
    if (options.speed === "max") {
      runVirtual(simulation, durationMs!);
    } else {
      pacer = new Pacer(simulation.scheduler, options.speed);
      await runPaced(simulation, pacer, durationMs === undefined ? undefined : durationMs / options.speed);
    }
    shown?.end();
    const ok = connected;
    if (!ok) {
      console.error(
        `mote: the board never reached the broker at ${brokerUrl(options, broker)}${refusal === undefined ? "" : `: it was refused (${connackReasons[refusal] ?? refusal})`}. Is one running there, and does it take MQTT 3.1.1?`,
      );
    }
    report(options, simulation, performance.now() - startedMs);
    return ok ? 0 : 1;
  } catch (error) {
    if (error instanceof Refused) {
      console.error(`mote: ${error.message}`);
      return 2;
    }
    console.error(`mote: the run failed: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    simulation?.engine.close();
    await broker?.close();
    if (traceFile !== undefined) {
      traceFile.end();
      await once(traceFile, "close");
    }
  }
}

function openRecording(options: SimOptions): Recording | undefined {
  if (options.source.kind !== "recording") return undefined;
  const read = readRecording(options.source.file);
  if (!read.ok) throw new Refused(read.error.message);
  return read.value;
}

async function chooseApp(options: SimOptions): Promise<LoadedApp> {
  if (options.source.kind === "host") {
    const hasThermometer = thermometer() !== undefined;
    const module = options.engine === "xs" ? await bundledModule("apps/this-computer.js", `thisComputerApp(${hasThermometer})`) : undefined;
    return { app: thisComputerApp(hasThermometer), module };
  }
  if (options.app === undefined) return ownApp();
  const loaded = await loadApp(options.app);
  if (!loaded.ok) throw new Refused(loaded.error.message);
  return loaded.value;
}

async function openTrace(path: string): Promise<WriteStream> {
  const file = createWriteStream(path);
  try {
    await once(file, "open");
  } catch (error) {
    throw new Refused(`--trace ${path}: it cannot be written (${(error as NodeJS.ErrnoException).code ?? "unknown reason"})`);
  }
  return file;
}

function runVirtual(simulation: Simulation, durationMs: number): void {
  const { scheduler } = simulation;
  scheduler.runUntil(durationMs * 1000);
  let stopped = false;
  simulation.stop(() => {
    stopped = true;
  });
  const untilUs = scheduler.nowUs + endWithinMs * 1000;
  while (!stopped && scheduler.nowUs < untilUs) scheduler.runUntil(Math.min(untilUs, Math.max(scheduler.nowUs + 1000, scheduler.nextUs())));
  if (!stopped) throw new Error("the firmware did not come to its end");
  // What was sent last still reaches the broker.
  scheduler.runUntil(scheduler.nowUs + 100_000);
}

/** Until `realMs` of wall clock have passed, or somebody presses Ctrl-C. */
async function runPaced(simulation: Simulation, pacer: Pacer, realMs: number | undefined): Promise<void> {
  await new Promise<void>((over) => {
    const timer = realMs === undefined ? undefined : setTimeout(end, realMs);
    /** Keeps the process alive while the pacer sleeps. */
    function end(): void {
      clearTimeout(timer);
      process.off("SIGINT", end);
      process.off("SIGTERM", end);
      over();
    }
    process.on("SIGINT", end);
    process.on("SIGTERM", end);
  });
  await new Promise<void>((ended) => {
    const timer = setTimeout(ended, endWithinMs);
    pacer.inject(() =>
      simulation.stop(() => {
        clearTimeout(timer);
        ended();
      }),
    );
  });
  pacer.stop();
}

function greet(options: SimOptions, simulation: Simulation, name: string, broker: EmbeddedBroker | undefined): View {
  const virtual = options.speed === "max";
  const pace = virtual ? "virtual time" : options.speed === 1 ? "real time" : `${options.speed}× real time`;
  const { out } = { out: process.stdout };
  out.write(`Mote: a simulated ${simulation.board.device.board.name} named ${name}, ${pace}, seed ${options.seed}, engine ${options.engine}\n`);
  if (!virtual) {
    out.write(`Broker  ${brokerUrl(options, broker)}${broker === undefined ? "" : " (embedded)"}\n`);
    if (broker?.usualPortTaken === true) out.write("        port 1883 is taken by another program, so this is a free one\n");
    if (broker !== undefined) out.write(`        watch it with: mosquitto_sub -h 127.0.0.1 -p ${broker.port} -v -t 'mote/#'\n`);
    if (options.durationMs === undefined) out.write("Stop    Ctrl-C\n");
  }
  for (const note of simulation.notes) out.write(`Note    ${note}\n`);
  out.write("\n");
  const shown = view(name, out);
  if (!virtual) {
    const count = simulation.publishes.onPublish;
    simulation.publishes.onPublish = (publish) => {
      count(publish);
      shown.published(publish.topic, publish.payload.toString("utf8"));
    };
  }
  return shown;
}

function brokerUrl(options: SimOptions, broker: EmbeddedBroker | undefined): string {
  const { host, port } = options.broker ?? { host: "127.0.0.1", port: broker?.port ?? 0 };
  return `mqtt://${host}:${port}`;
}

function report(options: SimOptions, simulation: Simulation, wallMs: number): void {
  const counts = simulation.counts();
  const result = {
    engine: options.engine,
    seed: options.seed,
    ...counts,
    wallMs: Math.round(wallMs),
    traceSha256: simulation.traceSha256(),
    ...simulation.memory(),
  };
  if (options.json) {
    console.log(JSON.stringify(result));
    return;
  }
  const seconds = (counts.simulatedMs / 1000).toLocaleString("en", { maximumFractionDigits: 1 });
  console.log(
    `\n${seconds} s simulated in ${(wallMs / 1000).toFixed(1)} s: ${counts.samples} samples (${counts.missed} missed, ${counts.readErrors} unreadable), ` +
      `${counts.emitted} values given out, ${counts.published} messages published, ${counts.acknowledged} acknowledged, ${counts.bytesOut} bytes out`,
  );
  if (options.speed === "max") console.log(`trace ${result.traceSha256}`);
}

/** MQTT 3.1.1, table 3.1. */
const connackReasons: Record<number, string> = {
  1: "it does not speak MQTT 3.1.1",
  2: "it does not take the client's name",
  3: "it is not available",
  4: "wrong user name or password",
  5: "not authorised",
};
