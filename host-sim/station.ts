/**
 * A station: one board of a simulation with the firmware on it, through all its boots. Power goes and
 * comes here; what the board counted is counted from outside, at its drivers and on its wire.
 */
import type { Board } from "../firmware/boards/board.js";
import { invariant } from "../firmware/base/invariant.js";
import { success, type Result } from "../firmware/base/result.js";
import type { App } from "../firmware/declaration.js";
import type { Device, ResetReason } from "../firmware/device.js";
import type { ReadingError, Sample } from "../firmware/sensing/driver.js";
import type { PartialConfig, Settings } from "../firmware/settings.js";
import type { Counters } from "../firmware/start.js";
import { type Engine, EngineDied, type EngineMemory } from "./engine.js";
import type { I2CChip } from "./world/chips/chip.js";
import { SimulatedBoard, type SimulatedBoardOptions, type World } from "./world/board.js";
import { costs } from "./world/costs.js";
import { type Environment, weather } from "./world/environment.js";
import { Publishes } from "./world/publishes.js";
import { type StationCounts, Tally } from "./world/tally.js";
import type { WiredSensor } from "./world/wired-sensor.js";
import { wire } from "./world/wiring.js";
import type { Witness } from "./world/witness.js";

/** Makes the engine of one boot. */
export type MakeEngine = (device: Device, settings: Settings, witness: Witness) => Engine;

export interface StationOptions {
  /** Unique in its simulation; what its draws are split by. */
  readonly name: string;
  readonly app: App;
  readonly engine: MakeEngine;
  readonly board: Board;
  readonly index: number;
  readonly network?: SimulatedBoardOptions["network"];
  /** Replaces parts of the weather. */
  readonly signals?: Partial<Environment>;
  /** Chips on its I²C bus beside those that its app's drivers bring. */
  readonly chips?: (environment: Environment) => readonly I2CChip[];
  readonly ticksAtBoot?: number;
  /** How it keeps and sends its history, where that is not as by default; and how large its journal is. */
  readonly journal?: NonNullable<Settings["journal"]>;
  readonly journalBytes?: number;
  /** Its built-in settings, where they are not the simulation's: `{}` is a board out of its box. */
  readonly seed?: PartialConfig;
}

/** What happens to a station, for those who watch it. `atUs` is the world's time. */
export interface StationEvents {
  onBoot(station: Station, reason: ResetReason): void;
  onPowerLost(station: Station): void;
  onSample(station: Station, sensor: string, sample: Sample | undefined, error: ReadingError | undefined): void;
}

export class Station {
  readonly name: string;
  readonly app: App;
  readonly board: SimulatedBoard;
  readonly publishes: Publishes;
  /** Its sensors as faults reach them, by their names in the app. */
  readonly sensors: ReadonlyMap<string, WiredSensor>;
  /** What the simulator could not wire, a line each. */
  readonly notes: readonly string[];
  readonly #world: World;
  readonly #settings: Settings;
  readonly #makeEngine: MakeEngine;
  readonly #events: Partial<StationEvents>;
  readonly #tally: Tally;
  #engine: Engine | undefined;
  #device: string | undefined;
  /** Ends of power that are known beforehand, ascending, µs. */
  readonly #cutsUs: number[] = [];
  /** The reset that is under way. */
  #resetting: object | undefined;
  #holds = 0;
  /** Somebody has switched it on. */
  #wanted = false;
  #occupiedBytes = 0;
  /** Its memory was tampered with: an engine that dies is then the fault's work, and the board restarts. */
  #tampered = false;

  constructor(world: World, options: StationOptions, settings: Settings, events: Partial<StationEvents>) {
    const { name, app } = options;
    this.name = name;
    this.app = app;
    this.#world = world;
    const seed = (options.seed ?? settings) as Settings;
    this.#settings = options.journal === undefined ? seed : { ...seed, journal: options.journal };
    this.#makeEngine = options.engine;
    this.#events = events;
    const tally = new Tally(app);
    this.#tally = tally;
    this.publishes = new Publishes((packet, topicAt, topicEnd, payloadAt) => tally.published(packet, topicAt, topicEnd, payloadAt));
    const draws = world.random.split("station " + name);
    const { board, index, network, journalBytes, ticksAtBoot = 0 } = options;
    this.board = new SimulatedBoard(world, {
      board,
      index,
      name,
      ticksAtBoot,
      ...(network === undefined ? {} : { network }),
      ...(journalBytes === undefined ? {} : { journalBytes }),
    });
    this.board.wire.tap = () => this.publishes.tap();
    this.board.onRestart = () => this.reset("software");
    const environment = { ...weather(draws.split("weather")), ...options.signals };
    for (const chip of options.chips?.(environment) ?? []) this.board.i2c.attach(chip);
    const wiring = wire(this.board, app, environment, world.scheduler, draws.split("wiring"));
    this.sensors = wiring.sensors;
    this.notes = wiring.missing;
  }

  /** The firmware's engine of this boot; undefined while the power is off. */
  get engine(): Engine | undefined {
    return this.#engine;
  }

  /** The firmware runs. */
  get powered(): boolean {
    return this.#engine !== undefined;
  }

  /** Between a reset and the boot that follows: there is power, and no firmware yet. */
  get resetting(): boolean {
    return this.#resetting !== undefined;
  }

  /** Its name in topics; undefined before its first boot. */
  get device(): string | undefined {
    return this.#device;
  }

  /** Switches the power on: the firmware starts on its thread. What is wrong with its app is found at the first time. */
  powerOn(reason: ResetReason = "power-on"): Result<{ readonly name: string }> {
    const { board } = this;
    this.#wanted = true;
    if (this.#engine !== undefined || this.#holds > 0) return success({ name: this.#device ?? this.name });
    board.powerOn(reason);
    if (this.#cutsUs.length > 0) board.cpu.powerEndsAt(this.#cutsUs[0]!);
    board.cpu.onThrown = (error) => this.#died(error);
    this.#tally.booted(this.#nowMs());
    const { cpu } = board;
    const engine = this.#makeEngine(board.device, this.#settings, (sensor, sample, error) => {
      // A driver that catches the loss of its power has nothing to report.
      if (cpu.stopped) return;
      this.#tally.sampled(sensor, cpu.nowUs / 1000, error);
      this.#events.onSample?.(this, sensor, sample, error);
    });
    this.#engine = engine;
    this.#events.onBoot?.(this, reason);
    let started: Result<{ readonly name: string }> | undefined;
    board.cpu.post(() => {
      started = engine.start();
      if (this.#occupiedBytes > 0) engine.occupy(this.#occupiedBytes);
    });
    // The power may have gone within.
    if (started === undefined || cpu.stopped) return success({ name: this.#device ?? this.name });
    if (started.ok) this.#device = started.value.name;
    return started;
  }

  powerOff(): void {
    if (this.#engine === undefined) return;
    this.board.powerOff();
    this.publishes.powerLost();
    this.#tally.powerLost(this.#nowMs());
    this.#events.onPowerLost?.(this);
    this.#engine.close();
    this.#engine = undefined;
  }

  /** Restarts it at once, its RAM lost; its power comes back after the time that a reset takes. */
  reset(reason: ResetReason): void {
    const engine = this.#engine;
    if (engine === undefined) return;
    const { scheduler } = this.#world;
    // Not on the thread that ends here.
    scheduler.at(scheduler.nowUs, () => {
      // The power may have gone in between, and with it the reset.
      if (this.#engine !== engine) return;
      this.powerOff();
      const resetting = {};
      this.#resetting = resetting;
      scheduler.at(scheduler.nowUs + costs.restartUs, () => {
        if (this.#resetting !== resetting) return;
        this.#resetting = undefined;
        this.powerOn(reason);
      });
    });
  }

  /** The power will go at `atUs`, in the middle of whatever is done then; told beforehand, since handlers run ahead of time. */
  cutPowerAt(atUs: number): void {
    this.#cutsUs.push(atUs);
    this.#cutsUs.sort((a, b) => a - b);
    if (this.#engine !== undefined) this.board.cpu.powerEndsAt(this.#cutsUs[0]!);
    this.#world.scheduler.at(atUs, () => {
      this.#cutsUs.shift();
      this.powerOff();
    });
  }

  /** Takes memory from the board's engine, or gives it back with 0. False where memory is not the board's. */
  occupy(bytes: number): boolean {
    this.#occupiedBytes = bytes;
    if (bytes > 0) this.#tampered = true;
    const engine = this.#engine;
    if (engine === undefined) return true;
    let taken = true;
    this.board.cpu.post(() => {
      taken = engine.occupy(bytes);
    });
    return taken;
  }

  get occupiedBytes(): number {
    return this.#occupiedBytes;
  }

  /** Keeps the power off, whoever switches it on, until it is released as often as it was held. */
  holdPower(): void {
    this.#holds++;
    this.#resetting = undefined;
    this.powerOff();
  }

  /** The power comes back once nothing else holds it. */
  releasePower(): void {
    if (--this.#holds === 0 && this.#wanted) this.powerOn();
  }

  /** Begins the firmware's orderly end. Sampling is over from here. */
  stop(onStopped: () => void): void {
    const engine = this.#engine;
    if (engine === undefined) return onStopped();
    this.#tally.stopped(this.#nowMs());
    this.board.cpu.post(() => engine.stop(onStopped));
  }

  counts(): StationCounts {
    const { publishes, board } = this;
    const tally = this.#tally;
    const nowMs = this.#nowMs();
    return {
      simulatedMs: tally.simulatedMs(nowMs),
      boots: tally.boots,
      samples: tally.samples,
      missed: tally.missed(nowMs),
      readErrors: tally.readErrors,
      emitted: tally.emitted,
      published: publishes.published,
      retransmitted: publishes.retransmitted,
      acknowledged: publishes.acknowledged,
      connections: publishes.connections,
      bytesOut: board.wire.bytesOut,
      blocks: tally.blocks,
      gaps: tally.gaps,
      lost: tally.lost,
    };
  }

  /** What the firmware counted since it booted. Only under power. */
  firmwareCounters(): Counters {
    invariant(this.#engine !== undefined, "the board has power");
    return this.#engine.counters();
  }

  memory(): EngineMemory | undefined {
    return this.#engine?.memory();
  }

  close(): void {
    this.#engine?.close();
  }

  #nowMs(): number {
    return this.#world.scheduler.nowUs / 1000;
  }

  #died(error: unknown): void {
    if (!(this.#tampered && error instanceof EngineDied)) throw error;
    this.reset("panic");
  }
}
