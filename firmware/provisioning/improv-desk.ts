/** What the Improv service is given of the board: settings as any others, on trial; and who is notified. */
import { firmwareVersion } from "../base/version.js";
import type { Bytes, GATTCharacteristic, GATTConnection, Timers } from "../device.js";
import { limits } from "../limits.js";
import type { BoardAccess } from "./access.js";
import type { FoundPoint, ImprovGround } from "./contract.js";

type Notified = "state" | "error" | "result";

/** A class, since its methods stay in flash. */
export class ImprovDesk implements ImprovGround {
  readonly timers: Timers;
  /** What is advertised has changed. */
  onChanged: () => void = () => {};
  private readonly access: BoardAccess;
  readonly isOpen: () => boolean;
  private connection: GATTConnection | undefined;
  /** Until the window closes. */
  private writesLeft: number = limits.improvWrites;
  private readonly subscribed: Partial<Record<Notified, GATTCharacteristic | undefined>> = {};

  constructor(access: BoardAccess, isOpen: () => boolean) {
    this.access = access;
    this.isOpen = isOpen;
    this.timers = access.device.timers;
  }

  subscribe(which: Notified, connection: GATTConnection, characteristic: GATTCharacteristic): void {
    this.connection = connection;
    this.subscribed[which] = characteristic;
  }

  unsubscribe(which: Notified): void {
    this.subscribed[which] = undefined;
  }

  /** The central is gone. */
  forget(): void {
    this.connection = undefined;
    this.unsubscribe("state");
    this.unsubscribe("error");
    this.unsubscribe("result");
  }

  /** In the clear, only who has no network yet is given one: else whoever waits for an outage could move the board to a network of theirs. */
  isJoined(): boolean {
    return this.access.hasNetwork;
  }

  info(): readonly string[] {
    const { device } = this.access;
    return ["Mote", firmwareVersion, device.board.name, this.access.name()];
  }

  canIdentify(): boolean {
    return this.access.canIdentify;
  }

  identify(): void {
    this.access.identify();
  }

  scan(onDone: (found: readonly FoundPoint[] | undefined) => void): void {
    this.access.scan(onDone);
  }

  join(ssid: string, password: string, onDone: (joined: boolean) => void): boolean {
    const { trial } = this.access;
    if (!this.mayWrite()) return false;
    const set = trial.set({ wifi: { ssid, password } });
    if (!set.ok) return false;
    if (!set.value.written && this.access.isJoined) {
      this.timers.set(() => onDone(true), 0);
      return true;
    }
    this.access.note("Wi-Fi by Improv: on trial");
    const { number } = trial;
    this.access.whenJoined((joined) => {
      // Somebody with a session may have set something else meanwhile.
      if (!joined && trial.number === number) trial.undo("join");
      onDone(joined);
    });
    return true;
  }

  url(): string {
    return this.access.url();
  }

  hostname(): string {
    return this.access.hostname();
  }

  setHostname(hostname: string): boolean {
    return this.mayWrite() && this.access.trial.set({ device: { hostname } }).ok;
  }

  name(): string {
    return this.access.name();
  }

  setName(name: string): boolean {
    return this.mayWrite() && this.access.trial.set({ device: { name } }).ok;
  }

  /** Whoever stands by may write names here, in the clear: each wears the flash, and holds sampling up for an erase. */
  private mayWrite(): boolean {
    if (this.writesLeft === 0) return false;
    this.writesLeft--;
    return true;
  }

  notify(which: Notified, value: Bytes): void {
    const characteristic = this.subscribed[which];
    if (characteristic === undefined || this.connection === undefined) return;
    try {
      this.connection.notify(characteristic, value);
    } catch {
      // It is gone; it can read the value when it is back.
    }
  }

  onState(): void {
    this.onChanged();
  }
}
