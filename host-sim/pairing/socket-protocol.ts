/**
 * Virtual Bluetooth over a WebSocket: what the dashboard's server and a client of its path `/ble` say to each other, each message
 * one JSON object in one text frame. A socket is at most one simulated central: where it closes, the central is gone.
 *
 * The client asks, with a number of its own: `{"ask": "boards", "id": 1}`; the server answers each once, with that number:
 * `{"id": 1, "ok": true, …}`, or `{"id": 1, "ok": false, "kind": "closed", "message": "…"}` with what to do in words.
 *
 * | ask | with | answer |
 * |---|---|---|
 * | boards | find? | boards, of, state |
 * | press | board | |
 * | connect | board, mtu?, intervalMs? | maximumWrite |
 * | info | | hex |
 * | write | hex | when the next may follow |
 *
 * Unasked, the server says `{"frame": "hex"}`, a notification, and `{"gone": "why, in words"}`: the link is lost, or nobody may be
 * connected any more. Everything happens in the run's virtual time, at its pace. What breaks these rules ends the socket (1008).
 */

/** The largest message from a client, bytes. */
export const socketMessageBytesMax = 4096;
/** Boards that one answer lists; the rest is found by `find`: a part of the name, or the last digits of the id. */
export const socketBoardsMax = 100;

export const defaultMtu = 185;
export const defaultIntervalMs = 30;

export type SocketAsk =
  | { readonly ask: "boards"; readonly find?: string }
  | { readonly ask: "press"; readonly board: string }
  /** `mtu`: 23 … 517 bytes; `intervalMs`: the connection interval, 7.5 … 4000. */
  | { readonly ask: "connect"; readonly board: string; readonly mtu?: number; readonly intervalMs?: number }
  | { readonly ask: "info" }
  | { readonly ask: "write"; readonly hex: string };

/**
 * `board`: there is none of that name, or it has no BLE. `closed`: it does not advertise, since its window is closed or its power
 * off. `busy`: another central is connected, or too many are. `paused`: the run stands still. `gone`: the link is lost.
 */
export type SocketTrouble = "board" | "closed" | "busy" | "paused" | "gone";

export interface BoardOnAir {
  /** Its name in the run, which is what is asked for. */
  readonly board: string;
  /** As advertised, such as `Mote 6d6f74`; undefined while it does not advertise. */
  readonly name?: string;
  /** Its id: twelve lower-case hex digits. */
  readonly digits: string;
  /** As a receiver beside it would have it, dBm. */
  readonly rssi: number;
  readonly powered: boolean;
  /** Its window is open and nobody is connected. */
  readonly advertising: boolean;
  /** A central is connected. */
  readonly connected: boolean;
  /** Of Improv, as advertised lately: 1 authorization required, 2 authorized, 3 provisioning, 4 provisioned. */
  readonly improv?: number;
  /** Its pairing code. A real board would tell nobody: this one is simulated, and its flash an open book. */
  readonly simulatedCode?: string;
}

/** Of the run: only while it runs does anything happen over the air. */
export type AirState = "running" | "paused" | "replaying" | "failed";

export interface BoardsAnswer {
  readonly boards: readonly BoardOnAir[];
  /** How many there are in all that `find` fits. */
  readonly of: number;
  readonly state: AirState;
}

export type SocketAnswer =
  | ({ readonly id: number; readonly ok: true } & Partial<BoardsAnswer> & { readonly maximumWrite?: number; readonly hex?: string })
  | { readonly id: number; readonly ok: false; readonly kind: SocketTrouble; readonly message: string };

export type SocketNews = { readonly frame: string } | { readonly gone: string };

export function hexOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

/** Undefined for what is no hex. */
export function bytesOf(hex: string): Uint8Array | undefined {
  if (hex.length % 2 !== 0 || !/^[0-9a-f]*$/.test(hex)) return undefined;
  return Uint8Array.from({ length: hex.length / 2 }, (_, index) => parseInt(hex.slice(2 * index, 2 * index + 2), 16));
}
