/** A scene without a world: for checkers that only listen. Time stands where the test puts it. */
import type { Packet } from "mqtt-packet";
import type { App } from "../../../firmware/declaration.js";
import { defaults } from "../../../firmware/config/schema.js";
import { NTC } from "../../../firmware/sensing/drivers/ntc.js";
import type { Fault } from "../../../host-sim/faults/catalogue.js";
import { Connection } from "../../../host-sim/invariants/connection.js";
import type { Point } from "../../../host-sim/invariants/sometimes.js";
import type { Scene, Watcher } from "../../../host-sim/invariants/watcher.js";

export const device = "bench-6f7465";

export const app: App = {
  name: "bench",
  sensors: { probe: { driver: NTC, on: "analog", everyMs: 1000 } },
  channels: { probe: { from: "probe.thermometer.temperature", resolution: 0.1 } },
};

export class Bench implements Scene {
  readonly app = app;
  readonly simulation = undefined as never;
  readonly station = { name: "board", device, powered: true } as never;
  readonly faults = new Set<Fault>();
  readonly journal = defaults().journal;
  readonly consumer = undefined;
  readonly settledAtMs = Infinity;
  readonly points = new Set<Point>();
  /** What was reported, a line each. */
  readonly said: string[] = [];
  nowMs = 0;

  get eventUs(): number {
    return this.nowMs * 1000;
  }

  unsettle(): void {}

  report(invariant: string, what: string): void {
    this.said.push(`${invariant}: ${what}`);
  }

  reach(point: Point): void {
    this.points.add(point);
  }
}

const deaf = { sent() {}, received() {}, closed() {}, garbled() {}, eventUs: () => 0 };

/** A wire that one watcher listens to. */
export class Line {
  readonly #watcher: Watcher;
  #connection = new Connection(0, deaf);

  constructor(watcher: Watcher) {
    this.#watcher = watcher;
  }

  open(number = this.#connection.number + 1): this {
    this.#connection = new Connection(number, deaf);
    this.#watcher.opened?.(this.#connection);
    return this;
  }

  send(packet: object, bytes = 100): this {
    this.#watcher.sent?.(packet as Packet, bytes, this.#connection);
    return this;
  }

  receive(packet: object): this {
    const { cmd, returnCode } = packet as { cmd: string; returnCode?: number };
    if (cmd === "connack") this.#connection.accepted = returnCode === 0;
    this.#watcher.received?.(packet as Packet, this.#connection);
    return this;
  }

  close(): this {
    this.#watcher.closed?.(this.#connection);
    return this;
  }
}

export const connack = { cmd: "connack", returnCode: 0 };

export function publish(messageId: number, text = `text ${messageId}`, dup = false): object {
  return { cmd: "publish", qos: 1, retain: true, dup, messageId, topic: `mote/${device}/probe`, payload: Buffer.from(text) };
}

export function puback(messageId: number): object {
  return { cmd: "puback", messageId };
}
