/**
 * One board, its world and its engine, put together: what `mote sim` runs and what tests drive. Counts
 * come from outside the firmware: samples from the witness, messages from the wire.
 */
import { createHash, type Hash } from "node:crypto";
import { boards } from "../firmware/boards/board.js";
import type { Result } from "../firmware/base/result.js";
import type { App } from "../firmware/declaration.js";
import type { Device } from "../firmware/device.js";
import type { Settings } from "../firmware/settings.js";
import type { Counters } from "../firmware/start.js";
import type { Engine, EngineMemory } from "./engine.js";
import { nodeCrypto } from "./node/crypto.js";
import { SimulatedBoard, type SimulatedBoardOptions } from "./world/board.js";
import { BrokerModel } from "./world/broker.js";
import { type Environment, weather } from "./world/environment.js";
import { Lan } from "./world/lan.js";
import { Publishes } from "./world/publishes.js";
import { random } from "./world/random.js";
import { Scheduler } from "./world/scheduler.js";
import { AccessPoint } from "./world/wifi.js";
import { wire } from "./world/wiring.js";
import type { Witness } from "./world/witness.js";

export interface SimulationOptions {
  readonly app: App;
  readonly seed: number;
  /** Makes the engine once the board exists. */
  readonly engine: (device: Device, settings: Settings, witness: Witness) => Engine;
  /** The broker model in the world, or a broker that real sockets reach. */
  readonly broker: "model" | Settings["broker"];
  readonly network?: SimulatedBoardOptions["network"];
  /** Replaces parts of the weather. */
  readonly signals?: Partial<Environment>;
  /** Each line of the trace, beside its hash. */
  readonly onTrace?: (line: string) => void;
  readonly onSample?: Witness;
  readonly ticksAtBoot?: number;
}

export interface SimulationCounts {
  simulatedMs: number;
  samples: number;
  /** Grid points that passed without a sample. */
  missed: number;
  readErrors: number;
  /** What the channels gave out, by the numbers in their messages. */
  emitted: number;
  published: number;
  acknowledged: number;
  bytesOut: number;
}

const modelAddress = "10.0.255.1";
const modelName = "broker.mote";

export class Simulation {
  readonly scheduler = new Scheduler();
  readonly broker = new BrokerModel();
  readonly publishes = new Publishes();
  readonly accessPoint = new AccessPoint("mote", "simulated");
  readonly lan: Lan;
  readonly board: SimulatedBoard;
  readonly engine: Engine;
  /** What the simulator could not wire, a line each. */
  readonly notes: readonly string[];
  readonly #app: App;
  readonly #hash: Hash = createHash("sha256");
  #hashText = "";
  /** By sensor: how many samples, and when the last was over, ms. */
  readonly #samples = new Map<string, { count: number; lastMs: number }>();
  #readErrors = 0;
  #stoppedMs: number | undefined;
  readonly #emitted = new Map<string, number>();

  constructor(options: SimulationOptions) {
    const { app, broker } = options;
    this.#app = app;
    const draws = random(options.seed);
    this.lan = new Lan(draws.split("lan"));
    const modelled = broker === "model";
    if (modelled) {
      this.lan.names.set(modelName, modelAddress);
      this.lan.services.set(modelAddress + ":1883", this.broker.service);
    }
    this.board = new SimulatedBoard(
      {
        scheduler: this.scheduler,
        lan: this.lan,
        accessPoint: this.accessPoint,
        random: draws,
        traceSink: { line: (text) => this.#trace(text, options.onTrace) },
        crypto: nodeCrypto,
      },
      {
        board: boards.esp32,
        index: 0,
        ...(options.network === undefined ? {} : { network: options.network }),
        ...(options.ticksAtBoot === undefined ? {} : { ticksAtBoot: options.ticksAtBoot }),
      },
    );
    this.board.wire.tap = () => this.publishes.tap();
    this.publishes.onPublish = ({ topic, payload }) => this.#count(topic, payload);
    const environment = { ...weather(draws.split("weather")), ...options.signals };
    this.notes = wire(this.board, app, environment, this.scheduler, draws.split("wiring"));
    const settings: Settings = {
      wifi: { ssid: this.accessPoint.ssid, password: this.accessPoint.password },
      broker: modelled ? { host: modelName, port: 1883 } : broker,
    };
    this.engine = options.engine(this.board.device, settings, (sensor, sample, error) => {
      const { count = 0 } = this.#samples.get(sensor) ?? {};
      this.#samples.set(sensor, { count: count + 1, lastMs: this.board.cpu.nowUs / 1000 });
      if (error !== undefined) this.#readErrors++;
      options.onSample?.(sensor, sample, error);
    });
  }

  /** Powers the board on: the firmware starts on its thread. */
  start(): Result<{ readonly name: string }> {
    let started: Result<{ readonly name: string }> | undefined;
    this.board.cpu.post(() => {
      started = this.engine.start();
    });
    this.scheduler.runUntil(this.scheduler.nowUs);
    return started!;
  }

  /** Begins the firmware's orderly end. Sampling is over from here. */
  stop(onStopped: () => void): void {
    this.#stoppedMs = this.scheduler.nowUs / 1000;
    this.board.cpu.post(() => this.engine.stop(onStopped));
  }

  counts(): SimulationCounts {
    const atMs = this.#stoppedMs ?? this.scheduler.nowUs / 1000;
    let emitted = 0;
    for (const number of this.#emitted.values()) emitted += number;
    let samples = 0;
    for (const { count } of this.#samples.values()) samples += count;
    return {
      simulatedMs: Math.floor(atMs),
      samples,
      missed: this.#missed(atMs),
      readErrors: this.#readErrors,
      emitted,
      published: this.publishes.published,
      acknowledged: this.publishes.acknowledged,
      bytesOut: this.board.wire.bytesOut,
    };
  }

  firmwareCounters(): Counters {
    return this.engine.counters();
  }

  memory(): EngineMemory | undefined {
    return this.engine.memory();
  }

  /** Of the whole trace so far; can be taken once. */
  traceSha256(): string {
    this.#hash.update(this.#hashText);
    this.#hashText = "";
    return this.#hash.digest("hex");
  }

  /** How many grid points passed by `atMs` without their sample. */
  #missed(atMs: number): number {
    let missed = 0;
    for (const [sensor, { everyMs, phaseMs = 0 }] of Object.entries(this.#app.sensors)) {
      const { count = 0, lastMs = -1 } = this.#samples.get(sensor) ?? {};
      // A sample that has begun may still be measuring: the slowest shipped sensor, a BME280 at 16×, takes 113 ms.
      const throughMs = Math.max(lastMs, atMs - 120);
      const points = throughMs < phaseMs ? 0 : Math.floor((throughMs - phaseMs) / everyMs) + 1;
      missed += Math.max(0, points - count);
    }
    return missed;
  }

  #trace(line: string, also: ((line: string) => void) | undefined): void {
    this.#hashText += line + "\n";
    if (this.#hashText.length > 65_536) {
      this.#hash.update(this.#hashText);
      this.#hashText = "";
    }
    also?.(line);
  }

  #count(topic: string, payload: Buffer): void {
    const number = /"n":(\d+)\}$/.exec(payload.toString("latin1"));
    if (number !== null) this.#emitted.set(topic, Number(number[1]));
  }
}
