/**
 * Guards one station: listens at its drivers, on its wire and in its world, and has all checkers hear of it.
 * To be put around the station's parts as it is made, and attached before its power comes.
 */
import type { App, SensorDeclaration } from "../../firmware/declaration.js";
import type { ReadingError } from "../../firmware/base/reading-error.js";
import { defaults } from "../../firmware/config/schema.js";
import type { Device, GATTServer } from "../../firmware/device.js";
import type { Driver, DriverClass, Sample } from "../../firmware/sensing/driver.js";
import type { Config, Settings } from "../../firmware/settings.js";
import { type Fault, faultForms } from "../faults/catalogue.js";
import type { Simulation } from "../simulation.js";
import type { MakeEngine, Station } from "../station.js";
import { withStatics } from "../world/bound-class.js";
import type { Consumer } from "../world/consumer.js";
import type { Environment } from "../world/environment.js";
import { checkers } from "./checkers.js";
import { Connection } from "./connection.js";
import { convergenceMs } from "./convergence.js";
import { Felt } from "./felt.js";
import { heardNetwork } from "./heard-network.js";
import type { Point } from "./sometimes.js";
import type { Scene, Violation, VisitDeed, Watcher } from "./watcher.js";

/** The same app in the firmware's hands, its drivers heard as they begin to measure. */
export type EngineOf = (app: App) => MakeEngine;

export class Guard implements Scene {
  readonly app: App;
  readonly violations: Violation[] = [];
  readonly points: Set<Point>;
  readonly faults = new Set<Fault>();
  readonly journal: Config["journal"];
  consumer: Consumer | undefined;
  settledAtMs = Infinity;
  readonly #felt = new Felt();
  #simulation: Simulation | undefined;
  #station: Station | undefined;
  /** Who is to be told what. */
  #told: { readonly [Event in keyof Watcher]-?: readonly Watcher[] } | undefined;
  #connection: Connection | undefined;
  #connections = 0;
  /** The firmware has started, and its board has power. */
  #running = false;
  #ending = false;
  /** The board has sent CONNECT and the broker has not answered. */
  #knocking = false;

  /** Points that are reached go into `points`. `journal`: what its board is told. */
  constructor(app: App, points: Set<Point>, journal: Settings["journal"] = {}) {
    this.app = app;
    this.points = points;
    this.journal = { ...defaults().journal, ...journal };
  }

  // ---- put around what the station is made of

  signals(environment: Partial<Environment>): Partial<Environment> {
    return this.#felt.heard(environment);
  }

  engine(engineOf: EngineOf): MakeEngine {
    return (device, settings, witness) => {
      const { clock } = device;
      const app = listening(this.app, (sensor) => this.#tell("began", (watcher) => watcher.began!(sensor, clock.nowMs())));
      const network = heardNetwork(device, {
        joining: (ssid, password) => this.#tell("joining", (watcher) => watcher.joining!(ssid, password)),
        joined: () => this.#tell("joined", (watcher) => watcher.joined!()),
        apart: () => this.#tell("apart", (watcher) => watcher.apart!()),
        asked: (name) => this.#tell("asked", (watcher) => watcher.asked!(name)),
        dialled: (address) => this.#tell("dialled", (watcher) => watcher.dialled!(address)),
        unresolved: () => {
          this.reach("dns-failure");
          this.#tell("unresolved", (watcher) => watcher.unresolved!());
        },
      });
      const engine = engineOf(app)({ ...device, ...network, ...this.#heardWork(device) }, settings, witness);
      const start: typeof engine.start = () => {
        // The firmware reads its clock for its grid before any time passes.
        const ownMs = clock.nowMs();
        this.#running = true;
        this.#tell("started", (watcher) => watcher.started!(ownMs));
        return engine.start();
      };
      return { ...engine, start };
    };
  }

  /** `alone`: the station's own counts, which cost time, are not wanted (Station.counts, Station.publishes). */
  attach(simulation: Simulation, station: Station, alone = false): void {
    this.#simulation = simulation;
    this.#station = station;
    const watchers = checkers(this, this.#felt, (message) => this.#tell("published", (watcher) => watcher.published!(message)));
    this.#told = byEvent(watchers);
    const tap = alone ? () => undefined : station.board.wire.tap;
    station.board.wire.tap = () => {
      const others = tap();
      const own = this.#opened();
      if (others === undefined) return own;
      return {
        out(bytes, room) {
          others.out(bytes, room);
          own.out(bytes, room);
        },
        in(bytes) {
          others.in(bytes);
          own.in(bytes);
        },
        closed() {
          others.closed?.();
          own.closed();
        },
      };
    };
    const heard = simulation.broker.onMessage;
    simulation.broker.onMessage = (message, duplicate) => {
      heard(message, duplicate);
      const own = `mote/${station.device}/`;
      if (!message.topic.startsWith(own)) return;
      this.#tell("taken", (watcher) => watcher.taken!(message.topic.slice(own.length), message.payload));
      if (message.topic === `mote/${station.device}/status` && message.payload.toString() === "offline") {
        if (this.#knocking) this.reach("takeover");
        else if (!this.#ending) this.reach("offline");
      }
    };
  }

  /** Key agreements and the start of Bluetooth hold up the thread. */
  #heardWork({ crypto, GATTServer }: Device): Pick<Device, "crypto" | "GATTServer"> {
    const timed = <Made>(work: () => Made): Made => {
      const atMs = this.nowMs;
      const made = work();
      this.#tell("heldUp", (watcher) => watcher.heldUp!(atMs, this.nowMs - atMs));
      return made;
    };
    return {
      crypto: {
        ...crypto,
        generateKeyPair: () => timed(() => crypto.generateKeyPair()),
        agree: (privateKey, publicKey) => timed(() => crypto.agree(privateKey, publicKey)),
      },
      GATTServer: new Proxy(GATTServer, { construct: (Inner, options) => timed(() => Reflect.construct(Inner, options) as GATTServer) }),
    };
  }

  // ---- told from outside

  visited(deed: VisitDeed): void {
    this.reach("visit");
    this.#tell("visited", (watcher) => watcher.visited!(deed));
  }

  powerLost(): void {
    this.#running = false;
    if (this.#connection?.accepted === true && !this.#connection.over) this.reach("reboot-connected");
    this.#connection = undefined;
    this.#connections = 0;
    this.#knocking = false;
    this.#tell("powerLost", (watcher) => watcher.powerLost!());
  }

  sampled(sensor: string, sample: Sample | undefined, error: ReadingError | undefined): void {
    this.#tell("sampled", (watcher) => watcher.sampled!(sensor, sample, error));
  }

  faultBegun(fault: Fault): void {
    if (faultForms[fault.kind].lasts) this.faults.add(fault);
    this.#tell("faultBegun", (watcher) => watcher.faultBegun!(fault));
  }

  faultHealed(fault: Fault): void {
    this.faults.delete(fault);
    this.#tell("faultHealed", (watcher) => watcher.faultHealed!(fault));
  }

  healed(): void {
    this.faults.clear();
    this.settledAtMs = this.nowMs + convergenceMs;
    this.#tell("healed", (watcher) => watcher.healed!());
  }

  /** The firmware's orderly end begins. */
  ending(): void {
    this.#ending = true;
  }

  /** … and is over. */
  over(): void {
    this.#tell("over", (watcher) => watcher.over!());
  }

  /** To be called about once a virtual second. */
  tick(): void {
    this.#tell("tick", (watcher) => watcher.tick!());
  }

  // ---- the scene

  get simulation(): Simulation {
    return this.#simulation!;
  }

  get station(): Station {
    return this.#station!;
  }

  get eventUs(): number {
    return this.simulation.scheduler.nowUs;
  }

  get nowMs(): number {
    return (this.#running ? this.station.board.cpu.nowUs : this.eventUs) / 1000;
  }

  unsettle(): void {
    if (this.settledAtMs < Infinity) this.settledAtMs = Math.max(this.settledAtMs, this.nowMs + convergenceMs);
  }

  report(invariant: string, what: string): void {
    this.violations.push({ invariant, atMs: this.nowMs, station: this.station.name, what });
  }

  reach(point: Point): void {
    this.points.add(point);
  }

  #tell(event: keyof Watcher, say: (watcher: Watcher) => void): void {
    for (const watcher of this.#told?.[event] ?? []) say(watcher);
  }

  #opened(): Connection {
    const connection = new Connection(++this.#connections, {
      eventUs: () => this.eventUs,
      sent: (packet, bytes) => {
        if (packet.cmd === "connect") this.#knocking = true;
        this.#tell("sent", (watcher) => watcher.sent!(packet, bytes, connection));
      },
      received: (packet) => {
        if (packet.cmd === "connack") {
          this.#knocking = false;
          if (packet.returnCode === 0) connection.accepted = true;
        }
        this.#tell("received", (watcher) => watcher.received!(packet, connection));
      },
      closed: () => {
        this.#knocking = false;
        this.#tell("closed", (watcher) => watcher.closed!(connection));
      },
      garbled: (message) => this.report("handshake", `what the board sent is no MQTT: ${message}`),
    });
    this.#connection = connection;
    this.#tell("opened", (watcher) => watcher.opened!(connection));
    return connection;
  }
}

function byEvent(watchers: readonly Watcher[]) {
  const told = (event: keyof Watcher): readonly Watcher[] => watchers.filter((watcher) => watcher[event] !== undefined);
  return {
    started: told("started"),
    powerLost: told("powerLost"),
    began: told("began"),
    sampled: told("sampled"),
    joining: told("joining"),
    joined: told("joined"),
    apart: told("apart"),
    asked: told("asked"),
    unresolved: told("unresolved"),
    dialled: told("dialled"),
    heldUp: told("heldUp"),
    visited: told("visited"),
    opened: told("opened"),
    sent: told("sent"),
    received: told("received"),
    closed: told("closed"),
    published: told("published"),
    faultBegun: told("faultBegun"),
    faultHealed: told("faultHealed"),
    healed: told("healed"),
    tick: told("tick"),
    taken: told("taken"),
    over: told("over"),
  };
}

/** An app whose drivers say when they begin to measure, before they do. */
function listening(app: App, onBegan: (sensor: string) => void): App {
  const sensors: Record<string, SensorDeclaration> = Object.create(null);
  for (const [name, sensor] of Object.entries(app.sensors))
    sensors[name] = { ...sensor, driver: heard(sensor.driver, () => onBegan(name)) };
  return { ...app, sensors };
}

function heard(Inner: DriverClass, onBegan: () => void): DriverClass {
  class Heard implements Driver {
    readonly configure?: (options: Record<string, unknown>) => void;
    readonly start?: () => number;
    readonly sample: () => Sample | undefined;
    readonly close: () => void;

    constructor(options: unknown) {
      const inner = new Inner(options);
      if (inner.configure !== undefined) this.configure = (values) => inner.configure!(values);
      if (inner.start === undefined) {
        this.sample = () => {
          onBegan();
          return inner.sample();
        };
      } else {
        this.start = () => {
          onBegan();
          return inner.start!();
        };
        this.sample = () => inner.sample();
      }
      this.close = () => inner.close();
    }
  }
  return withStatics(Heard, Inner);
}
