/**
 * The firmware's session against the host's client without a radio: a link in memory, the firmware's clock by hand, key-value
 * storage that outlasts boots, and a place in between for whoever changes frames.
 */
import { nodeCrypto } from "../../../host-sim/node/crypto.js";
import { openBoard } from "../../../host-sim/pairing/client.js";
import type { GattLink } from "../../../host-sim/pairing/contract.js";
import type { Patience } from "../../../host-sim/pairing/session.js";
import { random } from "../../../host-sim/world/random.js";
import type { Bytes, Crypto, KeyValueStorage, Timers } from "../../../firmware/device.js";
import { KeptGuesses } from "../../../firmware/provisioning/guesses.js";
import type { Request, Session, SessionGround } from "../../../firmware/provisioning/contract.js";
import { openSession } from "../../../firmware/provisioning/session.js";

export const id: Bytes = new Uint8Array([0x24, 0x6f, 0x28, 0x0a, 0xbc, 0xde]);
export const secret: Bytes = Uint8Array.from({ length: 15 }, (_, index) => 17 * index + 3);
export const otherSecret: Bytes = Uint8Array.from({ length: 15 }, (_, index) => 17 * index + 4);

export function fill(seed: number): (into: Uint8Array) => void {
  const draws = random(seed).split("crypto");
  return (into) => {
    for (let index = 0; index < into.length; index++) into[index] = draws.next() & 255;
  };
}

/** Values by "namespace/key". `failing` makes every call throw; `writes` counts. */
export class Storage implements KeyValueStorage {
  readonly kept = new Map<string, Uint8Array>();
  failing: "" | "open" | "read" | "write" = "";
  writes = 0;
  opened = 0;
  /** Called after each write: throwing is a power cut. */
  onWritten: () => void = () => {};

  open({ path }: { path: string }): ReturnType<KeyValueStorage["open"]> {
    if (this.failing === "open") throw new Error("no");
    this.opened++;
    return {
      read: (key) => {
        if (this.failing === "read") throw new Error("no");
        return this.kept.get(`${path}/${key}`)?.slice().buffer as ArrayBuffer | undefined;
      },
      write: (key, bytes) => {
        if (this.failing === "write") throw new Error("no");
        this.kept.set(`${path}/${key}`, bytes.slice());
        this.writes++;
        this.onWritten();
      },
      delete: (key) => void this.kept.delete(`${path}/${key}`),
      close: () => void this.opened--,
    };
  }
}

/** The firmware's timers, moved by hand. */
export class Clock implements Timers {
  ms = 0;
  private readonly due = new Map<number, { readonly atMs: number; readonly callback: () => void }>();
  private last = 0;

  get count(): number {
    return this.due.size;
  }

  set(callback: () => void, delayMs: number): number {
    this.due.set(++this.last, { atMs: this.ms + delayMs, callback });
    return this.last;
  }

  clear(timer: unknown): void {
    this.due.delete(timer as number);
  }

  advance(ms: number): void {
    this.ms += ms;
    for (const [timer, { atMs, callback }] of this.due) {
      if (atMs <= this.ms && this.due.delete(timer)) callback();
    }
  }
}

export interface BoardOptions {
  readonly frame?: number;
  readonly secret?: Bytes | undefined;
  readonly storage?: Storage;
  readonly seed?: number;
  readonly crypto?: (crypto: Crypto) => Crypto;
}

/** One boot of a board, with one connection. */
export class BoardRig {
  readonly storage: Storage;
  readonly clock = new Clock();
  readonly guesses: KeptGuesses;
  readonly session: Session;
  readonly requests: Request[] = [];
  readonly ended: number[] = [];
  /** What the radio was given. */
  readonly sent: Bytes[] = [];
  readonly quiet: (() => void)[] = [];
  isOpen = true;
  maximumFrame: number;
  /** Quiet moments come at once; otherwise they wait in `quiet`. */
  isQuiet = true;
  /** Frames are sent at once; otherwise `onSent` waits in `unsent`. */
  isFast = true;
  readonly unsent: ((sent: boolean) => void)[] = [];
  onRequest: (request: Request) => void = (request) => this.session.reply(request.id, 0, `name rig\nverb ${request.verb}`);
  onFrame: (frame: Bytes) => void = () => {};

  constructor(options: BoardOptions = {}) {
    this.storage = options.storage ?? new Storage();
    this.maximumFrame = options.frame ?? 182;
    this.guesses = new KeptGuesses(this.storage);
    const crypto = nodeCrypto(fill(options.seed ?? 1));
    const ground: SessionGround = {
      crypto: options.crypto?.(crypto) ?? crypto,
      timers: this.clock,
      secret: "secret" in options ? options.secret : secret,
      id,
      guesses: this.guesses,
      isOpen: () => this.isOpen,
      whenQuiet: (_, then) => {
        if (this.isQuiet) queueMicrotask(then);
        else this.quiet.push(then);
      },
      maximumFrame: () => this.maximumFrame,
      send: (frame, onSent) => {
        const copy = frame.slice();
        this.sent.push(copy);
        if (!this.isFast) this.unsent.push(onSent);
        queueMicrotask(() => {
          this.onFrame(copy);
          if (this.isFast) onSent(true);
        });
      },
      onRequest: (request) => {
        this.requests.push(request);
        this.onRequest(request);
      },
      onEnded: (why) => this.ended.push(why),
    };
    this.session = openSession(ground);
  }

  info(): Uint8Array {
    const left = this.guesses.left;
    const bytes = new Uint8Array(16);
    bytes.set([1, (this.isOpen ? 1 : 0) + 2 + (left === 0 ? 4 : 0) + (this.session.open ? 8 : 0), left, 0, 44, 1]);
    bytes.set(id, 6);
    bytes.set([7, 0, this.maximumFrame & 255, this.maximumFrame >> 8], 12);
    return bytes;
  }
}

/** Changes, drops or repeats a frame on its way. */
export type Between = (frame: Uint8Array) => readonly Uint8Array[];

export class RigLink implements GattLink {
  readonly name = "rig";
  readonly board: BoardRig;
  readonly toBoard: Uint8Array[] = [];
  readonly fromBoard: Uint8Array[] = [];
  onFrame: (frame: Uint8Array) => void = () => {};
  onClosed: () => void = () => {};
  isClosed = false;
  betweenToBoard: Between = (frame) => [frame];
  betweenFromBoard: Between = (frame) => [frame];

  constructor(board: BoardRig) {
    this.board = board;
    board.onFrame = (frame) => {
      this.fromBoard.push(frame);
      for (const each of this.betweenFromBoard(frame)) if (!this.isClosed) this.onFrame(each);
    };
  }

  async readInfo(): Promise<Uint8Array> {
    return this.board.info();
  }

  async write(frame: Uint8Array): Promise<void> {
    if (this.isClosed) throw new Error("gone");
    // A browser throws so.
    if (frame.length > 512) throw new Error("value too long");
    const copy = frame.slice();
    this.toBoard.push(copy);
    await Promise.resolve();
    for (const each of this.betweenToBoard(copy)) this.board.session.received(each.slice());
  }

  close(): void {
    this.isClosed = true;
  }

  /** The radio loses it. */
  lose(): void {
    this.isClosed = true;
    this.onClosed();
  }
}

/** Long enough for a busy machine: only a test that waits for silence takes less. */
export const quick: Patience = { info: 5_000, welcome: 5_000, reply: 5_000, scan: 5_000 };

export async function connected(options: BoardOptions = {}, patience: Patience = quick) {
  const board = new BoardRig(options);
  const link = new RigLink(board);
  const opened = await openBoard(link, secret, patience);
  if (!opened.ok) throw new Error(`${opened.error.kind}: ${opened.error.message}`);
  return { board, link, client: opened.value };
}

/** All frames, as hex. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
