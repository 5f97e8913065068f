/** What a person with the board's secret may see of it and do with it: the running board, as provisioning asks for it. */
import { encodeUtf8, utf8Length } from "./base/utf8.js";
import type { Trial } from "./config/trial.js";
import { openConfig } from "./config/open.js";
import { schemaVersion } from "./config/schema.js";
import type { Bytes, Device, FoundAccessPoint } from "./device.js";
import { limits } from "./limits.js";
import type { Log } from "./log.js";
import { firmwareVersion } from "./base/version.js";
import type { BoardAccess, Shown } from "./provisioning/access.js";
import { Blinker } from "./provisioning/blinker.js";
import type { FoundPoint } from "./provisioning/contract.js";
import { askForReset } from "./provisioning/factory-reset.js";
import type { Window } from "./provisioning/window.js";
import type { RunningBoard } from "./running-board.js";
import type { PartialConfig, Config } from "./settings.js";

export interface RemoteParts {
  readonly device: Device;
  readonly seed: PartialConfig;
  readonly app: string;
  readonly log: Log;
  readonly trial: Trial;
  readonly board: RunningBoard;
}

/** A class, since its methods stay in flash. */
export class Remote implements BoardAccess {
  readonly device: Device;
  readonly trial: Trial;
  readonly seed: PartialConfig;
  readonly id: Bytes;
  readonly topicName: string;
  readonly log: Log;
  /** Set before anybody comes. */
  window!: Pick<Window, "leftS" | "handOn">;
  private readonly parts: RemoteParts;
  private blinker: Blinker | undefined;
  private joined: ((joined: boolean) => void) | undefined;

  constructor(parts: RemoteParts) {
    const { device, seed, log, trial, board } = parts;
    this.parts = parts;
    this.device = device;
    this.seed = seed;
    this.log = log;
    this.trial = trial;
    this.topicName = board.name;
    this.id = bytesOf(device.id);
  }

  name(): string {
    return this.config().device.name || this.topicName;
  }

  hostname(): string {
    return hostnameOf(this.config(), this.device.id);
  }

  url(): string {
    return this.config().device.url;
  }

  about(): string {
    const { device, parts } = this;
    return (
      "name " +
      this.name() +
      "\napp " +
      parts.app +
      "\nboard " +
      device.board.name +
      "\nid " +
      device.id +
      ("\nfirmware " + firmwareVersion + "\nschema " + schemaVersion + "\nuptimeMs " + device.clock.nowMs()) +
      ("\nreset " + device.power.resetReason + "\nwindowS " + this.window.leftS)
    );
  }

  health(): string {
    const { board } = this.parts;
    const { network } = board;
    const counters = board.counters();
    let lines = "network " + this.network() + "\nbroker " + (board.connected ? "up" : "down");
    if (network?.rssi !== undefined) lines += "\nrssi " + network.rssi;
    return lines + linesOf(counters, healthNames);
  }

  journal(): string {
    return linesOf(this.parts.board.counters(), journalNames).slice(1);
  }

  nextSampleMs(): number {
    return this.parts.board.nextSampleMs();
  }

  latest(index: number): Shown | undefined {
    return this.parts.board.outlet.latest(index);
  }

  reading(channel: string): number {
    return this.parts.board.reading(channel);
  }

  watch(on: boolean): void {
    this.parts.board.watch(on);
  }

  get isJoined(): boolean {
    return this.parts.board.network?.state === "up";
  }

  get hasNetwork(): boolean {
    return this.config().wifi.ssid !== "";
  }

  network(): string {
    const { network } = this.parts.board;
    if (network === undefined) return "off";
    return network.state === "up" ? "up " + (network.address ?? "") : network.state;
  }

  scan(onDone: (found: readonly FoundPoint[] | undefined) => void): void {
    const found: FoundPoint[] = [];
    const begun = this.parts.board.network?.scan(
      (point) => take(found, point),
      () => onDone(found),
    );
    if (begun !== true) this.device.timers.set(() => onDone(undefined), 0);
  }

  whenJoined(onDone: (joined: boolean) => void): void {
    this.joined = onDone;
  }

  /** The network that is on trial is up, or was refused. */
  networkTried(joined: boolean): void {
    const { joined: heard } = this;
    this.joined = undefined;
    heard?.(joined);
  }

  get canIdentify(): boolean {
    return this.device.board.led !== undefined;
  }

  identify(): boolean {
    this.blinker ??= new Blinker(this.device);
    return this.blinker.blink();
  }

  restart(): void {
    this.window.handOn();
    this.leave();
  }

  factoryReset(): void {
    askForReset(this.device.keyValue);
    this.window.handOn();
    this.leave();
  }

  note(text: string): void {
    this.log.add(text);
  }

  private config(): Config {
    return openConfig(this.device.flash, this.seed).config;
  }

  /** What is recorded is written down, and the broker told, before it restarts. */
  private leave(): void {
    const { device, parts } = this;
    device.timers.set(() => parts.board.stop(() => device.power.restart()), limits.restartAfterMs);
  }
}

export function hostnameOf({ device: { hostname } }: Config, id: string): string {
  return hostname || "mote-" + id.slice(-6);
}

const healthNames = Object.freeze([
  "samples",
  "late",
  "missed",
  "worstLateMs",
  "readErrors",
  "published",
  "acknowledged",
  "connects",
  "connectionFailures",
  "networkFailures",
] as const);
const journalNames = Object.freeze(["recorded", "blocks", "dropped", "damaged", "flashFailures", "waiting", "strangeAcks"] as const);

function linesOf<Name extends string>(counters: Readonly<Record<Name, number>>, names: readonly Name[]): string {
  let lines = "";
  for (const name of names) lines += "\n" + name + " " + counters[name];
  return lines;
}

/** Strongest first, each name once, none that a line cannot hold. */
function take(found: FoundPoint[], { SSID: ssid, RSSI: rssi, security }: FoundAccessPoint): void {
  if (ssid === "" || utf8Length(ssid) > 32 || hasControl(ssid)) return;
  const known = found.findIndex((each) => each.ssid === ssid);
  if (known >= 0 && found[known]!.rssi >= rssi) return;
  if (known >= 0) found.splice(known, 1);
  let place = 0;
  while (place < found.length && found[place]!.rssi >= rssi) place++;
  found.splice(place, 0, { ssid, rssi, security: security === "none" ? "open" : security === "wep" ? "wep" : "wpa" });
  if (found.length > limits.foundMax) found.pop();
}

function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}

/** Twelve hex digits. */
function bytesOf(id: string): Bytes {
  const digits = encodeUtf8(id);
  const bytes = new Uint8Array(6);
  for (let at = 0; at < 6; at++) bytes[at] = 16 * digitOf(digits[2 * at]!) + digitOf(digits[2 * at + 1]!);
  return bytes;
}

function digitOf(code: number): number {
  return code < 0x3a ? code - 0x30 : (code | 0x20) - 0x57;
}
