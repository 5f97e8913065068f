/**
 * One connection between a central and a board, as the air carries it. The two meet at connection events, one an
 * interval; at each, the central sends first and the board then what it had ready before. Nothing is lost or turned
 * round in between: the radio sends a packet again until it is acknowledged.
 *
 * Fault model: at any instant nothing may pass any more; each end learns it when the supervision timeout is over.
 * An end may be gone (power), of which the other learns in the same way.
 *
 * A packet of the radio carries 251 bytes (LE Data Packet Length Extension, which ESP32 and phones have); `packetsAnEvent`
 * go each way at one event, as phones do it (4 to 6 are usual, Novel Bits and Punch Through have measured as much).
 */
import type { Event, Scheduler } from "./scheduler.js";

/** Bytes of a packet of the radio, and what L2CAP puts before a message (Bluetooth Core 5.4, vol 6 part B 2.4; vol 3 part A 3.1). */
const packetBytes = 251;
const headerBytes = 4;
export const packetsAnEvent = 4;

export type EndReason = "central" | "board" | "supervision";

export interface LinkOptions {
  readonly scheduler: Scheduler;
  readonly intervalUs: number;
  readonly supervisionUs: number;
}

/** What an end does when the connection is over for it. */
export interface LinkEnd {
  ended(reason: EndReason): void;
}

/** The board's end can say that it takes no more for now. */
export interface BoardLinkEnd extends LinkEnd {
  readonly full: boolean;
}

interface Message {
  /** Packets of the radio that are still to go. */
  packets: number;
  /** When it was ready to go, µs. */
  readonly readyUs: number;
  readonly arrive: () => void;
}

export class BleLink {
  readonly #options: LinkOptions;
  /** The first event. */
  readonly #anchorUs: number;
  readonly #toBoard: Message[] = [];
  readonly #toCentral: Message[] = [];
  #board: BoardLinkEnd | undefined;
  #central: LinkEnd | undefined;
  /** Messages pass. */
  #whole = true;
  #lastUs = -1;
  #event: Event | undefined;
  #eventUs = 0;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#anchorUs = options.scheduler.nowUs + options.intervalUs;
  }

  join(board: BoardLinkEnd, central: LinkEnd): void {
    this.#board = board;
    this.#central = central;
  }

  get nowUs(): number {
    return this.#options.scheduler.nowUs;
  }

  /** How many messages wait to go to the central. */
  get waiting(): number {
    return this.#toCentral.length;
  }

  /** A message of `bytes` (ATT's own), which is ready now. */
  toBoard(bytes: number, arrive: () => void): void {
    this.#send(this.#toBoard, bytes, this.nowUs, arrive);
  }

  /** A message that is ready at `readyUs`: a handler runs ahead of the world. */
  toCentral(bytes: number, readyUs: number, arrive: () => void): void {
    this.#send(this.#toCentral, bytes, readyUs, arrive);
  }

  /** Nothing passes any more. */
  lose(): void {
    if (!this.#whole) return;
    this.#stop();
    const { scheduler, supervisionUs } = this.#options;
    scheduler.at(this.nowUs + supervisionUs, () => {
      this.#end("board", "supervision");
      this.#end("central", "supervision");
    });
  }

  /** The board has lost its power, and knows nothing of all this any more. */
  boardGone(): void {
    this.#board = undefined;
    this.lose();
  }

  /** One end says that it is over: it hears nothing more, the other learns it at the next event, or in the end. `over`: then its radio is free. */
  endBy(who: "board" | "central", atUs: number, over: () => void = () => undefined): void {
    const other = who === "board" ? "central" : "board";
    const { scheduler, supervisionUs } = this.#options;
    if (this.#whole) {
      this.#stop();
      scheduler.at(this.#nextUs(atUs), () => {
        over();
        this.#end(other, who);
      });
    } else scheduler.at(atUs + supervisionUs, over);
    if (who === "board") this.#board = undefined;
    else this.#central = undefined;
  }

  #send(queue: Message[], bytes: number, readyUs: number, arrive: () => void): void {
    if (!this.#whole) return;
    queue.push({ packets: Math.ceil((bytes + headerBytes) / packetBytes), readyUs, arrive });
    this.#wake(readyUs);
  }

  /** The first event after `us` that was not yet. */
  #nextUs(us: number): number {
    const { intervalUs } = this.#options;
    const fromUs = Math.max(us, this.#lastUs + 1);
    return fromUs <= this.#anchorUs ? this.#anchorUs : this.#anchorUs + Math.ceil((fromUs - this.#anchorUs) / intervalUs) * intervalUs;
  }

  /** Events at which there is nothing to say are not simulated. */
  #wake(fromUs: number): void {
    const atUs = this.#nextUs(fromUs);
    if (this.#event !== undefined) {
      if (this.#eventUs <= atUs) return;
      this.#options.scheduler.cancel(this.#event);
    }
    this.#eventUs = atUs;
    this.#event = this.#options.scheduler.at(atUs, () => this.#meet());
  }

  #meet(): void {
    this.#event = undefined;
    const nowUs = this.nowUs;
    this.#lastUs = nowUs;
    this.#pass(this.#toBoard, () => this.#board?.full !== true);
    // What the board answers now is ready for the next event only.
    this.#pass(this.#toCentral, (message) => message.readyUs < nowUs);
    if (!this.#whole) return;
    if (this.#toBoard.length > 0) this.#wake(nowUs);
    else if (this.#toCentral.length > 0) this.#wake(this.#toCentral[0]!.readyUs);
  }

  #pass(queue: Message[], takes: (message: Message) => boolean): void {
    let room = packetsAnEvent;
    while (this.#whole && room > 0 && queue.length > 0 && takes(queue[0]!)) {
      const message = queue[0]!;
      const packets = Math.min(room, message.packets);
      room -= packets;
      message.packets -= packets;
      if (message.packets > 0) return;
      queue.shift();
      message.arrive();
    }
  }

  #stop(): void {
    this.#whole = false;
    this.#toBoard.length = 0;
    this.#toCentral.length = 0;
    if (this.#event !== undefined) this.#options.scheduler.cancel(this.#event);
    this.#event = undefined;
  }

  #end(who: "board" | "central", reason: EndReason): void {
    const end = who === "board" ? this.#board : this.#central;
    if (who === "board") this.#board = undefined;
    else this.#central = undefined;
    end?.ended(reason);
  }
}
