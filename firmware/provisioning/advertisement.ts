/**
 * What a board says of itself over the air, in 31 bytes: the Improv service, which fills them, in turn with the board's name;
 * and to who asks, Mote's service with the end of the board's id.
 */
import { encodeUtf8 } from "../base/utf8.js";
import type { Advertisement, GATTServer, Timer, Timers } from "../device.js";
import { improvService, improvServiceData, improvServiceDataUuid } from "./improv-frames.js";

export const moteService = "6d6f7465-5c1e-4d0b-9b4f-2a7f3c9e0000";
/** AD types (Bluetooth Assigned Numbers, 2.3). */
const completeName = 0x09;
const serviceData16 = 0x16;
/** General discoverable, no classic Bluetooth. */
const flags = 0x06;
const nameBytesMax = 26;
const serviceMs = 3_000;
const nameMs = 1_000;

export interface Advertised {
  /** The board's name. */
  name(): string;
  /** The last six digits of its id. */
  readonly digits: string;
  improvState(): number;
  improvCapabilities(): number;
}

/** A class, since its methods stay in flash. */
export class Advertising {
  private readonly server: GATTServer;
  private readonly timers: Timers;
  private readonly what: Advertised;
  private timer: Timer;
  private on = false;
  private named = false;

  constructor(server: GATTServer, timers: Timers, what: Advertised) {
    this.server = server;
    this.timers = timers;
    this.what = what;
  }

  start(): void {
    if (this.on) return;
    this.on = true;
    this.named = true;
    this.turn();
  }

  /** What it says has changed. */
  renew(): void {
    if (this.on && !this.named) this.say();
  }

  stop(): void {
    if (!this.on) return;
    this.on = false;
    this.timers.clear(this.timer);
    this.server.stopAdvertising();
  }

  private turn(): void {
    this.named = !this.named;
    this.say();
    this.timer = this.timers.set(() => this.turn(), this.named ? nameMs : serviceMs);
  }

  private say(): void {
    const { what } = this;
    const service: Advertisement = { flags };
    if (this.named) service[completeName] = cut(encodeUtf8(what.name()));
    else {
      service.services = [improvService];
      service[serviceData16] = serviceData(what.improvState(), what.improvCapabilities());
    }
    this.server.startAdvertising(service, { services: [moteService], name: "Mote " + what.digits });
  }
}

function serviceData(state: number, capabilities: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8);
  bytes[0] = improvServiceDataUuid & 0xff;
  bytes[1] = improvServiceDataUuid >> 8;
  bytes.set(improvServiceData(state, capabilities), 2);
  return bytes;
}

/** Not within a character. */
function cut(name: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  let length = name.length;
  if (length <= nameBytesMax) return name;
  length = nameBytesMax;
  while ((name[length]! & 0xc0) === 0x80) length--;
  return name.slice(0, length);
}
