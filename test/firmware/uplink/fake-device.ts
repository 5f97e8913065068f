/**
 * A device for the connection's tests, in virtual time: timers fire in order, names answer when the test says,
 * and each socket is a script. Nothing calls back from inside a call. Fault model: what the test does to it.
 */
import type { Bytes, Device, TCP, TCPOptions } from "../../../firmware/device.js";

export class FakeSocket implements TCP {
  readonly options: TCPOptions;
  closed = false;
  /** What a write throws, once the test says so. */
  broken = false;
  writable = 0;
  #written: Uint8Array[] = [];
  #readable: Uint8Array[] = [];
  /** The longest single write. */
  longestBytes = 0;

  constructor(options: TCPOptions) {
    this.options = options;
  }

  read(): ArrayBuffer | undefined {
    if (this.closed) throw new Error("read after close");
    const bytes = new Uint8Array(Buffer.concat(this.#readable.splice(0)));
    return bytes.length === 0 ? undefined : bytes.buffer;
  }

  write(bytes: Bytes): number {
    if (this.closed) throw new Error("write after close");
    if (this.broken) throw new Error("connection reset");
    if (bytes.length > this.writable) throw new Error("write of " + bytes.length + " into " + this.writable);
    if (bytes.length > this.longestBytes) this.longestBytes = bytes.length;
    this.writable -= bytes.length;
    this.#written.push(bytes.slice());
    return this.writable;
  }

  close(): void {
    this.closed = true;
  }

  /** The peer's side. */
  allow(bytes: number): void {
    this.writable += bytes;
    if (!this.closed) this.options.onWritable?.(this.writable);
  }

  receive(bytes: Uint8Array): void {
    if (this.closed) return;
    this.#readable.push(bytes);
    this.options.onReadable?.(bytes.length);
  }

  fail(): void {
    if (!this.closed) this.options.onError?.();
  }

  written(): Buffer {
    return Buffer.concat(this.#written.splice(0));
  }
}

interface Waiting {
  dueMs: number;
  order: number;
  callback: () => void;
}

export function fakeDevice(draw: () => number = () => 65535) {
  let nowMs = 0;
  let order = 0;
  let waiting: Waiting[] = [];
  const sockets: FakeSocket[] = [];
  const questions: { name: string; answer: (address: string | undefined) => void }[] = [];
  const device: Pick<Device, "TCP" | "resolve" | "clock" | "timers" | "random"> = {
    TCP: class extends FakeSocket {
      constructor(options: TCPOptions) {
        super(options);
        sockets.push(this);
      }
    },
    resolve: (name, answer) => void questions.push({ name, answer }),
    clock: { nowMs: () => nowMs },
    timers: {
      set(callback, delayMs) {
        if (!(delayMs >= 0 && delayMs < 2 ** 31)) throw new Error("timer of " + delayMs + " ms");
        const timer = { dueMs: nowMs + delayMs, order: order++, callback };
        waiting.push(timer);
        return timer;
      },
      clear(timer) {
        waiting = waiting.filter((one) => one !== timer);
      },
    },
    random(into) {
      const number = draw();
      into[0] = number >> 8;
      into[1] = number & 255;
    },
  };
  return {
    device,
    sockets,
    questions,
    get nowMs() {
      return nowMs;
    },
    get timers() {
      return waiting.length;
    },
    /** The newest socket. */
    get socket(): FakeSocket {
      return sockets[sockets.length - 1]!;
    },
    pass(ms: number): void {
      const untilMs = nowMs + ms;
      for (;;) {
        const [next] = waiting.sort((a, b) => a.dueMs - b.dueMs || a.order - b.order);
        if (next === undefined || next.dueMs > untilMs) break;
        nowMs = next.dueMs;
        waiting = waiting.filter((one) => one !== next);
        next.callback();
      }
      nowMs = untilMs;
    },
  };
}
