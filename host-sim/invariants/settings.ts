/**
 * What a board runs on is what stands in its flash, whole (`settings`): the network that it joins and the broker that it dials
 * are both of the settings in force, or both of those that were until a moment ago, never of two. What became of the settings
 * themselves: settings-held.ts.
 */
import type { Packet } from "mqtt-packet";
import type { Fault } from "../faults/catalogue.js";
import type { Connection } from "./connection.js";
import { HeldSettings } from "./settings-held.js";
import { brokerText, networkText, type Target, targetOf } from "./target.js";
import type { Scene, VisitDeed, Watcher } from "./watcher.js";

const invariant = "settings";
/** From the flash to the network, where erases hold up the thread: an answer may leave before. */
export const applyMs = 6_000;

interface Past {
  readonly target: Target;
  untilMs: number;
}

export class Settings implements Watcher {
  readonly held: HeldSettings;
  readonly #scene: Scene;
  /** What held, the newest last. */
  #past: Past[] = [];
  #network: string | undefined;
  /** The address that is dialled. */
  #dialled = "";
  readonly #reaches = new WeakMap<Connection, { network: string; address: string; broker: string | undefined }>();
  #connection: Connection | undefined;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.held = new HeldSettings(scene);
  }

  /** When they last changed, ms; where nobody can tell, now. */
  get changedMs(): number {
    return this.held.lost ? this.#scene.nowMs : this.held.changedMs;
  }

  started(): void {
    this.#network = undefined;
    this.#connection = undefined;
    this.held.started();
    // A boot puts to work what it finds.
    this.#look();
  }

  powerLost(): void {
    this.#look();
    this.#connection = undefined;
  }

  faultBegun({ kind }: Fault): void {
    if (kind === "flash-flip" || kind === "flash-worn") this.held.struck();
  }

  visited(deed: VisitDeed): void {
    this.#look();
    this.held.visited(deed);
  }

  sampled(): void {
    this.#look();
  }

  joining(ssid: string, password: string): void {
    this.#look();
    this.#network = networkText(ssid, password);
    if (!this.#allowed().some(({ network }) => network === this.#network)) this.#say(`joins the network ${ssid}, which is not set`);
  }

  asked(name: string): void {
    this.#look();
    const found = this.#allowed().filter(({ host }) => host === name);
    if (found.length === 0) this.#say(`looks up ${name}, which is not the broker that is set`);
    else if (!found.some(({ network }) => network === this.#network)) this.#mixed(`looks up the broker ${name}`);
  }

  dialled(address: string): void {
    this.#look();
    this.#dialled = address;
    const found = this.#allowed().filter(({ broker }) => addressOf(broker) === address);
    if (found.length === 0) this.#say(`dials ${address}, which is not the broker that is set`);
    else if (!found.some(({ network }) => network === this.#network)) this.#mixed(`dials ${address}`);
  }

  opened(connection: Connection): void {
    this.#connection = connection;
    this.#reaches.set(connection, { network: this.#network ?? "", address: this.#dialled, broker: undefined });
  }

  sent(packet: Packet, _bytes: number, connection: Connection): void {
    this.#look();
    const reach = this.#reaches.get(connection);
    if (packet.cmd !== "connect" || reach === undefined) return;
    reach.broker = brokerText(reach.address, packet.username ?? "", packet.password === undefined ? "" : String(packet.password));
    if (!this.#allowed().some(({ broker, network }) => broker === reach.broker && network === reach.network)) {
      this.#mixed(`connects to ${reach.address} as ${JSON.stringify(packet.username ?? "")}`);
    }
  }

  received(packet: Packet, connection: Connection): void {
    this.#look();
    const reach = this.#reaches.get(connection);
    if (packet.cmd !== "puback" || reach === undefined) return;
    const { network, broker } = this.held.target;
    if (reach.network === network && reach.broker === broker) this.held.reached();
  }

  closed(): void {
    this.#look();
  }

  tick(): void {
    this.#look();
    const { station, nowMs } = this.#scene;
    if (!station.powered) return;
    this.held.tick();
    if (this.held.open) this.#scene.unsettle();
    const connection = this.#connection;
    const reach = connection === undefined ? undefined : this.#reaches.get(connection);
    if (nowMs < this.changedMs + applyMs || nowMs < this.held.startedMs + applyMs) return;
    const { network, broker } = this.held.target;
    if (this.#network !== undefined && this.#network !== network)
      this.#say(`is still with the network ${this.#network}, and ${network} is set`);
    if (connection?.accepted === true && !connection.over && reach?.broker !== broker) {
      this.#say(`is still with the broker ${reach?.broker}, and ${broker} is set`);
    }
  }

  over(): void {
    this.#look();
  }

  /** What its flash says now counts from now. */
  #look(): void {
    if (!this.held.look() && this.#past.length > 0) return;
    const { nowMs, simulation } = this.#scene;
    const target = targetOf(this.held.inForce, simulation);
    const last = this.#past.at(-1);
    if (last !== undefined) last.untilMs = nowMs;
    this.#past = [...this.#past.filter(({ untilMs }) => untilMs > nowMs - applyMs), { target, untilMs: Infinity }];
  }

  #allowed(): Target[] {
    const { nowMs } = this.#scene;
    // What held before this boot is of the past.
    const sinceMs = Math.max(nowMs - applyMs, this.held.startedMs);
    return this.#past.filter(({ untilMs }) => untilMs > sinceMs).map(({ target }) => target);
  }

  #mixed(what: string): void {
    this.#say(`${what} over the network ${this.#network ?? "(none)"}: that is half of one setting and half of another`);
  }

  #say(what: string): void {
    if (this.held.lost) return;
    this.#scene.report(invariant, `the board ${what}`);
  }
}

function addressOf(broker: string): string {
  return (JSON.parse(broker) as string[])[0]!;
}
