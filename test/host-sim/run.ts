/** Runs an app on a simulated board, on Node, and collects what it published. */
import ownApp from "../../firmware/app.js";
import type { App } from "../../firmware/declaration.js";
import type { Device } from "../../firmware/device.js";
import { nodeEngine } from "../../host-sim/node/engine.js";
import { Simulation, type SimulationOptions } from "../../host-sim/simulation.js";
import type { StationOptions } from "../../host-sim/station.js";

export interface Published {
  readonly atMs: number;
  /** Without `mote/<device>/`. */
  readonly topic: string;
  readonly text: string;
  readonly retain: boolean;
}

export interface RunOptions
  extends
    Partial<SimulationOptions>,
    Partial<Pick<StationOptions, "app" | "network" | "signals" | "ticksAtBoot" | "journal" | "journalBytes">> {
  /** What the firmware gets in place of the board's device. */
  readonly device?: (device: Device) => Device;
  /** Called before the power is switched on. */
  readonly prepare?: (simulation: Simulation) => void;
}

export function run(options: RunOptions = {}) {
  const {
    app = ownApp as App,
    device = (same) => same,
    prepare = () => {},
    seed = 1,
    broker = "model",
    onTrace,
    events,
    ...others
  } = options;
  const simulation = new Simulation({
    seed,
    broker,
    ...(onTrace === undefined ? {} : { onTrace }),
    ...(events === undefined ? {} : { events }),
  });
  const station = simulation.add({
    app,
    ...others,
    engine: (made, settings, witness) => nodeEngine(device(made), app, settings, witness),
  });
  const published: Published[] = [];
  /** The journal's, as they went out. */
  const records: Buffer[] = [];
  const count = station.publishes.onPublish;
  station.publishes.onPublish = (publish) => {
    count(publish);
    const topic = publish.topic.slice(publish.topic.indexOf("/", 5) + 1);
    if (topic === "data") records.push(Buffer.from(publish.payload as Buffer));
    else published.push({ atMs: simulation.scheduler.nowUs / 1000, topic, text: publish.payload.toString("utf8"), retain: publish.retain });
  };
  prepare(simulation);
  const started = station.powerOn();
  return {
    simulation,
    station,
    started,
    /** First sendings only, in order. */
    published,
    records,
    of: (topic: string): Published[] => published.filter((each) => each.topic === topic),
    until(ms: number): void {
      simulation.scheduler.runUntil(ms * 1000);
    },
    /** The orderly end; false when the firmware did not come to it in time. */
    stop(): boolean {
      let stopped = false;
      station.stop(() => {
        stopped = true;
      });
      simulation.scheduler.runUntil(simulation.scheduler.nowUs + 5e6);
      return stopped;
    },
  };
}

export type Run = ReturnType<typeof run>;
