/**
 * A board of a simulation as the peripheral that a browser is shown: each GATT operation of the page is one of a simulated
 * central over the board's air, while virtual time passes with real time.
 */
import type { Bytes } from "../../firmware/device.js";
import type { Simulation } from "../../host-sim/simulation.js";
import type { Station } from "../../host-sim/station.js";
import { properties } from "../../host-sim/world/ble-attributes.js";
import type { Central, CentralOptions, Done } from "../../host-sim/world/ble-central.js";
import type { Connected, GattService, Peripheral, PeripheralEvents } from "./emulated-peripheral.js";

const tickMs = 4;
/** A machine that is busy with other things does not make the board miss what it waits for. */
const tickMostMs = 25;

/** Has a simulation's time pass with real time. */
export class PassingTime {
  readonly #simulation: Simulation;
  #timer: NodeJS.Timeout | undefined;
  #atMs = 0;
  /** What went wrong in the world; time stands still from then on. */
  failure: unknown;
  /** Virtual seconds a second. */
  speed: number;

  constructor(simulation: Simulation, speed = 1) {
    this.#simulation = simulation;
    this.speed = speed;
    this.go();
  }

  go(): void {
    if (this.#timer !== undefined) return;
    this.#atMs = performance.now();
    this.#timer = setInterval(() => this.#pass(), tickMs);
  }

  /** Time is then the caller's, who may run the scheduler. */
  pause(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  stop(): void {
    this.pause();
    if (this.failure !== undefined) throw this.failure;
  }

  #pass(): void {
    const nowMs = performance.now();
    const passedMs = Math.min(tickMostMs, nowMs - this.#atMs) * this.speed;
    this.#atMs = nowMs;
    const { scheduler } = this.#simulation;
    try {
      scheduler.runUntil(scheduler.nowUs + Math.round(passedMs * 1000));
    } catch (error) {
      this.failure = error;
      this.pause();
    }
  }
}

/** What the board's server offers now. */
function servicesOf(station: Station): GattService[] {
  const { server } = station.board.bluetooth;
  if (server === undefined) throw new Error("the board has no GATT server yet: is its window open?");
  const { read, write, writeWithOutResponse, notify } = properties;
  return server.services.map(({ uuid, characteristics }) => ({
    uuid,
    characteristics: characteristics.map((each) => ({
      uuid: each.uuid,
      read: each.has(read),
      write: each.has(write),
      writeWithoutResponse: each.has(writeWithOutResponse),
      notify: each.has(notify),
    })),
  }));
}

class Connection implements Connected {
  readonly #central: Central;
  readonly #events: PeripheralEvents;

  constructor(central: Central, events: PeripheralEvents) {
    this.#central = central;
    this.#events = events;
  }

  async read(uuid: string): Promise<Bytes | undefined> {
    const value = await outcome<Uint8Array>((done) => this.#central.read(uuid, done));
    return value === undefined ? undefined : new Uint8Array(value);
  }

  async write(uuid: string, bytes: Bytes, withResponse: boolean): Promise<boolean> {
    return (await outcome<boolean>((done) => this.#central.write(uuid, bytes, withResponse, told(done)))) === true;
  }

  async subscribe(uuid: string): Promise<boolean> {
    const heard = (bytes: Uint8Array): void => this.#events.onNotified(uuid, new Uint8Array(bytes));
    return (await outcome<boolean>((done) => this.#central.subscribe(uuid, heard, told(done)))) === true;
  }

  async unsubscribe(uuid: string): Promise<boolean> {
    return (await outcome<boolean>((done) => this.#central.unsubscribe(uuid, told(done)))) === true;
  }

  disconnect(): void {
    this.#central.disconnect();
  }
}

function outcome<Value>(ask: (done: Done<Value>) => void): Promise<Value | undefined> {
  return new Promise((resolve) => ask((answered) => resolve(answered.ok ? answered.value : undefined)));
}

function told(done: Done<boolean>): Done<undefined> {
  return (answered) => done(answered.ok ? { ok: true, value: true } : answered);
}

/** The board must have its GATT server by now. `name` is what stands in the browser's list. */
export function boardPeripheral(station: Station, options: CentralOptions = {}, name = "Mote"): Peripheral {
  const { bluetooth } = station.board;
  return {
    name,
    services: servicesOf(station),
    connect: (events) =>
      new Promise((resolve) => {
        bluetooth.connect(options, {
          onConnected: (central) => resolve(new Connection(central, events)),
          onUnanswered: () => resolve(undefined),
          onDisconnected: () => {
            resolve(undefined);
            events.onDisconnected();
          },
        });
      }),
  };
}
