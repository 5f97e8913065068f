/**
 * A simulation: one world with its stations, its network and its broker, run by one clock. What
 * `mote sim`, campaigns, the dashboard and tests drive. Equal seeds and equal doings give equal traces.
 */
import { createHash, type Hash } from "node:crypto";
import { boards } from "../firmware/boards/board.js";
import type { Crypto } from "../firmware/device.js";
import type { Settings } from "../firmware/settings.js";
import { nodeCrypto } from "./node/crypto.js";
import { Station, type StationEvents, type StationOptions } from "./station.js";
import type { World } from "./world/board.js";
import { BrokerModel } from "./world/broker.js";
import { Lan } from "./world/lan.js";
import { type Random, random } from "./world/random.js";
import { Scheduler } from "./world/scheduler.js";
import type { TraceSink } from "./world/trace.js";
import { AccessPoint } from "./world/wifi.js";

export interface SimulationOptions {
  readonly seed: number;
  /** The broker model in the world, or a broker that real sockets reach. */
  readonly broker: "model" | Settings["broker"];
  /** False: no trace is kept, for runs where only speed counts. Default true. */
  readonly traced?: boolean;
  /** Each line of the trace, beside its hash. */
  readonly onTrace?: (line: string) => void;
  readonly events?: Partial<StationEvents>;
}

export type { StationEvents } from "./station.js";

const modelAddress = "10.0.255.1";
const modelName = "broker.mote";

export class Simulation {
  readonly seed: number;
  readonly scheduler = new Scheduler();
  readonly broker = new BrokerModel(this.scheduler);
  readonly accessPoint = new AccessPoint("mote", "simulated");
  readonly lan = new Lan();
  readonly stations: Station[] = [];
  readonly random: Random;
  /** What its boards are built with. */
  readonly settings: Settings;
  readonly #world: World;
  readonly #events: Partial<StationEvents>;
  readonly #hash: Hash = createHash("sha256");
  #hashText = "";

  constructor(options: SimulationOptions) {
    const { broker, onTrace } = options;
    this.seed = options.seed;
    this.random = random(options.seed);
    this.#events = options.events ?? {};
    const modelled = broker === "model";
    if (modelled) {
      this.lan.names.set(modelName, modelAddress);
      this.lan.services.set(modelAddress + ":1883", this.broker.service);
    }
    const traceSink: TraceSink | undefined = options.traced === false ? undefined : { line: (text) => this.#trace(text, onTrace) };
    const { scheduler, lan, accessPoint } = this;
    this.#world = { scheduler, lan, accessPoint, random: this.random, traceSink, crypto: nodeCrypto };
    this.settings = {
      wifi: { ssid: accessPoint.ssid, password: accessPoint.password },
      broker: modelled ? { host: modelName, port: 1883 } : broker,
    };
  }

  /** Puts one more station into the world, its power off. */
  add(options: Omit<StationOptions, "index" | "board" | "name"> & Partial<Pick<StationOptions, "board" | "name">>): Station {
    const index = this.stations.length;
    const { name = index === 0 ? "board" : `board-${index + 1}`, board = boards.esp32 } = options;
    const station = new Station(this.#world, { ...options, name, board, index }, this.settings, this.#events);
    this.stations.push(station);
    return station;
  }

  /** The ciphers of somebody who is no board: what costs nobody's time. */
  crypto(draws: Random): Crypto {
    return nodeCrypto((into) => {
      for (let index = 0; index < into.length; index++) into[index] = draws.next() & 0xff;
    });
  }

  /** Of the whole trace so far; can be taken once. */
  traceSha256(): string {
    this.#hash.update(this.#hashText);
    this.#hashText = "";
    return this.#hash.digest("hex");
  }

  /** Lets go of the engines. */
  close(): void {
    for (const station of this.stations) station.close();
  }

  #trace(line: string, also: ((line: string) => void) | undefined): void {
    this.#hashText += line + "\n";
    if (this.#hashText.length > 65_536) {
      this.#hash.update(this.#hashText);
      this.#hashText = "";
    }
    also?.(line);
  }
}
