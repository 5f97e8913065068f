/**
 * A board's Bluetooth as the world around it has it: what it sends on the air, and the centrals that connect to it. It
 * outlasts the board's boots, and so do its bonds, which are in its flash.
 *
 * Fault model: the connection may be lost at any instant, or at a write that was chosen beforehand; the board may be out
 * of reach, so that nothing of it is heard and its connection is lost.
 */
import type { BleLink } from "./ble-link.js";
import { Central, type CentralHandlers, type CentralOptions } from "./ble-central.js";
import type { SimulatedGATTServer } from "./ble-server.js";
import type { Event, Scheduler } from "./scheduler.js";

/** Between two advertisements: what NimBLE takes where nothing is said (BLE_GAP_ADV_FAST_INTERVAL1_MAX). */
const advertisingUs = 60_000;
/** CONFIG_BT_NIMBLE_MAX_BONDS; the oldest gives way (ble_store_util_status_rr). */
const bondsMost = 3;

/** What the board's server does with it. */
export interface Air {
  server: SimulatedGATTServer | undefined;
  advertise(scan: Uint8Array, response: Uint8Array): void;
  silence(): void;
  /** The connection is over for the board. */
  free(link: BleLink): void;
  /** Sends again what it sent before the connection. */
  resume(): void;
  boardGone(): void;
}

export class Bluetooth implements Air {
  readonly scheduler: Scheduler;
  server: SimulatedGATTServer | undefined;
  /** Called when what is on the air changes. */
  onAdvertising: ((advertisement: Uint8Array | undefined, response: Uint8Array | undefined) => void) | undefined;
  /** Names of centrals with which the board shares a key, the oldest first. */
  readonly bonds: string[] = [];
  #data: { readonly scan: Uint8Array; readonly response: Uint8Array } | undefined;
  /** It sends, if it is heard or not; from when, µs. */
  #sending = false;
  #sendingFromUs = 0;
  #told: Uint8Array | undefined;
  #link: BleLink | undefined;
  #away = 0;
  readonly #seekers: Central[] = [];
  #meeting: Event | undefined;

  constructor(scheduler: Scheduler) {
    this.scheduler = scheduler;
  }

  /** What can be heard of it now; undefined while it does not advertise, is connected, or is out of reach. */
  get advertisement(): Uint8Array | undefined {
    return this.#sending && this.#away === 0 ? this.#data?.scan : undefined;
  }

  /** What it answers to a scanning central on top. */
  get response(): Uint8Array | undefined {
    return this.#sending && this.#away === 0 ? this.#data?.response : undefined;
  }

  /** A central is connected, as far as the board knows. */
  get connected(): boolean {
    return this.#link !== undefined;
  }

  /** A central that connects as soon as it hears the board. */
  connect(options: CentralOptions = {}, handlers: CentralHandlers = {}): Central {
    const central = new Central(this, options, handlers);
    this.#seekers.push(central);
    this.#listen();
    return central;
  }

  // ---- faults

  /** The connection is lost: both ends learn it after the supervision timeout. */
  lose(): void {
    this.#link?.lose();
  }

  /** Nothing of it is heard until that is healed. */
  leaveReach(): () => void {
    this.#away++;
    this.lose();
    this.#tell();
    let healed = false;
    return () => {
      if (healed) return;
      healed = true;
      this.#away--;
      this.#tell();
    };
  }

  // ---- what its server and its centrals do with it

  advertise(scan: Uint8Array, response: Uint8Array): void {
    this.#data = { scan, response };
    this.resume();
    this.#tell();
  }

  silence(): void {
    this.#sending = false;
    this.#tell();
  }

  free(link: BleLink): void {
    if (this.#link === link) this.#link = undefined;
  }

  resume(): void {
    if (this.#link !== undefined || this.#sending || this.#data === undefined) return;
    this.#sending = true;
    this.#sendingFromUs = this.scheduler.nowUs;
    this.#tell();
  }

  boardGone(): void {
    this.#data = undefined;
    const link = this.#link;
    this.#link = undefined;
    link?.boardGone();
  }

  /** The board and `central` have agreed on a key. */
  bond(central: string): void {
    this.forget(central);
    this.bonds.push(central);
    if (this.bonds.length > bondsMost) this.bonds.shift();
  }

  forget(central: string): void {
    const at = this.bonds.indexOf(central);
    if (at >= 0) this.bonds.splice(at, 1);
  }

  giveUp(central: Central): void {
    const at = this.#seekers.indexOf(central);
    if (at >= 0) this.#seekers.splice(at, 1);
  }

  #tell(): void {
    const { advertisement } = this;
    if (advertisement === this.#told) return;
    this.#told = advertisement;
    this.onAdvertising?.(advertisement, this.response);
    this.#listen();
  }

  /** Whoever seeks the board hears its next advertisement. */
  #listen(): void {
    if (this.#meeting !== undefined || this.#seekers.length === 0 || this.advertisement === undefined) return;
    const { nowUs } = this.scheduler;
    const passed = Math.floor((nowUs - this.#sendingFromUs) / advertisingUs) + 1;
    this.#meeting = this.scheduler.at(this.#sendingFromUs + passed * advertisingUs, () => {
      this.#meeting = undefined;
      const { server } = this;
      if (this.advertisement === undefined || server === undefined) return;
      const central = this.#seekers.shift();
      if (central === undefined) return;
      this.#sending = false;
      this.#link = central.meet(server);
      this.#tell();
    });
  }
}
