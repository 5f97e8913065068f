/** What the parts of provisioning ask of each other and of the board; docs/ble.md has the bytes. start.ts brings them together. */
import type { Bytes, Crypto, Timers } from "../device.js";

/** Why a board drops a session, or does not begin one (docs/ble.md, refusals). */
export const refusal = Object.freeze({
  malformed: 1,
  order: 2,
  long: 3,
  closed: 4,
  locked: 5,
  noSecret: 6,
  handshake: 7,
  record: 8,
  noSession: 9,
  busy: 10,
  version: 11,
  idle: 12,
});

/** Of a reply (docs/ble.md). */
export const status = Object.freeze({
  done: 0,
  unknownVerb: 16,
  malformed: 17,
  setting: 18,
  flash: 19,
  noTrial: 20,
  unsupported: 21,
  radio: 22,
  version: 23,
});

export const event = Object.freeze({ live: 1, trial: 2, network: 3 });

/** One request of an open session: exactly one `reply` belongs to it, at once or later. */
export interface Request {
  readonly id: number;
  readonly verb: number;
  /** As it came: not yet known to be UTF-8. Its own. */
  readonly body: Bytes;
}

/** What a session needs of its board. */
export interface SessionGround {
  readonly crypto: Crypto;
  readonly timers: Timers;
  /** 15 bytes; undefined where the board has none. */
  readonly secret: Bytes | undefined;
  /** 6 bytes. */
  readonly id: Bytes;
  readonly guesses: Guesses;
  /** New sessions may begin. */
  isOpen(): boolean;
  /** Has `then` called at a moment when no sample is due for `forMs`, or when there was none for 2 s. */
  whenQuiet(forMs: number, then: () => void): void;
  /** Bytes that a frame may have on this connection. */
  maximumFrame(): number;
  /** Hands one frame to the radio, which copies it; `onSent` is called once, later: false when it is lost with its connection. */
  send(frame: Bytes, onSent: (sent: boolean) => void): void;
  onRequest(request: Request): void;
  /** An open session has ended: by a refusal, or by `close`. */
  onEnded(why: number): void;
}

/** Wrong secrets, counted in flash over all boots. */
export interface Guesses {
  readonly left: number;
  /** Counts one, in flash, before anybody looks. False: none is left, or the flash does not take it. */
  begin(): boolean;
  /** It was none. */
  takeBack(): void;
  /** Somebody has pressed the button. */
  clear(): void;
}

/** Mote's own session on one connection. Nothing here throws for what a central sends. */
export interface Session {
  /** Somebody with the secret is there. */
  readonly open: boolean;
  /** One write of the central. */
  received(frame: Bytes): void;
  /** To the request with that id. At most 590 bytes in UTF-8: longer is a broken invariant. */
  reply(id: number, status: number, body: string): void;
  /** False where it had no room: events are dropped rather than queued. */
  event(kind: number, body: string): boolean;
  /** Refuses, and forgets all keys; `close()` alone says nothing to the central. */
  close(why?: number): void;
}

export interface FoundPoint {
  readonly ssid: string;
  /** dBm. */
  readonly rssi: number;
  readonly security: "open" | "wep" | "wpa";
}

/** What the Improv service needs of its board. */
export interface ImprovGround {
  readonly timers: Timers;
  /** The window is open. */
  isOpen(): boolean;
  /** The board has a Wi-Fi that works just now. */
  isJoined(): boolean;
  /** Firmware, its version, chip, the board's name. */
  info(): readonly string[];
  canIdentify(): boolean;
  identify(): void;
  /** Strongest first, each name once; undefined where the radio cannot scan just now. */
  scan(onDone: (found: readonly FoundPoint[] | undefined) => void): void;
  /** Puts it on trial; `onDone` says whether the Wi-Fi was joined. False where the settings are not taken: then `onDone` is not called. */
  join(ssid: string, password: string, onDone: (joined: boolean) => void): boolean;
  /** Where a person finds the board's readings; empty for nowhere. */
  url(): string;
  hostname(): string;
  /** False where it is none (RFC 1123), or the flash does not take it. */
  setHostname(name: string): boolean;
  name(): string;
  setName(name: string): boolean;
  /** Notifies who has subscribed to it. */
  notify(which: "state" | "error" | "result", value: Bytes): void;
  /** The state or what can be done has changed, which is advertised. */
  onState(): void;
}
