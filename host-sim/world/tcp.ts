/**
 * TCP between a board and the LAN's services, and the ECMA-419 class that the board opens.
 *
 * Fault model: segments arrive in order and whole, after the LAN's delay, cut at 1,436 bytes; while the
 * link is down they are tried again each half second, and after a minute the connection is given up.
 * The board's send buffer holds 5,744 bytes (lwIP's TCP_SND_BUF of four segments).
 */
import type { TCP, TCPOptions } from "../../firmware/device.js";
import type { Cpu } from "./cpu.js";
import type { Lan, Link, PeerHandlers } from "./lan.js";
import type { Scheduler } from "./scheduler.js";

const segmentBytes = 1436;
const sendBufferBytes = 4 * segmentBytes;
const retryUs = 500_000;
const giveUpUs = 60_000_000;

/** One way of a connection: actions in order, each after the network's delay. */
class Pipe {
  readonly #scheduler: Scheduler;
  readonly #link: Link;
  readonly #lost: () => void;
  #lastUs = 0;
  #waitingSinceUs = -1;
  readonly #queue: (() => void)[] = [];

  constructor(scheduler: Scheduler, link: Link, lost: () => void) {
    this.#scheduler = scheduler;
    this.#link = link;
    this.#lost = lost;
  }

  send(fromUs: number, arrive: () => void): void {
    this.#lastUs = Math.max(this.#lastUs, fromUs + this.#link.delayUs());
    this.#queue.push(arrive);
    this.#scheduler.at(this.#lastUs, () => this.#arrive());
  }

  #arrive(): void {
    const nowUs = this.#scheduler.nowUs;
    if (!this.#link.up) {
      if (this.#waitingSinceUs < 0) this.#waitingSinceUs = nowUs;
      if (nowUs - this.#waitingSinceUs >= giveUpUs) this.#lost();
      else this.#scheduler.at(nowUs + retryUs, () => this.#arrive());
      return;
    }
    this.#waitingSinceUs = -1;
    this.#queue.shift()?.();
  }
}

export function tcpClass(lan: Lan, link: Link, scheduler: Scheduler, cpu: Cpu): new (options: TCPOptions) => TCP {
  return class SimulatedTCP implements TCP {
    readonly #options: TCPOptions;
    readonly #out: Pipe;
    readonly #in: Pipe;
    #state: "connecting" | "open" | "ended" | "forgotten" = "connecting";
    /** The board has heard of the connection. */
    #told = false;
    #handlers: PeerHandlers | undefined;
    #unacknowledged = 0;
    #received: Uint8Array[] = [];
    readonly #settle: () => void;

    constructor(options: TCPOptions) {
      this.#options = options;
      this.#out = new Pipe(scheduler, link, () => this.#fail());
      this.#in = new Pipe(scheduler, link, () => this.#fail());
      this.#out.send(cpu.nowUs, () => this.#connect());
      this.#settle = cpu.onStopped(() => {
        this.#state = "forgotten";
        this.#received = [];
      });
    }

    read(): ArrayBuffer | undefined {
      const chunks = this.#received;
      if (chunks.length === 0) return undefined;
      this.#received = [];
      const bytes = Buffer.concat(chunks);
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
    }

    write(bytes: Uint8Array<ArrayBuffer>): number {
      if (this.#state === "ended") return 0;
      if (!this.#told) throw new Error("not ready");
      if (bytes.length > sendBufferBytes - this.#unacknowledged) throw new Error("would block");
      this.#unacknowledged += bytes.length;
      for (let at = 0; at < bytes.length; at += segmentBytes) {
        const segment = bytes.slice(at, at + segmentBytes);
        this.#out.send(cpu.nowUs, () => this.#deliver(segment));
      }
      return sendBufferBytes - this.#unacknowledged;
    }

    close(): void {
      if (this.#state === "ended") return;
      this.#state = "ended";
      this.#settle();
      this.#out.send(cpu.nowUs, () => this.#hangUp());
    }

    /** The SYN has reached the other side. */
    #connect(): void {
      const service = lan.services.get(`${this.#options.address}:${this.#options.port}`);
      if (this.#state !== "connecting") return;
      if (service === undefined) {
        this.#in.send(scheduler.nowUs, () => this.#fail());
        return;
      }
      this.#handlers = service({
        send: (bytes) => {
          for (let at = 0; at < bytes.length; at += segmentBytes) {
            const segment = bytes.slice(at, at + segmentBytes);
            this.#in.send(scheduler.nowUs, () => this.#arrive(segment));
          }
        },
        close: () => {
          this.#handlers = undefined;
          this.#in.send(scheduler.nowUs, () => this.#fail());
        },
      });
      this.#in.send(scheduler.nowUs, () => {
        if (this.#state !== "connecting") return;
        this.#state = "open";
        this.#post(() => {
          this.#told = true;
          this.#options.onWritable?.(sendBufferBytes);
        });
      });
    }

    #deliver(segment: Uint8Array): void {
      this.#handlers?.received(segment);
      this.#in.send(scheduler.nowUs, () => {
        this.#unacknowledged -= segment.length;
        if (this.#state === "open") this.#post(() => this.#options.onWritable?.(sendBufferBytes - this.#unacknowledged));
      });
    }

    #arrive(segment: Uint8Array): void {
      // A board that has lost its RAM knows no such connection, and resets it.
      if (this.#state === "forgotten") this.#out.send(scheduler.nowUs, () => this.#hangUp());
      if (this.#state !== "open") return;
      this.#received.push(segment);
      this.#post(() => {
        let available = 0;
        for (const chunk of this.#received) available += chunk.length;
        if (available > 0) this.#options.onReadable?.(available);
      });
    }

    /** Refused, closed by the peer, or given up. The peer learns of it also when the board has closed before. */
    #fail(): void {
      this.#hangUp();
      if (this.#state === "ended" || this.#state === "forgotten") return;
      cpu.post(() => {
        if (this.#state === "ended") return;
        this.#state = "ended";
        this.#settle();
        this.#options.onError?.();
      });
    }

    #hangUp(): void {
      const handlers = this.#handlers;
      this.#handlers = undefined;
      handlers?.closed();
    }

    #post(handler: () => void): void {
      cpu.post(() => {
        if (this.#state === "open") handler();
      });
    }
  };
}
