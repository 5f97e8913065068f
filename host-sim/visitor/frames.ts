/** Messages in frames as a visitor sees them (docs/ble.md, "Frames"): it writes one frame at a time, acknowledgements first. */
import type { Bytes } from "../../firmware/device.js";
import { concat } from "./handshake.js";

const numbers = 64;
const windowFrames = 8;
const acknowledgeEvery = 4;
const lastFlag = 0x40;
const acknowledgement = 0x80;
const refusal = 0xc0;

export interface FrameEvents {
  onMessage(message: Bytes): void;
  /** The board has dropped everything; or what it sends is no frame. */
  onRefused(code: number | "nonsense"): void;
}

export class Frames {
  readonly #payloadMax: number;
  readonly #write: (frame: Bytes, written: () => void) => void;
  readonly #events: FrameEvents;
  readonly #waiting: { readonly last: boolean; readonly payload: Bytes }[] = [];
  /** Data frames written, acknowledged by the board, and taken from it. */
  #written = 0;
  #acknowledged = 0;
  #taken = 0;
  #parts: Bytes[] = [];
  #owes = false;
  #writing = false;

  /** `frameMax`: bytes. `write` calls back when the radio has taken it. */
  constructor(frameMax: number, write: (frame: Bytes, written: () => void) => void, events: FrameEvents) {
    this.#payloadMax = frameMax - 1;
    this.#write = write;
    this.#events = events;
  }

  send(message: Bytes): void {
    for (let at = 0; at < message.length; at += this.#payloadMax) {
      const payload = message.slice(at, at + this.#payloadMax);
      this.#waiting.push({ payload, last: at + payload.length === message.length });
    }
    this.#pump();
  }

  /** One notification. */
  take(frame: Bytes): void {
    const header = frame[0] ?? 0xff;
    if (header < acknowledgement) return this.#data(header, frame.slice(1));
    if (header === refusal) return this.#events.onRefused(frame[1] ?? "nonsense");
    const count = (header - acknowledgement - (this.#acknowledged % numbers) + numbers) % numbers;
    if (header >= refusal || count === 0 || this.#acknowledged + count > this.#written) return this.#events.onRefused("nonsense");
    this.#acknowledged += count;
    this.#pump();
  }

  #data(header: number, payload: Bytes): void {
    if (payload.length === 0 || header % numbers !== this.#taken % numbers) return this.#events.onRefused("nonsense");
    this.#taken++;
    this.#parts.push(payload);
    const isLast = (header & lastFlag) !== 0;
    if (isLast || this.#parts.length % acknowledgeEvery === 0) this.#owes = true;
    if (isLast) {
      const message = concat(...this.#parts);
      this.#parts = [];
      this.#events.onMessage(message);
    }
    this.#pump();
  }

  #pump(): void {
    if (this.#writing) return;
    const frame = this.#next();
    if (frame === undefined) return;
    this.#writing = true;
    this.#write(frame, () => {
      this.#writing = false;
      this.#pump();
    });
  }

  #next(): Bytes | undefined {
    if (this.#owes) {
      this.#owes = false;
      return Uint8Array.of(acknowledgement + (this.#taken % numbers));
    }
    if (this.#written - this.#acknowledged === windowFrames) return undefined;
    const next = this.#waiting.shift();
    if (next === undefined) return undefined;
    return concat(Uint8Array.of((this.#written++ % numbers) + (next.last ? lastFlag : 0)), next.payload);
  }
}
