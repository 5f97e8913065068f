/**
 * What a checker of a promise is: somebody who watches one station from outside, at its drivers, on its wire
 * and in the world around it, and says when the promise was broken. It may know the world's truth, never the
 * firmware's insides.
 */
import type { Packet } from "mqtt-packet";
import type { ReadingError } from "../../firmware/base/reading-error.js";
import type { App } from "../../firmware/declaration.js";
import type { Sample } from "../../firmware/sensing/driver.js";
import type { Fault } from "../faults/catalogue.js";
import type { Simulation } from "../simulation.js";
import type { Station } from "../station.js";
import type { Config } from "../../firmware/settings.js";
import type { Consumer } from "../world/consumer.js";
import type { VerbName } from "../visitor/visitor.js";
import type { SettingsText } from "../world/settings-image.js";
import type { Connection } from "./connection.js";
import type { Point } from "./sometimes.js";

/** A promise that was broken. */
export interface Violation {
  readonly invariant: string;
  /** Virtual time, ms. */
  readonly atMs: number;
  readonly station: string;
  readonly what: string;
}

/** A message that is on the wire for the first time, whole. */
export interface Message {
  /** Below `mote/<device>/`. */
  readonly topic: string;
  readonly text: string;
  /** As it went out. */
  readonly payload: Uint8Array;
  /** It was made in this very moment: nothing waited for the socket before it. */
  readonly fresh: boolean;
}

/** Somebody with a phone asks a board for something. */
export interface VisitDeed {
  readonly verb: VerbName;
  /** Of the verb `set`. */
  readonly set: SettingsText;
}

/** Where a watcher stands. */
export interface Scene {
  readonly simulation: Simulation;
  readonly station: Station;
  readonly app: App;
  /** Virtual time as the board's thread has it, ms. */
  readonly nowMs: number;
  /** The world's, which stands still while an event is handled, µs: tells one event from the next. */
  readonly eventUs: number;
  /** Faults that strike this station now. */
  readonly faults: ReadonlySet<Fault>;
  /** How it keeps and sends its history. */
  readonly journal: Config["journal"];
  /** Who confirms it, where somebody does. */
  readonly consumer: Consumer | undefined;
  /** When a board must be back, once all faults are over for good, ms; Infinity before. */
  readonly settledAtMs: number;
  /** The board is not back yet for a reason of its own: it has that much time again from now. */
  unsettle(): void;
  report(invariant: string, what: string): void;
  reach(point: Point): void;
}

/** Told what happens, in its order. Whoever is not interested leaves a function out. */
export interface Watcher {
  /** The firmware starts. `ownMs` is its own clock's reading. */
  started?(ownMs: number): void;
  powerLost?(): void;
  /** A driver begins to measure. */
  began?(sensor: string, ownMs: number): void;
  /** As the witness (world/witness.ts) has it. */
  sampled?(sensor: string, sample: Sample | undefined, error: ReadingError | undefined): void;
  /** The radio is told to join the Wi-Fi; has joined, with an address; and has not, or no longer. */
  joining?(ssid: string, password: string): void;
  joined?(): void;
  apart?(): void;
  /** The board asks for its broker's name; what it asked last has no answer. */
  asked?(name: string): void;
  unresolved?(): void;
  /** It opens a connection to that `address:port`: `opened` follows. */
  dialled?(address: string): void;
  /** Its thread was with a key agreement, or with the start of its Bluetooth, for so long. */
  heldUp?(atMs: number, ms: number): void;
  visited?(deed: VisitDeed): void;
  opened?(connection: Connection): void;
  /** `bytes` of one packet, which has just been written to its end. */
  sent?(packet: Packet, bytes: number, connection: Connection): void;
  received?(packet: Packet, connection: Connection): void;
  closed?(connection: Connection): void;
  published?(message: Message): void;
  /** A message of the board has reached the broker, perhaps again. `topic`: below `mote/<device>/`. */
  taken?(topic: string, payload: Uint8Array): void;
  faultBegun?(fault: Fault): void;
  faultHealed?(fault: Fault): void;
  /** All faults are over for good. */
  healed?(): void;
  /** Called about once a virtual second. */
  tick?(): void;
  /** The board has come to its orderly end. */
  over?(): void;
}
