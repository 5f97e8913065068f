/**
 * A visitor's session with a board over a connection that stands: from its info to requests and their replies (docs/ble.md).
 * It ends once: with the connection, with a refusal, or when the board is silent for too long.
 */
import type { Bytes, Crypto } from "../../firmware/device.js";
import type { Central } from "../world/ble-central.js";
import type { Event, Scheduler } from "../world/scheduler.js";
import { Frames } from "./frames.js";
import { Handshake, type Records, concat } from "./handshake.js";

const base = "6d6f7465-5c1e-4d0b-9b4f-2a7f3c9e000";
const infoUuid = base + "1";
const toBoardUuid = base + "2";
const fromBoardUuid = base + "3";
const frameBytesMax = 512;
const idAt = 6;
const idBytes = 6;
/** Neither a handshake nor any answer that is asked for here takes as long. */
const patienceMs = 15_000;
const text = new TextDecoder();

export type Reply = (status: number, body: string) => void;

export interface ConversationEvents {
  /** Requests may be asked. */
  onOpen(): void;
  onEnded(why: string): void;
}

export interface ConversationParts {
  readonly scheduler: Scheduler;
  readonly crypto: Crypto;
  readonly secret: Uint8Array;
  readonly central: Central;
}

export class Conversation {
  readonly #parts: ConversationParts;
  readonly #events: ConversationEvents;
  readonly #frames: Frames;
  #handshake: Handshake | undefined;
  #records: Records | undefined;
  #asked = 0;
  #onReply: Reply | undefined;
  #silence: Event | undefined;
  #ended = false;

  constructor(parts: ConversationParts, events: ConversationEvents) {
    this.#parts = parts;
    this.#events = events;
    const { central } = parts;
    this.#frames = new Frames(
      Math.min(frameBytesMax, central.mtu - 3),
      // One that the radio does not take is lost with its connection, which is told anyway.
      (frame, written) => central.write(toBoardUuid, frame, false, (done) => done.ok && written()),
      { onMessage: (message) => this.#heard(message), onRefused: (code) => this.end(`the board refuses: ${code}`) },
    );
    this.#await();
    central.subscribe(
      fromBoardUuid,
      (frame) => !this.#ended && this.#frames.take(frame as Bytes),
      (done) => (done.ok ? this.#greet() : this.end(done.error.message)),
    );
  }

  /** One at a time. `verb` and `body` as docs/ble.md has them. */
  ask(verb: number, body: string, onReply: Reply): void {
    this.#onReply = onReply;
    this.#asked = (this.#asked % 255) + 1;
    this.#await();
    const record = concat(Uint8Array.of(this.#asked, verb), new TextEncoder().encode(body));
    this.#frames.send(this.#records!.seal(record));
  }

  /** Nothing is called any more after `onEnded`. */
  end(why: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#quiet();
    this.#events.onEnded(why);
  }

  #greet(): void {
    const { central, crypto, secret } = this.#parts;
    central.read(infoUuid, (info) => {
      if (this.#ended) return;
      if (!info.ok) return this.end(info.error.message);
      this.#handshake = new Handshake(crypto, secret, info.value.slice(idAt, idAt + idBytes));
      this.#frames.send(this.#handshake.hello());
    });
  }

  #heard(message: Bytes): void {
    if (this.#records === undefined) {
      this.#records = this.#handshake?.welcome(message);
      if (this.#records === undefined) return this.end("this is not the board with that secret");
      this.#quiet();
      return this.#events.onOpen();
    }
    const record = this.#records.open(message);
    if (record === undefined) return this.end("a record of the board does not open");
    // Events are for who looks at them.
    if (record[0] === 0) return;
    const onReply = this.#onReply;
    if (record[0] !== this.#asked || onReply === undefined) return this.end("the board answers what nobody has asked");
    this.#onReply = undefined;
    this.#quiet();
    onReply(record[1] ?? 0, text.decode(record.subarray(2)));
  }

  #await(): void {
    const { scheduler } = this.#parts;
    this.#quiet();
    this.#silence = scheduler.at(scheduler.nowUs + patienceMs * 1000, () => this.end("the board says nothing"));
  }

  #quiet(): void {
    if (this.#silence !== undefined) this.#parts.scheduler.cancel(this.#silence);
    this.#silence = undefined;
  }
}
