/**
 * The SDK's GATT server on a simulated board: one for each boot, whose callbacks come on the board's thread. What it
 * advertises is on the air while nobody is connected. As in the SDK, the air stays silent after the firmware has closed a
 * connection itself, until it asks for advertising again.
 */
import type {
  Advertisement,
  GATTCharacteristic,
  GATTConnection,
  GATTServer,
  GATTServerConstructor,
  GATTServerOptions,
} from "../../firmware/device.js";
import { advertisementBytes } from "./ble-advertisement.js";
import { type Characteristic, properties, type Service, servicesOf } from "./ble-attributes.js";
import type { Air } from "./ble.js";
import type { BleLink } from "./ble-link.js";
import { mtuAtFirst, Peripheral, type PeripheralOwner } from "./ble-peripheral.js";
import { boundClass } from "./bound-class.js";
import { costs } from "./costs.js";
import type { Cpu } from "./cpu.js";
import type { Scheduler } from "./scheduler.js";
import type { Trace } from "./trace.js";

/** What the SDK's sdkconfig says (CONFIG_BT_NIMBLE_ATT_PREFERRED_MTU), and the most that ATT has a use for: a value of 512 bytes and what comes with it. */
const mtuPreferred = 256;
const mtuMost = 517;
/** From the constructor's return until the controller and the host are in step. */
const readyUs = 20_000;

/** What one boot's servers share: there is only one. */
export interface GattGround {
  /** The board's radio; made when a server is. */
  readonly air: () => Air;
  readonly scheduler: Scheduler;
  readonly cpu: Cpu;
  readonly trace: Trace;
  made: boolean;
}

export class SimulatedGATTServer implements GATTServer, PeripheralOwner {
  static readonly properties = properties;
  readonly cpu: Cpu;
  readonly trace: Trace;
  readonly services: readonly Service[];
  readonly characteristics: readonly Characteristic[];
  /** The largest MTU that it agrees to. */
  readonly mtu: number;
  readonly security: GATTServerOptions["security"];
  readonly #options: GATTServerOptions;
  readonly #air: Air;
  #ready = false;
  #wanted = false;

  constructor(of: GattGround, options: GATTServerOptions) {
    if (of.made) throw new Error("only one");
    of.made = true;
    this.cpu = of.cpu;
    this.trace = of.trace;
    this.cpu.charge(costs.bleStartUs);
    this.#options = options;
    this.#air = of.air();
    const { mtu = mtuPreferred } = options;
    this.mtu = mtu > mtuMost ? mtuMost : mtu < mtuAtFirst ? mtuAtFirst : Math.floor(mtu);
    this.security = options.security;
    this.services = servicesOf(options);
    this.characteristics = this.services.flatMap(({ characteristics }) => characteristics);
    this.trace.record(this.cpu.nowUs, "ble.open", `"mtu":${this.mtu}`);
    this.#air.server = this;
    this.cpu.onStopped(() => {
      this.#air.silence();
      this.#air.server = undefined;
      this.#air.boardGone();
    });
    of.scheduler.at(this.cpu.nowUs + readyUs, () => {
      this.cpu.post(() => {
        this.cpu.charge(costs.bleEventUs);
        this.#ready = true;
        options.onReady?.call(this);
      });
    });
  }

  startAdvertising(scan: Advertisement, response?: Advertisement): void {
    const scanBytes = advertisementBytes(scan);
    const responseBytes = response === undefined ? new Uint8Array(0) : advertisementBytes(response);
    this.cpu.charge(costs.bleCallUs);
    if (!this.#ready) throw new Error("invalid adv: the radio is not ready");
    this.trace.bytes(this.cpu.nowUs, "ble.advertise", `"response":"${hex(responseBytes)}"`, scanBytes);
    this.#wanted = true;
    this.#air.advertise(scanBytes, responseBytes);
  }

  stopAdvertising(): void {
    this.cpu.charge(costs.bleCallUs);
    if (!this.#ready) return;
    this.trace.record(this.cpu.nowUs, "ble.silence", "");
    this.#wanted = false;
    this.#air.silence();
  }

  // ---- as the radio and its connection have it

  /** A central has connected. */
  accept(link: BleLink, notified: (characteristic: Characteristic, bytes: Uint8Array) => void): Peripheral {
    return new Peripheral(this, link, notified);
  }

  find(of: GATTCharacteristic): Characteristic | undefined {
    return this.characteristics.find(({ self }) => self === of);
  }

  connected(connection: GATTConnection): void {
    this.#options.onConnect?.call(this, connection);
  }

  disconnected(connection: GATTConnection, link: BleLink): void {
    this.#options.onDisconnect?.call(this, connection);
    this.#air.free(link);
    if (this.#wanted) this.#air.resume();
  }

  closed(link: BleLink): void {
    this.#air.free(link);
  }
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function gattServerClass(of: Omit<GattGround, "made">): GATTServerConstructor {
  const ground: GattGround = { ...of, made: false };
  return boundClass<GattGround, GATTServerOptions, SimulatedGATTServer>(SimulatedGATTServer, ground) as unknown as GATTServerConstructor;
}
