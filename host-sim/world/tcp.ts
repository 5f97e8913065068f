/**
 * TCP between a board and the LAN's services, and the ECMA-419 class that the board opens.
 *
 * Fault model: segments are cut at 1,436 bytes and arrive in order and whole, lost ones later (segment-pipe.ts);
 * each end gives up on its own (retransmission.ts) and the other is not told. What arrives where its
 * connection is not known, since that end has given up or lost its RAM, resets the connection. Connections
 * can be severed, so that nothing passes and nobody knows, and reset, so that both know at once.
 * The board's send buffer holds 5,744 bytes (lwIP's TCP_SND_BUF of four segments); the service's has no end.
 */
import type { TCP, TCPOptions } from "../../firmware/device.js";
import { boundClass } from "./bound-class.js";
import type { Cpu } from "./cpu.js";
import type { Lan, PeerHandlers } from "./lan.js";
import { type Conversation, inward, type Link, outward } from "./link.js";
import { boardData, boardSyn, peerData, peerSyn } from "./retransmission.js";
import type { Scheduler } from "./scheduler.js";
import { SegmentPipe } from "./segment-pipe.js";

const segmentBytes = 1436;
const sendBufferBytes = 4 * segmentBytes;
/** Of IP and TCP, bytes. */
const headerBytes = 40;

/** What all connections of one board's boot share. */
interface Attached {
  readonly lan: Lan;
  readonly link: Link;
  readonly scheduler: Scheduler;
  readonly cpu: Cpu;
}

class SimulatedTCP implements TCP, Conversation {
  readonly #of: Attached;
  readonly #options: TCPOptions;
  readonly #out: SegmentPipe;
  readonly #in: SegmentPipe;
  /** What acknowledges the board's segments; it sends again what is not. */
  readonly #acknowledgements: SegmentPipe;
  /** The board's end. Closed: its last bytes may still be leaving. Gone: it knows the connection no more. */
  #board: "connecting" | "open" | "closed" | "gone" = "connecting";
  /** The board has heard that the connection is open. */
  #told = false;
  /** The service's end; undefined before and after. */
  #peer: PeerHandlers | undefined;
  #unacknowledged = 0;
  /** What has arrived and was not read, one after another: most often one, and most of the time none. */
  #arrived: Uint8Array | undefined;
  #more: Uint8Array[] | undefined;
  readonly #settle: () => void;
  // What happens to every segment, made once.
  readonly #deliver = (segment: Uint8Array): void => this.#delivered(segment);
  readonly #arrive = (segment: Uint8Array): void => this.#land(segment);
  readonly #acknowledge = (segment: Uint8Array): void => this.#acknowledged(segment);
  readonly #readable = (): void => this.#tellReadable();
  readonly #writable = (): void => this.#tellWritable();

  constructor(of: Attached, options: TCPOptions) {
    const { scheduler, cpu, link } = of;
    this.#of = of;
    this.#options = options;
    const gaveUp = () => this.#end();
    this.#out = new SegmentPipe(scheduler, link, outward, boardSyn, gaveUp);
    this.#acknowledgements = new SegmentPipe(scheduler, link, inward, boardData, gaveUp, true);
    this.#in = new SegmentPipe(scheduler, link, inward, peerSyn, () => this.#hangUp());
    this.#settle = cpu.onStopped(() => this.#forget());
    link.conversations.add(this);
    this.#out.send(cpu.nowUs, headerBytes, () => this.#connect());
  }

  read(): ArrayBuffer | undefined {
    const first = this.#arrived;
    if (first === undefined) return undefined;
    const more = this.#more;
    this.#arrived = undefined;
    this.#more = undefined;
    // Its own already: a segment is cut out of what is sent.
    if (more === undefined && first.byteLength === first.buffer.byteLength) return first.buffer as ArrayBuffer;
    const bytes = Buffer.concat([first, ...(more ?? [])]);
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  }

  write(bytes: Uint8Array<ArrayBuffer>): number {
    if (this.#board === "closed" || this.#board === "gone") return 0;
    if (!this.#told) throw new Error("not ready");
    if (bytes.length > sendBufferBytes - this.#unacknowledged) throw new Error("would block");
    this.#unacknowledged += bytes.length;
    for (let at = 0; at < bytes.length; at += segmentBytes) {
      const segment = Buffer.from(bytes.length <= segmentBytes ? bytes : bytes.subarray(at, at + segmentBytes));
      this.#out.send(this.#of.cpu.nowUs, headerBytes + segment.length, this.#deliver, segment);
    }
    return sendBufferBytes - this.#unacknowledged;
  }

  close(): void {
    if (this.#board === "closed" || this.#board === "gone") return;
    // A SYN is not sent again for nobody.
    if (this.#board === "connecting") this.#out.abandon();
    this.#board = "closed";
    if (this.#peer === undefined) this.#over();
    else this.#out.send(this.#of.cpu.nowUs, headerBytes, () => this.#hangUp());
  }

  sever(): void {
    if (this.#peer === undefined || this.#board === "connecting") return;
    for (const pipe of [this.#out, this.#in, this.#acknowledgements]) pipe.sever();
  }

  reset(): void {
    for (const pipe of [this.#out, this.#in, this.#acknowledgements]) pipe.abandon();
    this.#hangUp();
    this.#end();
  }

  /** The SYN has reached the other side. */
  #connect(): void {
    if (this.#board !== "connecting") return;
    let accepted = false;
    // First on its way, whatever the service says at once.
    this.#in.send(this.#of.scheduler.nowUs, headerBytes, () => (accepted ? this.#established() : this.#end()));
    let closed = false;
    const handlers = this.#of.lan.services.get(`${this.#options.address}:${this.#options.port}`)?.({
      from: this.#of.link,
      send: (bytes) => {
        if (closed || (accepted && this.#peer === undefined)) return;
        for (let at = 0; at < bytes.length; at += segmentBytes) {
          const segment = bytes.slice(at, at + segmentBytes);
          this.#in.send(this.#of.scheduler.nowUs, headerBytes + segment.length, this.#arrive, segment);
        }
      },
      close: () => {
        if (closed || (accepted && this.#peer === undefined)) return;
        closed = true;
        this.#peer = undefined;
        this.#in.send(this.#of.scheduler.nowUs, headerBytes, () => this.#end());
        this.#over();
      },
    });
    accepted = handlers !== undefined;
    if (!closed) this.#peer = handlers;
  }

  /** The service's answer to the SYN has reached the board. */
  #established(): void {
    this.#in.waits = peerData;
    if (this.#board === "gone") return this.#refuse();
    if (this.#board !== "connecting") return;
    this.#board = "open";
    this.#out.waits = boardData;
    this.#of.cpu.post(() => {
      if (this.#board !== "open") return;
      this.#told = true;
      this.#options.onWritable?.(sendBufferBytes);
    });
  }

  #delivered(segment: Uint8Array): void {
    if (this.#peer === undefined) {
      // Unless it is on its way already.
      if (this.#in.idle) this.#in.send(this.#of.scheduler.nowUs, headerBytes, () => this.#end());
      return;
    }
    this.#peer.received(segment);
    this.#acknowledgements.send(this.#of.scheduler.nowUs, headerBytes, this.#acknowledge, segment);
  }

  #acknowledged(segment: Uint8Array): void {
    this.#unacknowledged -= segment.length;
    if (this.#board === "open") this.#of.cpu.post(this.#writable);
  }

  #land(segment: Uint8Array): void {
    if (this.#board === "gone") this.#refuse();
    if (this.#board !== "open") return;
    if (this.#arrived === undefined) this.#arrived = segment;
    else (this.#more ??= []).push(segment);
    this.#of.cpu.post(this.#readable);
  }

  #tellWritable(): void {
    if (this.#board === "open") this.#options.onWritable?.(sendBufferBytes - this.#unacknowledged);
  }

  #tellReadable(): void {
    if (this.#board !== "open") return;
    let available = this.#arrived?.length ?? 0;
    if (this.#more !== undefined) for (const chunk of this.#more) available += chunk.length;
    if (available > 0) this.#options.onReadable?.(available);
  }

  /** The board knows no such connection, and says so. */
  #refuse(): void {
    if (this.#peer !== undefined && this.#out.idle) this.#out.send(this.#of.scheduler.nowUs, headerBytes, () => this.#hangUp());
  }

  /** The board learns that the connection has ended, or gives it up. */
  #end(): void {
    if (this.#board === "closed") this.#gone();
    if (this.#board === "gone") return;
    this.#of.cpu.post(() => {
      if (this.#board === "closed" || this.#board === "gone") return;
      this.#gone();
      this.#options.onError?.();
    });
  }

  #gone(): void {
    this.#board = "gone";
    this.#out.abandon();
    this.#acknowledgements.abandon();
    this.#over();
  }

  /** The board has lost its RAM. */
  #forget(): void {
    this.#board = "gone";
    this.#arrived = undefined;
    this.#more = undefined;
    this.#out.forget();
    this.#acknowledgements.abandon();
    this.#over();
  }

  /** The service's end: the board has closed or reset the connection, or is given up. */
  #hangUp(): void {
    const handlers = this.#peer;
    this.#peer = undefined;
    this.#in.abandon();
    handlers?.closed();
    this.#over();
  }

  /** Nobody knows the connection any more. */
  #over(): void {
    if (this.#peer !== undefined || (this.#board !== "closed" && this.#board !== "gone")) return;
    this.#settle();
    this.#of.link.conversations.delete(this);
  }
}

export function tcpClass(lan: Lan, link: Link, scheduler: Scheduler, cpu: Cpu): new (options: TCPOptions) => TCP {
  const of: Attached = { lan, link, scheduler, cpu };
  return boundClass(SimulatedTCP, of);
}
