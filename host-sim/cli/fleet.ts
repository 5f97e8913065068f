/**
 * `mote sim --boards N`: many boards of one app in one process, over real sockets to a real broker, or in
 * virtual time. What is shown is how the whole of them gets on. Returns the exit code.
 */
import { setFlagsFromString } from "node:v8";
import type { Settings } from "../../firmware/settings.js";
import { type EmbeddedBroker, embeddedBroker } from "../node/embedded-broker.js";
import { nodeEngine } from "../node/engine.js";
import { Pacer } from "../node/pacer.js";
import { realNetwork } from "../node/sockets.js";
import { Simulation } from "../simulation.js";
import { complain } from "./complaint.js";
import { brokerUrl } from "./broker-url.js";
import { FleetLine } from "./fleet-line.js";
import { fleetOutcome } from "./fleet-outcome.js";
import { fleetText } from "./fleet-text.js";
import { type Inputs, inputsOf } from "./inputs.js";
import { Interruption } from "./interruption.js";
import type { SimOptions } from "./options.js";
import { progress } from "./progress.js";
import { runPaced, runVirtual } from "./run.js";
import { openTrace, type TraceFile } from "./trace-file.js";

const defaultVirtualMs = 60_000;
/** Boards are switched on one after another, so that a broker is not run over and their samples spread over a period, ms. */
const startEveryMs = 2;
const lookEveryMs = 1000;
/** How long a fleet's messages may wait for those of other boards, virtual ms: a tick of FreeRTOS on an ESP32. */
const grainMs = 10;
const heapGrowsPercent = 20;

export async function fleet(options: SimOptions): Promise<number> {
  const inputs = await inputsOf(options);
  if (!inputs.ok) return complain(inputs.error.message, 2);
  const trace = options.traceFile === undefined ? undefined : openTrace(options.traceFile);
  if (trace?.ok === false) return complain(trace.error.message, 2);
  const interruption = new Interruption();
  let embedded: EmbeddedBroker | undefined;
  try {
    if (options.speed !== "max" && options.broker === undefined) embedded = await embeddedBroker();
    return await run(options, inputs.value, trace?.value, embedded, interruption);
  } catch (error) {
    return complain(`the run failed: ${error instanceof Error ? error.message : String(error)}`, 1);
  } finally {
    await embedded?.close();
    interruption.release();
    const lost = trace?.value.close();
    if (lost !== undefined) complain(lost, 1);
  }
}

async function run(
  options: SimOptions,
  { loaded, recording }: Inputs,
  trace: TraceFile | undefined,
  embedded: EmbeddedBroker | undefined,
  interruption: Interruption,
): Promise<number> {
  const { speed, boards, json } = options;
  const virtual = speed === "max";
  const broker: Settings["broker"] = options.broker ?? { host: "127.0.0.1", port: embedded?.port ?? 0 };
  const xs = options.engine === "xs" ? await import("../xs/engine.js") : undefined;
  // From here on V8 collects garbage when its old space has grown by that much, not by up to four times (docs/decisions/fleet-memory.md).
  setFlagsFromString(`--heap-growing-percent=${heapGrowsPercent}`);
  const startedMs = performance.now();
  const cpu = process.cpuUsage();
  let pacer: Pacer | undefined;
  const simulation = new Simulation({
    seed: options.seed,
    broker: virtual ? "model" : broker,
    // What nobody asked for is neither formatted nor hashed.
    traced: trace !== undefined,
    ...(trace === undefined ? {} : { onTrace: (line) => trace.write(line) }),
  });
  const { scheduler, stations } = simulation;
  for (let index = 0; index < boards; index++) {
    simulation.add({
      app: loaded.app,
      engine: (device, settings, witness) =>
        xs === undefined
          ? nodeEngine(device, loaded.app, settings, witness)
          : xs.xsEngine({ device, settings, witness, app: loaded.module, arenaBytes: options.arenaBytes }),
      ...(virtual
        ? {}
        : {
            network: (cpu) =>
              realNetwork(
                cpu,
                () => pacer!,
                () => {},
              ),
          }),
      ...(recording === undefined ? {} : { signals: recording.signals }),
    });
  }
  try {
    const first = stations[0]!.powerOn();
    if (!first.ok) return complain(`${options.app ?? "firmware/app.ts"}: ${first.error.message}`, 2);
    for (const [index, station] of stations.entries()) scheduler.at(index * startEveryMs * 1000, () => void station.powerOn());
    const out = json ? process.stderr : process.stdout;
    if (!json) {
      out.write(`Mote    ${boards.toLocaleString("en")} simulated boards named ${loaded.app.name}-…, seed ${options.seed}\n`);
      out.write(`Broker  ${virtual ? "a model, in virtual time" : brokerUrl(broker)}\n\n`);
    }
    const durationMs = options.durationMs ?? recording?.durationMs;
    const watch = virtual ? undefined : watched(simulation, out);
    try {
      if (virtual)
        await runVirtual(
          simulation,
          durationMs ?? defaultVirtualMs,
          interruption,
          progress(process.stderr, durationMs ?? defaultVirtualMs),
        );
      else {
        const pace = (onFailed: (error: unknown) => void): Pacer =>
          (pacer = new Pacer(scheduler, speed, onFailed, grainMs / Math.max(1, speed)));
        await runPaced(simulation, { durationMs, speed, interruption, pace, onEnding() {} });
      }
    } finally {
      watch?.();
    }
    const outcome = fleetOutcome(simulation, options, performance.now() - startedMs, process.cpuUsage(cpu));
    if (json) console.log(JSON.stringify(virtual && trace !== undefined ? { ...outcome, traceSha256: simulation.traceSha256() } : outcome));
    else console.log(`\n${fleetText(outcome)}`);
    if (virtual || outcome.everConnected === boards) return 0;
    return complain(`${boards - outcome.everConnected} of ${boards} boards never reached the broker at ${brokerUrl(broker)}`, 1);
  } finally {
    pacer?.stop();
    simulation.close();
  }
}

/** Says each second how the fleet gets on; what it returns ends that. */
function watched(simulation: Simulation, out: NodeJS.WriteStream): () => void {
  const line = new FleetLine(out);
  const timer = setInterval(() => line.say(simulation), lookEveryMs);
  return () => {
    clearInterval(timer);
    if (out.isTTY) out.write("\n");
  };
}
