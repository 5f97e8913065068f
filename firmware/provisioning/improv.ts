/**
 * The Improv Wi-Fi service (https://www.improv-wifi.com/ble/, version 2.4) without its radio: takes the writes of a
 * central, keeps the values that it reads, has Wi-Fi settings tried. It is in the clear, so a command outside of the
 * window gets error 4. Promises that nothing throws or grows whatever is written, and that only a whole frame with the
 * right checksum, within the window and in the state "authorized", has a Wi-Fi joined.
 *
 * No client reads on after a notification: each takes one for a whole frame. So a list of networks ends where a
 * notification does; another result that is longer is there to be read.
 */
import type { Bytes, Timer } from "../device.js";
import type { FoundPoint, ImprovGround } from "./contract.js";
import {
  givenName,
  improvCapability,
  improvCommand,
  improvError,
  ImprovFrame,
  improvFrameBytesMax,
  type ImprovPart,
  improvResult,
  improvState,
  isHostname,
  wifiSettings,
} from "./improv-frames.js";
import { Notices } from "./improv-notices.js";
import { utf8Length } from "../base/utf8.js";

/** A frame that does not go on for so long is dropped, ms. */
const frameTimeoutMs = 2_000;
/** A join or a scan that has not ended after so long has failed, ms. */
const joinTimeoutMs = 60_000;
const scanTimeoutMs = 15_000;

const urlBytesMax = 254;
/** As the text names what a network asks for. */
const authentication = Object.freeze({ open: "NO", wep: "WEP", wpa: "WPA" });

export class Improv {
  private readonly ground: ImprovGround;
  private readonly notices: Notices;
  private readonly frame = new ImprovFrame();
  private state: number = improvState.authorizationRequired;
  private error: number = improvError.none;
  private result: Bytes = new Uint8Array(0);
  /** Bytes that a notification may have on this connection. */
  private room = improvFrameBytesMax;
  private frameTimer: Timer;
  private joinTimer: Timer;
  private scanTimer: Timer;
  /** Raised by what makes an answer still to come mean nothing. */
  private joins = 0;
  private scans = 0;

  constructor(ground: ImprovGround) {
    this.ground = ground;
    this.notices = new Notices(ground, this);
    if (ground.isOpen()) this.state = ground.isJoined() ? improvState.provisioned : improvState.authorized;
  }

  /** 1 authorization required, 2 authorized, 3 provisioning, 4 provisioned. */
  get currentState(): number {
    return this.state;
  }

  get capabilities(): number {
    const { identify, info, scan, hostname } = improvCapability;
    return info + scan + hostname + (this.ground.canIdentify() ? identify : 0);
  }

  /** What a read of it answers. */
  value(part: ImprovPart): Bytes {
    if (part === "result") return this.result;
    const byte = new Uint8Array(1);
    if (part === "state") byte[0] = this.state;
    else if (part === "error") byte[0] = this.error;
    else if (part === "capabilities") byte[0] = this.capabilities;
    return byte;
  }

  /** The window has opened, or the board's Wi-Fi came in another way while it is. */
  opened(): void {
    if (this.state === improvState.provisioning) return;
    this.enter(this.ground.isJoined() ? improvState.provisioned : improvState.authorized);
  }

  /** The window has closed: what is being tried goes on, and is told nobody any more. */
  closed(): void {
    this.forget();
    this.joins++;
    this.ground.timers.clear(this.joinTimer);
    this.enter(improvState.authorizationRequired);
  }

  /** The central is gone: the next one starts with no error and no result. */
  disconnected(): void {
    this.forget();
    this.notices.forget();
    this.error = improvError.none;
    this.result = new Uint8Array(0);
    this.room = improvFrameBytesMax;
  }

  /** One write to the command characteristic. `room`: bytes that a notification may have, where that is known. */
  received(bytes: Bytes, room: number = improvFrameBytesMax): void {
    const { timers } = this.ground;
    timers.clear(this.frameTimer);
    this.notices.written();
    this.room = room;
    this.take(bytes);
    this.notices.tell();
    if (this.frame.isPartial) this.frameTimer = timers.set(() => this.brokeOff(), frameTimeoutMs);
  }

  private take(bytes: Bytes): void {
    if (!this.ground.isOpen()) {
      this.frame.drop();
      this.fail(improvError.notAuthorized);
      return;
    }
    const progress = this.frame.take(bytes);
    if (progress === "wrong") this.fail(improvError.invalid);
    if (progress === "whole") {
      if (this.error !== improvError.none) this.fail(improvError.none);
      const error = this.act(this.frame.command, this.frame.data);
      this.frame.drop();
      if (error !== improvError.none) this.fail(error);
    }
  }

  private brokeOff(): void {
    this.frame.drop();
    this.fail(improvError.invalid);
  }

  /** Partial frames and scans: whoever asked is gone. */
  private forget(): void {
    const { timers } = this.ground;
    timers.clear(this.frameTimer);
    timers.clear(this.scanTimer);
    this.frame.drop();
    this.scanTimer = undefined;
    this.scans++;
  }

  private enter(state: number): void {
    if (state === this.state) return;
    this.state = state;
    this.notices.changed("state");
    this.ground.onState();
  }

  private fail(error: number): void {
    this.error = error;
    this.notices.changed("error");
  }

  private answer(command: number, texts: readonly string[]): void {
    this.result = improvResult(command, texts);
    this.notices.changed("result");
  }

  private act(command: number, data: Bytes): number {
    const { ground } = this;
    if (command === improvCommand.wifi) return this.provision(data);
    if (command === improvCommand.hostname) return this.hostname(data);
    if (command === improvCommand.name) return this.name(data);
    if (command !== improvCommand.identify && command !== improvCommand.info && command !== improvCommand.scan) {
      return improvError.unknownCommand;
    }
    if (data.length > 0) return improvError.invalid;
    if (command === improvCommand.scan) this.scan();
    else if (command === improvCommand.info) this.answer(command, ground.info());
    else if (ground.canIdentify()) ground.identify();
    else return improvError.unknownCommand;
    return improvError.none;
  }

  private provision(data: Bytes): number {
    const settings = wifiSettings(data);
    if (settings === undefined) return improvError.invalid;
    if (this.state !== improvState.authorized) return improvError.notAuthorized;
    const { ground } = this;
    const join = ++this.joins;
    this.enter(improvState.provisioning);
    this.joinTimer = ground.timers.set(() => this.joined(join, false), joinTimeoutMs);
    if (!ground.join(settings.ssid, settings.password, (joined) => this.joined(join, joined))) this.joined(join, false);
    return improvError.none;
  }

  private joined(join: number, joined: boolean): void {
    if (join !== this.joins || this.state !== improvState.provisioning) return;
    const { ground } = this;
    this.joins++;
    ground.timers.clear(this.joinTimer);
    if (!joined) {
      this.fail(improvError.unableToConnect);
      this.enter(improvState.authorized);
      return;
    }
    const url = ground.url();
    this.enter(improvState.provisioned);
    this.answer(improvCommand.wifi, url === "" || utf8Length(url) > urlBytesMax ? [] : [url]);
  }

  /** One that is asked for while one is under way gets the same answer. */
  private scan(): void {
    if (this.scanTimer !== undefined) return;
    const { ground } = this;
    const scan = ++this.scans;
    this.scanTimer = ground.timers.set(() => this.scanned(scan, undefined), scanTimeoutMs);
    ground.scan((found) => this.scanned(scan, found));
  }

  private scanned(scan: number, found: readonly FoundPoint[] | undefined): void {
    if (scan !== this.scans) return;
    this.scans++;
    this.ground.timers.clear(this.scanTimer);
    this.scanTimer = undefined;
    if (found === undefined) this.fail(improvError.unknown);
    else this.answer(improvCommand.scan, this.listed(found));
  }

  /** As many as a notification holds, and one at least. */
  private listed(found: readonly FoundPoint[]): string[] {
    const texts: string[] = [];
    const dataBytesMax = (this.room < improvFrameBytesMax ? this.room : improvFrameBytesMax) - 3;
    let bytes = 0;
    for (let index = 0; index < found.length; index++) {
      const { ssid, rssi, security } = found[index]!;
      const strength = "" + rssi;
      const asked = authentication[security];
      bytes += 3 + utf8Length(ssid) + strength.length + asked.length;
      if (bytes > dataBytesMax && index > 0) break;
      texts.push(ssid, strength, asked);
    }
    return texts;
  }

  private hostname(data: Bytes): number {
    if (this.state !== improvState.authorized) return improvError.notAuthorized;
    if (data.length > 0) {
      const name = givenName(data);
      if (name === undefined || !isHostname(name) || !this.ground.setHostname(name)) return improvError.badHostname;
    }
    this.answer(improvCommand.hostname, [this.ground.hostname()]);
    return improvError.none;
  }

  private name(data: Bytes): number {
    if (data.length > 0) {
      if (this.state !== improvState.authorized) return improvError.notAuthorized;
      const name = givenName(data);
      if (name === undefined || name === "") return improvError.invalid;
      if (!this.ground.setName(name)) return improvError.unknown;
    }
    this.answer(improvCommand.name, [this.ground.name()]);
    return improvError.none;
  }
}
