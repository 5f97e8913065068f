/**
 * A phone or a computer that connects to a board: what a test, a page or a terminal works a board's radio with. It does as
 * those do: it exchanges MTUs, looks up all services, and has one request under way at a time; a write without response
 * does not wait. A value longer than a write is written in prepared parts, one longer than a read is read in parts.
 */
import { failure, success, type Result } from "../../firmware/base/result.js";
import type { Bluetooth } from "./ble.js";
import type { Characteristic, Service } from "./ble-attributes.js";
import { discoveryRounds, featureRounds, encryptionRounds } from "./ble-discovery.js";
import { BleLink, type EndReason } from "./ble-link.js";
import { pair } from "./ble-pairing.js";
import { attError, mtuAtFirst, type Peripheral } from "./ble-peripheral.js";
import type { SimulatedGATTServer } from "./ble-server.js";
import { fullUuid } from "./ble-uuid.js";
import type { Event } from "./scheduler.js";

export interface CentralOptions {
  /** Which one it is: bonds are with names. */
  readonly name?: string;
  /** The largest MTU that it agrees to, 23 … 517. Default 185, an iPhone's; Android asks for 517. */
  readonly mtu?: number;
  /** Connection interval, 7.5 … 4,000. */
  readonly intervalMs?: number;
  /** How long nothing may be heard before the connection counts as lost. Android's is 5 s. */
  readonly supervisionMs?: number;
  /** How long it listens for the board. */
  readonly timeoutMs?: number;
}

export interface CentralHandlers {
  /** Connected, and all services are known. */
  readonly onConnected?: (central: Central) => void;
  /** No advertisement was heard in time. */
  readonly onUnanswered?: () => void;
  /** A connection that was begun is over, also by its own doing. */
  readonly onDisconnected?: (reason: EndReason) => void;
}

/**
 * `gone`: the connection is over. `absent`: the board has no such characteristic. `encryption`: it wants a bond first.
 * `long`: more bytes than one write has. `refused`: any other error of the board, with its code in the message.
 */
export type CentralError = "gone" | "absent" | "encryption" | "long" | "refused";
export type Done<Value> = (outcome: Result<Value, CentralError>) => void;

const gone = failure<CentralError>("gone", "the connection to the board is gone");
const none = new Uint8Array(0);
/** Bytes of a notification or write, of a prepared write, and of a request to read, beside the value. */
const [writeBytes, preparedBytes, requestBytes] = [3, 5, 3];

interface Request {
  /** Sends it, and calls `answered` with what comes back. */
  readonly send: (answered: (outcome: Uint8Array | number) => void) => void;
  readonly done: Done<Uint8Array>;
}

export class Central {
  readonly name: string;
  readonly #bluetooth: Bluetooth;
  readonly #options: CentralOptions;
  readonly #handlers: CentralHandlers;
  readonly #deadline: Event;
  #server: SimulatedGATTServer | undefined;
  #link: BleLink | undefined;
  #board: Peripheral | undefined;
  #services: readonly Service[] = [];
  readonly #requests: Request[] = [];
  #under: Request | undefined;
  /** Writes without response that have not gone yet. */
  readonly #commands = new Set<Done<undefined>>();
  readonly #heard = new Map<string, (bytes: Uint8Array) => void>();
  #lossAfter = 0;

  /** Made by `Bluetooth.connect`. */
  constructor(bluetooth: Bluetooth, options: CentralOptions, handlers: CentralHandlers) {
    this.#bluetooth = bluetooth;
    this.#options = options;
    this.#handlers = handlers;
    this.name = options.name ?? "central";
    const { scheduler } = bluetooth;
    this.#deadline = scheduler.at(scheduler.nowUs + (options.timeoutMs ?? 10_000) * 1000, () => {
      bluetooth.giveUp(this);
      handlers.onUnanswered?.();
    });
  }

  /** Connected, as far as it knows. */
  get connected(): boolean {
    return this.#link !== undefined;
  }

  get mtu(): number {
    return this.#board?.mtu ?? mtuAtFirst;
  }

  /** The connection is encrypted. */
  get encrypted(): boolean {
    return this.#board?.encrypted ?? false;
  }

  /** What the board has; empty before `onConnected`. */
  get services(): readonly {
    readonly uuid: string;
    readonly characteristics: readonly { readonly uuid: string; readonly properties: number }[];
  }[] {
    return this.#services;
  }

  read(uuid: string, done: Done<Uint8Array>): void {
    const of = this.#find(uuid, done);
    if (of !== undefined) this.#readFrom(of, none, done);
  }

  /** `done`: when it was answered; without response, when it has gone over the air. */
  write(uuid: string, bytes: Uint8Array, withResponse: boolean, done: Done<undefined> = () => undefined): void {
    const of = this.#find(uuid, done);
    if (of === undefined) return;
    const value = Uint8Array.from(bytes);
    const told: Done<Uint8Array> = (outcome) => done(outcome.ok ? success(undefined) : outcome);
    const fits = value.length <= this.mtu - writeBytes;
    if (!withResponse) {
      if (!fits) return done(failure("long", `${value.length} bytes do not fit into one write of ${this.mtu - writeBytes}`));
      return this.#command(of, value, done);
    }
    if (fits) return this.#ask({ send: (answered) => this.#writeTo(of, value, writeBytes + value.length, answered), done: told });
    // Each part is a request of its own; the last one executes them.
    const partBytes = this.mtu - preparedBytes;
    for (let at = 0; at < value.length; at += partBytes) {
      const bytesHere = Math.min(partBytes, value.length - at);
      this.#ask({ send: (answered) => this.#round(preparedBytes + bytesHere, preparedBytes + bytesHere, answered), done: () => undefined });
    }
    this.#ask({ send: (answered) => this.#writeTo(of, value, 2, answered), done: told });
  }

  subscribe(uuid: string, onNotified: (bytes: Uint8Array) => void, done: Done<undefined> = () => undefined): void {
    this.#subscribe(uuid, onNotified, done);
  }

  unsubscribe(uuid: string, done: Done<undefined> = () => undefined): void {
    this.#subscribe(uuid, undefined, done);
  }

  /** LE Secure Connections, Just Works: nobody has to do anything. */
  pair(done: Done<undefined> = () => undefined): void {
    const [link, board, server] = [this.#link, this.#board, this.#server];
    if (link === undefined || board === undefined || server === undefined) return done(gone);
    pair({ link, board, server, bond: () => this.#bluetooth.bond(this.name) }, (paired) => {
      if (this.#link !== link) done(gone);
      else done(paired ? success(undefined) : failure("refused", "the board does not pair"));
    });
  }

  /** Ends the connection, or the search for the board. */
  disconnect(): void {
    const link = this.#link;
    this.#bluetooth.giveUp(this);
    this.#bluetooth.scheduler.cancel(this.#deadline);
    if (link === undefined) return;
    link.endBy("central", link.nowUs);
    this.ended("central");
  }

  /** The connection is lost in the middle of the nth write from now: the board gets none of it. */
  loseAfterWrites(n: number): void {
    this.#lossAfter = n;
  }

  // ---- as the radio has it

  /** Its search is over: `server` was heard. */
  meet(server: SimulatedGATTServer): BleLink {
    const { scheduler } = this.#bluetooth;
    scheduler.cancel(this.#deadline);
    const { intervalMs = 30, supervisionMs = 5000, mtu = 185 } = this.#options;
    const link = new BleLink({ scheduler, intervalUs: Math.round(intervalMs * 1000), supervisionUs: Math.round(supervisionMs * 1000) });
    this.#link = link;
    this.#server = server;
    server.trace.record(
      scheduler.nowUs,
      "ble.connect",
      `"central":${JSON.stringify(this.name)},"intervalUs":${Math.round(intervalMs * 1000)}`,
    );
    const board = server.accept(link, (of, bytes) => this.#heard.get(of.uuid)?.(bytes));
    this.#board = board;
    link.join(board, this);
    this.#rounds(featureRounds, () =>
      this.#rounds(1, () => {
        board.mtu = Math.max(mtuAtFirst, Math.min(mtu, server.mtu));
        const bonded = server.security !== undefined && this.#bluetooth.bonds.includes(this.name);
        this.#rounds(bonded ? encryptionRounds : 0, () => {
          board.encrypted = bonded;
          if (!bonded && server.security?.immediate === true) this.pair();
          this.#rounds(discoveryRounds(server.services, board.mtu), () => {
            this.#services = server.services;
            this.#handlers.onConnected?.(this);
          });
        });
      }),
    );
    return link;
  }

  ended(reason: EndReason): void {
    this.#link = undefined;
    const requests = this.#under === undefined ? this.#requests.splice(0) : [this.#under, ...this.#requests.splice(0)];
    this.#under = undefined;
    const commands = [...this.#commands];
    this.#commands.clear();
    for (const { done } of requests) done(gone);
    for (const done of commands) done(gone);
    this.#handlers.onDisconnected?.(reason);
  }

  #find(uuid: string, done: Done<never>): Characteristic | undefined {
    if (this.#link === undefined) {
      done(gone);
      return undefined;
    }
    const full = fullUuid(uuid);
    for (const { characteristics } of this.#services) {
      const found = characteristics.find((each) => each.uuid === full);
      if (found !== undefined) return found;
    }
    done(failure("absent", `the board has no characteristic ${uuid}`));
    return undefined;
  }

  #readFrom(of: Characteristic, before: Uint8Array, done: Done<Uint8Array>): void {
    this.#ask({
      send: (answered) => this.#link!.toBoard(requestBytes, () => this.#board!.read(of, before.length, answered)),
      done: (outcome) => {
        if (!outcome.ok) return done(outcome);
        const value = new Uint8Array(before.length + outcome.value.length);
        value.set(before);
        value.set(outcome.value, before.length);
        // A part that fills the answer may not be the last.
        if (outcome.value.length === this.mtu - 1) this.#readFrom(of, value, done);
        else done(success(value));
      },
    });
  }

  #subscribe(uuid: string, onNotified: ((bytes: Uint8Array) => void) | undefined, done: Done<undefined>): void {
    const of = this.#find(uuid, done);
    if (of === undefined) return;
    if (onNotified !== undefined) this.#heard.set(of.uuid, onNotified);
    this.#ask({
      send: (answered) => this.#link!.toBoard(5, () => this.#board!.subscribe(of, onNotified !== undefined, answered)),
      done: (outcome) => {
        if (!outcome.ok || onNotified === undefined) this.#heard.delete(of.uuid);
        done(outcome.ok ? success(undefined) : outcome);
      },
    });
  }

  #command(of: Characteristic, value: Uint8Array, done: Done<undefined>): void {
    const link = this.#link!;
    this.#commands.add(done);
    link.toBoard(writeBytes + value.length, () => {
      if (this.#lost()) return;
      this.#board!.write(of, value, undefined);
      this.#commands.delete(done);
      done(success(undefined));
    });
  }

  #writeTo(of: Characteristic, value: Uint8Array, bytes: number, answered: (outcome: Uint8Array | number) => void): void {
    this.#link!.toBoard(bytes, () => {
      if (!this.#lost()) this.#board!.write(of, value, answered);
    });
  }

  /** This is the write at which the connection is lost. */
  #lost(): boolean {
    if (this.#lossAfter === 0 || --this.#lossAfter > 0) return false;
    this.#link!.lose();
    return true;
  }

  #ask(request: Request): void {
    this.#requests.push(request);
    this.#askNext();
  }

  #askNext(): void {
    if (this.#under !== undefined) return;
    const request = this.#requests.shift();
    if (request === undefined) return;
    this.#under = request;
    request.send((outcome) => {
      this.#under = undefined;
      request.done(typeof outcome === "number" ? refusal(outcome) : success(outcome));
      this.#askNext();
    });
  }

  /** A request that the radio's task answers by itself. */
  #round(out: number, back: number, answered: (outcome: Uint8Array) => void): void {
    const link = this.#link!;
    link.toBoard(out, () => link.toCentral(back, link.nowUs, () => answered(none)));
  }

  /** So many of them, one after another. */
  #rounds(count: number, done: () => void): void {
    if (count === 0) done();
    else this.#round(requestBytes, mtuAtFirst, () => this.#rounds(count - 1, done));
  }
}

function refusal(code: number): { readonly ok: false; readonly error: { readonly kind: CentralError; readonly message: string } } {
  const kind: CentralError = code === attError.insufficientAuthentication ? "encryption" : "refused";
  return failure(kind, `the board refuses with ATT error 0x${code.toString(16).padStart(2, "0")}`);
}
