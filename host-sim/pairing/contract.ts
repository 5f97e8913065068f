/**
 * A board over BLE as the configurator and `mote pair` see it: the link below, and what can be asked for above. The bytes
 * between stand in docs/ble.md. Nothing here knows a browser, a terminal or a simulator.
 */
import type { Result } from "../../firmware/base/result.js";

/** A connection to one board, subscribed to its frames. Made by a transport: Web Bluetooth, or a WebSocket to a simulated board. */
export interface GattLink {
  /** As advertised. */
  readonly name: string;
  /** Reads the info characteristic. Rejects when the link is gone. */
  readInfo(): Promise<Uint8Array>;
  /** One frame, written without response. Resolves when the next may follow; rejects when the link is gone. */
  write(frame: Uint8Array): Promise<void>;
  /** Set by whoever uses the link. */
  onFrame: (frame: Uint8Array) => void;
  /** The link has ended, and not by `close`. */
  onClosed: () => void;
  close(): void;
}

/**
 * `code`: the pairing code is mistyped. `secret`: it is another board's. `closed`: the board's window is closed. `locked`: too
 * many guesses. `gone`: the link is lost, or nothing is answered. `refused`: any other refusal of the board. `setting`: a value is wrong.
 * `version`: another version of the protocol or of the settings. `board`: the board cannot do it (no LED, flash, radio).
 */
export type PairingError = "code" | "secret" | "closed" | "locked" | "gone" | "refused" | "setting" | "version" | "board";

export interface BoardInfo {
  readonly protocol: number;
  readonly windowOpen: boolean;
  readonly hasSecret: boolean;
  readonly locked: boolean;
  readonly sessionOpen: boolean;
  readonly onTrial: boolean;
  readonly guessesLeft: number;
  /** Until the window closes, s. */
  readonly windowS: number;
  /** Twelve lower-case hex digits. */
  readonly id: string;
  readonly schema: number;
  /** Bytes. */
  readonly maximumWrite: number;
}

export interface SettingValue {
  readonly origin: "set" | "built-in" | "default";
  /** As `broker.port`. */
  readonly name: string;
  /** Undefined for a secret, which is never read back. */
  readonly value: string | undefined;
}

export interface FieldText {
  readonly name: string;
  readonly type: "text" | "whole" | "choice";
  /** Of a text: `any`, `passphrase`, `host`, … */
  readonly form: string;
  /** Of a text, in UTF-8. */
  readonly bytesMax: number;
  readonly min: number;
  readonly max: number;
  readonly unit: string;
  readonly choices: readonly string[];
  readonly default: string;
  readonly secret: boolean;
  readonly restart: boolean;
  readonly trial: boolean;
  readonly about: string;
}

export interface TrialState {
  readonly state: "none" | "trial" | "kept" | "undone";
  /** On trial: s until it is undone. */
  readonly leftS: number;
  /** Undone: why. */
  readonly reason: string;
  /** Settings that were changed. */
  readonly names: readonly string[];
}

export interface SetOutcome {
  readonly state: "kept" | "trial" | "same";
  readonly leftS: number;
  /** Settings that wait for a restart. */
  readonly restart: readonly string[];
}

export interface FoundNetwork {
  readonly ssid: string;
  /** dBm. */
  readonly rssi: number;
  readonly security: "open" | "wep" | "wpa";
}

/** The newest reading of a channel; `value` is undefined and `error` says why where there is none. */
export interface Reading {
  readonly channel: string;
  readonly value: number | undefined;
  readonly error: string | undefined;
  readonly unit: string;
  /** Since boot. */
  readonly ms: number;
}

export interface LogLine {
  readonly number: number;
  readonly ms: number;
  readonly text: string;
}

export type BoardEvent =
  | { readonly kind: "live"; readonly reading: Reading }
  | { readonly kind: "trial"; readonly trial: TrialState }
  | { readonly kind: "network"; readonly text: string };

type Asked<Value> = Promise<Result<Value, PairingError>>;

/** An open session. Requests may be called at any time: they wait for each other. */
export interface BoardClient {
  readonly info: BoardInfo;
  about(): Asked<ReadonlyMap<string, string>>;
  settings(): Asked<readonly SettingValue[]>;
  schema(): Asked<readonly FieldText[]>;
  /** Sets `changes`, takes back what `forget` names. All of it or nothing. */
  set(changes: ReadonlyMap<string, string>, forget?: readonly string[]): Asked<SetOutcome>;
  trial(): Asked<TrialState>;
  confirm(): Asked<TrialState>;
  undo(): Asked<TrialState>;
  scan(): Asked<readonly FoundNetwork[]>;
  /** Readings come as events. */
  live(on: boolean): Asked<undefined>;
  /** From that number on. */
  log(first: number): Asked<readonly LogLine[]>;
  health(): Asked<ReadonlyMap<string, string>>;
  journal(): Asked<ReadonlyMap<string, string>>;
  identify(): Asked<undefined>;
  restart(): Asked<undefined>;
  /** Forgets all but the secret. */
  factoryReset(): Asked<undefined>;
  /** Before calibration and stages. */
  raw(): Asked<readonly Reading[]>;
  onEvent: (event: BoardEvent) => void;
  /** The session has ended, and not by `close`. Called once. */
  onEnded: (error: { readonly kind: PairingError; readonly message: string }) => void;
  /** Ends the session and the link. */
  close(): void;
}
