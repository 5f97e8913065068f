/**
 * Messages in frames as a central sees them (docs/ble.md, "Frames"): numbers, window, acknowledgements. It writes one frame at
 * a time, acknowledgements first. What the board does wrong ends it.
 */

const numbering = 64;
const windowFrames = 8;
const acknowledgeEvery = 4;
const messageFromBoardMax = 609;
/** What a browser writes at once, and what a value of GATT's may have. */
const frameMax = 512;
const frameMin = 20;

export interface FrameEvents {
  onMessage(message: Uint8Array<ArrayBuffer>): void;
  /** The board has dropped everything. */
  onRefused(code: number): void;
  /** The board has sent what is no frame: refused already. */
  onNonsense(): void;
  /** The link does not take a frame. */
  onLost(): void;
}

export class FrameStream {
  readonly #write: (frame: Uint8Array) => Promise<void>;
  readonly #events: FrameEvents;
  readonly #payloadMax: number;
  readonly #outgoing: Uint8Array[] = [];
  #written = 0;
  #acknowledged = 0;
  #seen = 0;
  #parts: Uint8Array[] = [];
  #owesAcknowledgement = false;
  #refusal: number | undefined;
  #isWriting = false;
  #isOver = false;

  /** `maximumWrite`: bytes of a frame, as the board's info says. */
  constructor(write: (frame: Uint8Array) => Promise<void>, maximumWrite: number, events: FrameEvents) {
    this.#write = write;
    this.#events = events;
    this.#payloadMax = Math.min(frameMax, Math.max(frameMin, maximumWrite)) - 1;
  }

  send(message: Uint8Array): void {
    for (let at = 0; at < message.length; at += this.#payloadMax) {
      const payload = message.subarray(at, at + this.#payloadMax);
      const isLast = at + payload.length === message.length;
      const frame = new Uint8Array(1 + payload.length);
      frame[0] = isLast ? 0x40 : 0;
      frame.set(payload, 1);
      this.#outgoing.push(frame);
    }
    void this.#run();
  }

  /** Tells the board that everything is dropped. */
  refuse(code: number): void {
    this.#refusal = code;
    this.#outgoing.length = 0;
    void this.#run();
  }

  /** Nothing is called after it. What is being written is still written. */
  end(): void {
    this.#isOver = true;
    this.#outgoing.length = 0;
  }

  /** One notification. */
  take(frame: Uint8Array): void {
    if (this.#isOver) return;
    const [header] = frame;
    if (header === undefined) this.#nonsense(1);
    else if (header < 0x80) this.#data(header, frame.slice(1));
    else if (header < 0xc0) {
      const taken = (header - 0x80 - (this.#acknowledged % numbering) + numbering) % numbering;
      if (frame.length !== 1) this.#nonsense(1);
      else if (taken === 0 || this.#acknowledged + taken > this.#written) this.#nonsense(2);
      else {
        this.#acknowledged += taken;
        void this.#run();
      }
    } else if (header === 0xc0 && frame.length === 2) this.#events.onRefused(frame[1]!);
    else this.#nonsense(1);
  }

  #data(header: number, payload: Uint8Array): void {
    if (payload.length === 0) return this.#nonsense(1);
    if ((header & 63) !== this.#seen % numbering) return this.#nonsense(2);
    this.#seen++;
    this.#parts.push(payload);
    const length = this.#parts.reduce((sum, part) => sum + part.length, 0);
    if (length > messageFromBoardMax) return this.#nonsense(3);
    const isLast = (header & 0x40) !== 0;
    if (isLast || this.#parts.length % acknowledgeEvery === 0) {
      this.#owesAcknowledgement = true;
      void this.#run();
    }
    if (!isLast) return;
    const message = new Uint8Array(length);
    let at = 0;
    for (const part of this.#parts) {
      message.set(part, at);
      at += part.length;
    }
    this.#parts = [];
    this.#events.onMessage(message);
  }

  #nonsense(code: number): void {
    this.refuse(code);
    this.#events.onNonsense();
  }

  async #run(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    try {
      for (let frame = this.#next(); frame !== undefined; frame = this.#next()) await this.#write(frame);
    } catch {
      if (!this.#isOver) this.#events.onLost();
    } finally {
      this.#isWriting = false;
    }
  }

  #next(): Uint8Array | undefined {
    if (this.#refusal !== undefined) {
      const frame = Uint8Array.of(0xc0, this.#refusal);
      this.#refusal = undefined;
      return frame;
    }
    if (this.#isOver) return undefined;
    if (this.#owesAcknowledgement) {
      this.#owesAcknowledgement = false;
      return Uint8Array.of(0x80 | (this.#seen % numbering));
    }
    if (this.#written - this.#acknowledged === windowFrames) return undefined;
    const frame = this.#outgoing.shift();
    if (frame !== undefined) frame[0]! |= this.#written++ % numbering;
    return frame;
  }
}
