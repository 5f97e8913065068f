/**
 * ECMA-419's TCP (firmware/device.ts) over real sockets. It behaves as lwIP on a board does: a send window of
 * 5,744 bytes that is freed when the system has taken the bytes, a receive window of the same size, callbacks
 * only from the board's event loop, never from inside a call of the firmware's, and none after `close` or `onError`.
 */
import { connect, isIPv4, type Socket } from "node:net";
import type { Bytes, Device, TCP, TCPOptions } from "../../firmware/device.js";
import { boundClass } from "../world/bound-class.js";

/** lwIP's TCP_SND_BUF and TCP_WND on ESP32, bytes: four segments of 1,436. */
export const windowBytes = 5744;

/** How long a closed socket may take to send what was written and hear the peer's end, ms. */
const lingerMs = 2000;

/** Runs `callback` soon, from the board's event loop, in the order of the calls. */
export type Schedule = (callback: () => void) => void;

/** Where the bytes of all sockets arrive, one socket's at a time: they are taken out at once. */
const arrived = new Uint8Array(windowBytes);

/** One for all boards: with a class for each, V8 would meet as many kinds of object as there are boards. */
class RealTCP implements TCP {
  readonly #schedule: Schedule;
  readonly #options: TCPOptions;
  readonly #socket: Socket;
  #connected = false;
  /** Closed by the firmware, or ended with an error: nothing is called any more. */
  #over = false;
  #received: ArrayBuffer[] = [];
  #receivedBytes = 0;
  #writableBytes = 0;
  /** Have left, and will be writable when the firmware is told. */
  #freedBytes = 0;
  #writableDue = false;
  readonly #tellReadable = (): void => {
    if (!this.#over && this.#receivedBytes > 0) this.#options.onReadable?.(this.#receivedBytes);
  };
  readonly #tellWritable = (): void => {
    this.#writableDue = false;
    this.#writableBytes += this.#freedBytes;
    this.#freedBytes = 0;
    if (!this.#over) this.#options.onWritable?.(this.#writableBytes);
  };

  constructor(schedule: Schedule, options: TCPOptions) {
    if (!isIPv4(options.address)) throw new Error("TCP: address " + options.address + " is no dotted IPv4 address");
    if (!(options.port >= 1 && options.port <= 65535)) throw new Error("TCP: port " + options.port + " is outside 1 … 65535");
    this.#schedule = schedule;
    this.#options = options;
    this.#socket = connect({
      host: options.address,
      port: options.port,
      noDelay: options.nodelay ?? false,
      onread: { buffer: arrived, callback: (bytes) => this.#receive(bytes) },
    });
    this.#socket.on("connect", () => {
      this.#connected = true;
      this.#free(windowBytes);
    });
    // A peer's end counts as an error here: ECMA-419 knows no half-open sockets.
    const fail = (): void => this.#fail();
    for (const event of ["error", "end", "close"] as const) this.#socket.on(event, fail);
  }

  read(): ArrayBuffer | undefined {
    if (this.#over || this.#receivedBytes === 0) return undefined;
    const [first] = this.#received;
    const buffer = this.#received.length === 1 ? first! : joined(this.#received, this.#receivedBytes);
    this.#received.length = 0;
    // Only one whose window was full waits.
    if (this.#receivedBytes >= windowBytes) this.#socket.resume();
    this.#receivedBytes = 0;
    return buffer;
  }

  write(bytes: Bytes): number {
    if (this.#over) throw new Error("TCP: write after the end");
    if (!this.#connected) throw new Error("TCP: write before the first onWritable");
    if (bytes.length > this.#writableBytes) {
      throw new Error("TCP: write of " + bytes.length + " bytes, " + this.#writableBytes + " are free");
    }
    this.#writableBytes -= bytes.length;
    const socket = this.#socket;
    // The caller may reuse its bytes. A callback would cost more than the write does, and mostly the system takes all at once.
    socket.write(Buffer.from(bytes));
    if (socket.writableLength === 0) this.#free(bytes.length);
    // What is empty has left when all before it has.
    else socket.write("", (error) => void (error == null && this.#free(bytes.length)));
    return this.#writableBytes;
  }

  close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#received = [];
    if (!this.#connected) {
      this.#socket.destroy();
      return;
    }
    // Read to the end: closing with unread bytes would reset the connection, and what was written could be lost.
    this.#socket.resume();
    this.#socket.end();
    const linger = setTimeout(() => this.#socket.destroy(), lingerMs);
    this.#socket.once("close", () => clearTimeout(linger));
  }

  /** Returns false to make the socket wait until the firmware has read. */
  #receive(bytes: number): boolean {
    if (this.#over) return true;
    this.#received.push(arrived.buffer.slice(0, bytes));
    this.#receivedBytes += bytes;
    this.#schedule(this.#tellReadable);
    return this.#receivedBytes < windowBytes;
  }

  /** Several that fall together are told once. */
  #free(bytes: number): void {
    this.#freedBytes += bytes;
    if (this.#writableDue) return;
    this.#writableDue = true;
    this.#schedule(this.#tellWritable);
  }

  /** After what had arrived was told: `schedule` keeps the order. */
  #fail(): void {
    this.#schedule(() => {
      if (this.#over) return;
      this.#over = true;
      this.#socket.destroy();
      this.#options.onError?.();
    });
  }
}

export function tcpClass(schedule: Schedule): Device["TCP"] {
  return boundClass(RealTCP, schedule);
}

function joined(pieces: readonly ArrayBuffer[], bytes: number): ArrayBuffer {
  const all = new Uint8Array(bytes);
  let at = 0;
  for (const piece of pieces) {
    all.set(new Uint8Array(piece), at);
    at += piece.byteLength;
  }
  return all.buffer;
}
