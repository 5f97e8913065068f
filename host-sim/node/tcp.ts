/**
 * ECMA-419's TCP (firmware/device.ts) over real sockets. It behaves as lwIP on a board does: a send window of
 * 5,744 bytes that is freed when the system has taken the bytes, a receive window of the same size, callbacks
 * only from the board's event loop, never from inside a call of the firmware's, and none after `close` or `onError`.
 */
import { connect, isIPv4, type Socket } from "node:net";
import type { Bytes, Device, TCP, TCPOptions } from "../../firmware/device.js";

/** lwIP's TCP_SND_BUF and TCP_WND on ESP32, bytes: four segments of 1,436. */
export const windowBytes = 5744;

/** How long a closed socket may take to send what was written and hear the peer's end, ms. */
const lingerMs = 2000;

/** Runs `callback` soon, from the board's event loop, in the order of the calls. */
export type Schedule = (callback: () => void) => void;

export function tcpClass(schedule: Schedule): Device["TCP"] {
  return class implements TCP {
    readonly #options: TCPOptions;
    readonly #socket: Socket;
    #connected = false;
    /** Closed by the firmware, or ended with an error: nothing is called any more. */
    #over = false;
    #received: Uint8Array[] = [];
    #receivedBytes = 0;
    #writableBytes = 0;
    #writableDue = false;

    constructor(options: TCPOptions) {
      if (!isIPv4(options.address)) throw new Error("TCP: address " + options.address + " is no dotted IPv4 address");
      if (!(options.port >= 1 && options.port <= 65535)) throw new Error("TCP: port " + options.port + " is outside 1 … 65535");
      this.#options = options;
      this.#socket = connect({
        host: options.address,
        port: options.port,
        noDelay: options.nodelay ?? false,
        onread: { buffer: new Uint8Array(windowBytes), callback: (bytes, buffer) => this.#receive(buffer, bytes) },
      });
      this.#socket.on("connect", () => {
        this.#connected = true;
        this.#free(windowBytes);
      });
      // A peer's end counts as an error here: ECMA-419 knows no half-open sockets.
      for (const event of ["error", "end", "close"] as const) this.#socket.on(event, () => this.#fail());
    }

    read(): ArrayBuffer | undefined {
      if (this.#over || this.#receivedBytes === 0) return undefined;
      const all = new Uint8Array(this.#receivedBytes);
      let at = 0;
      for (const piece of this.#received) {
        all.set(piece, at);
        at += piece.length;
      }
      this.#received = [];
      this.#receivedBytes = 0;
      this.#socket.resume();
      return all.buffer;
    }

    write(bytes: Bytes): number {
      if (this.#over) throw new Error("TCP: write after the end");
      if (!this.#connected) throw new Error("TCP: write before the first onWritable");
      if (bytes.length > this.#writableBytes) {
        throw new Error("TCP: write of " + bytes.length + " bytes, " + this.#writableBytes + " are free");
      }
      this.#writableBytes -= bytes.length;
      this.#socket.write(bytes.slice(), (error) => {
        if (error == null) this.#free(bytes.length);
      });
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
    #receive(buffer: Uint8Array, bytes: number): boolean {
      if (this.#over) return true;
      this.#received.push(buffer.slice(0, bytes));
      this.#receivedBytes += bytes;
      schedule(() => {
        if (!this.#over && this.#receivedBytes > 0) this.#options.onReadable?.(this.#receivedBytes);
      });
      return this.#receivedBytes < windowBytes;
    }

    /** Several that fall together are told once. */
    #free(bytes: number): void {
      this.#writableBytes += bytes;
      if (this.#writableDue) return;
      this.#writableDue = true;
      schedule(() => {
        this.#writableDue = false;
        if (!this.#over) this.#options.onWritable?.(this.#writableBytes);
      });
    }

    /** After what had arrived was told: `schedule` keeps the order. */
    #fail(): void {
      schedule(() => {
        if (this.#over) return;
        this.#over = true;
        this.#socket.destroy();
        this.#options.onError?.();
      });
    }
  };
}
