/**
 * Messages in frames (docs/ble.md, "Frames"), both directions of one connection: order, window, acknowledgements, refusals.
 * It holds one message that comes in, of no more bytes than its kind may have, and those that go out; of acknowledgements
 * and refusals one is with the radio at a time, however much a central writes.
 */
import type { Bytes } from "../device.js";
import { limits } from "../limits.js";
import { refusal, type SessionGround } from "./contract.js";

const numbers = 64;
const lastFlag = 0x40;
const acknowledgement = 0x80;
const refusalHeader = 0xc0;
/** What a message's buffer begins with: most have no more. It doubles up to what the kind may have. */
const bufferBytes = 128;

/** Who the messages are for. */
export interface MessageSink {
  /** Bytes that a message which begins with `kind` may have now; 0 when it was refused. */
  admit(kind: number): number;
  /** One message: its bytes are valid only during the call. */
  message(bytes: Bytes): void;
  /** A frame breaks the rules: `refuse` has to follow. */
  fail(why: number): void;
  /** The central has dropped everything. */
  dropped(why: number): void;
}

/** The first byte of a message, and the others. */
interface Outgoing {
  readonly kind: number;
  readonly bytes: Bytes;
}

export class Frames {
  private readonly ground: Pick<SessionGround, "maximumFrame" | "send">;
  private readonly sink: MessageSink;
  /** The number of the next frame from the central, and how many came since the last acknowledgement left. */
  private expected = 0;
  private unacknowledged = 0;
  private framesOfMessage = 0;
  private most = 0;
  private buffer: Bytes | undefined;
  private filled = 0;
  /** The number of the next frame to the central, and how many are under way. */
  private next = 0;
  private underWay = 0;
  private waiting: Outgoing[] = [];
  private offset = 0;
  /** Of all that is waiting, what has been sent included. */
  private bytes = 0;
  private isControlUnderWay = false;
  private refusalOwed = 0;
  private isAcknowledgementOwed = false;
  /** After a refusal, until the central begins anew: what was under way does not matter. */
  private isStale = false;

  constructor(ground: Pick<SessionGround, "maximumFrame" | "send">, sink: MessageSink) {
    this.ground = ground;
    this.sink = sink;
  }

  /** Bytes of messages that the radio has not got whole. */
  get waitingBytes(): number {
    return this.bytes;
  }

  received(frame: Bytes): void {
    const length = frame.length;
    if (length === 0) return this.sink.fail(refusal.malformed);
    if (length > this.ground.maximumFrame()) return this.sink.fail(refusal.long);
    const header = frame[0]!;
    const number = header % numbers;
    if (header < acknowledgement) {
      if (length === 1) return this.sink.fail(refusal.malformed);
      if (this.isStale && number !== 0) return;
      return this.data(frame, number, (header & lastFlag) !== 0);
    }
    if (header < refusalHeader) {
      if (length !== 1) return this.sink.fail(refusal.malformed);
      if (!this.isStale) this.acknowledged(number);
      return;
    }
    if (header !== refusalHeader || length !== 2) return this.sink.fail(refusal.malformed);
    this.reset();
    this.isStale = false;
    this.sink.dropped(frame[1]!);
  }

  /** Hands a message over, to be sent after those before it. `bytes` must not change any more. */
  send(kind: number, bytes: Bytes): void {
    this.waiting.push({ kind, bytes });
    this.bytes += 1 + bytes.length;
    this.pump();
  }

  /** Forgets everything, and tells the central. */
  refuse(why: number): void {
    this.reset();
    this.isStale = true;
    // The first says what was wrong; those after it may be about what was under way.
    if (this.refusalOwed === 0) this.refusalOwed = why;
    this.control();
  }

  private reset(): void {
    this.expected = 0;
    this.unacknowledged = 0;
    this.framesOfMessage = 0;
    this.buffer = undefined;
    this.filled = 0;
    this.next = 0;
    this.underWay = 0;
    this.waiting = [];
    this.offset = 0;
    this.bytes = 0;
    this.isAcknowledgementOwed = false;
  }

  private data(frame: Bytes, number: number, isLast: boolean): void {
    if (number !== this.expected || this.unacknowledged === limits.frameWindow) return this.sink.fail(refusal.order);
    this.isStale = false;
    if (this.framesOfMessage === 0) {
      this.most = this.sink.admit(frame[1]!);
      if (this.most === 0) return;
    }
    if (this.filled + frame.length - 1 > this.most) return this.sink.fail(refusal.long);
    this.expected = (this.expected + 1) % numbers;
    this.unacknowledged++;
    this.framesOfMessage++;
    const isDue = isLast || this.framesOfMessage % limits.frameAcknowledgeAfter === 0;
    if (isDue) this.isAcknowledgementOwed = true;
    if (!isLast) {
      this.append(frame);
      return this.control();
    }
    let message = frame.subarray(1);
    if (this.framesOfMessage > 1) {
      this.append(frame);
      message = this.buffer!.subarray(0, this.filled);
    }
    this.buffer = undefined;
    this.filled = 0;
    this.framesOfMessage = 0;
    this.sink.message(message);
    // Behind it: a refusal takes the acknowledgement's place, so that no frame is ever answered with two.
    this.control();
  }

  private append(frame: Bytes): void {
    const filled = this.filled + frame.length - 1;
    let buffer = this.buffer;
    if (buffer === undefined || buffer.length < filled) {
      let size = buffer === undefined ? bufferBytes : buffer.length;
      while (size < filled) size *= 2;
      const larger = new Uint8Array(size < this.most ? size : this.most);
      if (buffer !== undefined) larger.set(buffer);
      this.buffer = buffer = larger;
    }
    buffer.set(frame.subarray(1), this.filled);
    this.filled = filled;
  }

  private acknowledged(number: number): void {
    const taken = (number - this.next + this.underWay + numbers) % numbers;
    if (taken === 0 || taken > this.underWay) return this.sink.fail(refusal.order);
    this.underWay -= taken;
    this.pump();
  }

  private pump(): void {
    while (this.waiting.length > 0 && this.underWay < limits.frameWindow && this.refusalOwed === 0) {
      const { kind, bytes } = this.waiting[0]!;
      const left = 1 + bytes.length - this.offset;
      const most = this.ground.maximumFrame();
      const room = (most < limits.frameBytesMax ? most : limits.frameBytesMax) - 1;
      const count = left < room ? left : room;
      const frame = new Uint8Array(1 + count);
      frame[0] = this.next + (count === left ? lastFlag : 0);
      if (this.offset === 0) {
        frame[1] = kind;
        frame.set(bytes.subarray(0, count - 1), 2);
      } else frame.set(bytes.subarray(this.offset - 1, this.offset - 1 + count), 1);
      this.next = (this.next + 1) % numbers;
      this.underWay++;
      this.offset += count;
      if (count === left) {
        this.waiting.shift();
        this.offset = 0;
        this.bytes -= 1 + bytes.length;
      }
      this.ground.send(frame, ignore);
    }
  }

  /** Sends the refusal that is owed, or the acknowledgement: one at a time, the newest. */
  private control(): void {
    if (this.isControlUnderWay) return;
    let frame: Bytes;
    if (this.refusalOwed !== 0) {
      frame = new Uint8Array(2);
      frame[0] = refusalHeader;
      frame[1] = this.refusalOwed;
      this.refusalOwed = 0;
    } else if (this.isAcknowledgementOwed) {
      frame = new Uint8Array(1);
      frame[0] = acknowledgement + this.expected;
      this.isAcknowledgementOwed = false;
      this.unacknowledged = 0;
    } else return;
    this.isControlUnderWay = true;
    this.ground.send(frame, this.onControlSent);
  }

  private readonly onControlSent = (isSent: boolean): void => {
    this.isControlUnderWay = false;
    if (!isSent) return;
    this.control();
    this.pump();
  };
}

function ignore(): void {}
