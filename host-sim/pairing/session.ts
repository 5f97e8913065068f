/**
 * One open session with a board: the handshake, then requests one after the other, each with its reply, and events in between.
 * It ends once: by `close`, by the board's refusal, by silence, or with the link, and closes the link then.
 */
import { failure, success, type Failure, type Result } from "../../firmware/base/result.js";
import type { BoardInfo, GattLink, PairingError } from "./contract.js";
import { FrameStream } from "./frames.js";
import { Initiator, type Raw, type RecordKeys } from "./noise.js";
import { refusals } from "./texts.js";

/** How long the board may take, ms. */
export interface Patience {
  readonly info: number;
  readonly welcome: number;
  readonly reply: number;
  readonly scan: number;
}

export const usualPatience: Patience = { info: 10_000, welcome: 15_000, reply: 10_000, scan: 30_000 };

export interface Reply {
  readonly status: number;
  readonly body: string;
}

type Outcome<Value> = Result<Value, PairingError>;
type Ended = Failure<PairingError>;

/** Bytes of a request's body: 1,400 of a message, less kind, tag, id and verb. */
export const bodyMax = 1_400 - 1 - 16 - 2;

const silence = "The board does not answer any more. Come closer to it, see that it has power, and connect again.";
const lost = "The connection to the board is lost. Come closer to it, see that it has power, and connect again.";
const babble = "The board has sent something that makes no sense. Connect again; if that does not help, restart the board.";
const forged = "What answers has not this pairing code's secret. Take the code of this very board; if it is, somebody is in between.";

interface Waiting {
  readonly id: number;
  readonly settle: (outcome: Outcome<Reply>) => void;
}

export class Session {
  onEvent: (kind: number, body: string) => void = () => {};
  /** Once; not after `close`. */
  onEnded: (error: Ended) => void = () => {};
  readonly #link: GattLink;
  readonly #frames: FrameStream;
  #welcomed: ((outcome: Outcome<Raw>) => void) | undefined;
  #keys: RecordKeys | undefined;
  #waiting: Waiting | undefined;
  #lastId = 0;
  #queue: Promise<unknown> = Promise.resolve();
  #reading: Promise<void> = Promise.resolve();
  #ended: Ended | undefined;

  private constructor(link: GattLink, info: BoardInfo) {
    this.#link = link;
    this.#frames = new FrameStream((frame) => link.write(frame), info.maximumWrite, {
      onMessage: (message) => void (this.#reading = this.#reading.then(() => this.#message(message))),
      onRefused: (code) => this.#end(refusals(code)),
      onNonsense: () => this.#end({ kind: "refused", message: babble }),
      onLost: () => this.#end({ kind: "gone", message: lost }),
    });
    link.onFrame = (frame) => this.#frames.take(frame);
    link.onClosed = () => this.#end({ kind: "gone", message: lost });
  }

  /** Closes the link when it fails. */
  static async open(link: GattLink, info: BoardInfo, secret: Uint8Array, waitMs: number): Promise<Outcome<Session>> {
    const session = new Session(link, info);
    const id = Uint8Array.from(info.id.match(/../g)!, (digits) => parseInt(digits, 16));
    const initiator = await Initiator.begin(secret, id);
    const hello = await initiator.hello();
    const answered = await session.#inTime<Raw>(waitMs, (settle) => {
      session.#welcomed = settle;
      session.#frames.send(hello);
    });
    if (!answered.ok) return answered;
    const keys = await initiator.welcome(answered.value);
    if (keys === undefined) {
      session.#frames.refuse(7);
      return session.#end({ kind: "secret", message: forged });
    }
    if (session.#ended !== undefined) return { ok: false, error: session.#ended };
    session.#keys = keys;
    return success(session);
  }

  /** Waits for the requests before it. `body`: at most `bodyMax` bytes in UTF-8. */
  request(verb: number, body: string, waitMs: number): Promise<Outcome<Reply>> {
    const turn = this.#queue.then(() => this.#ask(verb, body, waitMs));
    this.#queue = turn;
    return turn;
  }

  /** Ends the session and the link. Requests that wait fail. */
  close(): void {
    this.onEnded = () => {};
    this.#end({ kind: "gone", message: "The session was closed." });
  }

  async #ask(verb: number, body: string, waitMs: number): Promise<Outcome<Reply>> {
    if (this.#ended !== undefined) return { ok: false, error: this.#ended };
    const id = (this.#lastId = (this.#lastId % 255) + 1);
    const text = new TextEncoder().encode(body);
    const record = new Uint8Array(2 + text.length);
    record[0] = id;
    record[1] = verb;
    record.set(text, 2);
    const message = await this.#keys!.toBoard.seal(record);
    return this.#inTime<Reply>(waitMs, (settle) => {
      this.#waiting = { id, settle };
      this.#frames.send(message);
    });
  }

  /** Has `begin` called, and waits until it settles, the session ends, or the board is silent for too long. */
  #inTime<Value>(waitMs: number, begin: (settle: (outcome: Outcome<Value>) => void) => void): Promise<Outcome<Value>> {
    if (this.#ended !== undefined) return Promise.resolve({ ok: false, error: this.#ended });
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#end({ kind: "gone", message: silence }), waitMs);
      begin((outcome) => {
        clearTimeout(timer);
        resolve(outcome);
      });
    });
  }

  async #message(message: Raw): Promise<void> {
    if (this.#ended !== undefined) return;
    if (message[0] === 2 && this.#welcomed !== undefined) {
      const settle = this.#welcomed;
      this.#welcomed = undefined;
      return settle(success(message));
    }
    if (message[0] !== 3 || this.#keys === undefined) return this.#fail(1, babble);
    const record = await this.#keys.fromBoard.open(message);
    if (record === undefined || record.length < 2) return this.#fail(8, "What the board has sent was changed on its way. Connect again.");
    const body = utf8(record.subarray(2));
    if (body === undefined) return this.#fail(1, babble);
    const [id, code] = record;
    if (id === 0) return this.onEvent(code!, body);
    const waiting = this.#waiting;
    if (waiting === undefined || waiting.id !== id) return this.#fail(1, babble);
    this.#waiting = undefined;
    waiting.settle(success({ status: code!, body }));
  }

  #fail(code: number, message: string): void {
    this.#frames.refuse(code);
    this.#end({ kind: "refused", message });
  }

  #end(error: Ended): { readonly ok: false; readonly error: Ended } {
    if (this.#ended !== undefined) return { ok: false, error: this.#ended };
    this.#ended = error;
    this.#frames.end();
    this.#keys = undefined;
    this.#link.onFrame = () => {};
    this.#link.onClosed = () => {};
    this.#link.close();
    const settlers = [this.#welcomed, this.#waiting?.settle];
    this.#welcomed = undefined;
    this.#waiting = undefined;
    const gone = failure(error.kind, error.message);
    for (const settle of settlers) settle?.(gone);
    this.onEnded(error);
    return gone;
  }
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
