/**
 * One way of a TCP connection: segments in their order, each sent again until it is through or the sender
 * gives up.
 *
 * Fault model: a segment may be lost on the way, and is when the board has no address as it arrives. The
 * sender then waits its time, longer each time, and sends it again; those after it wait at the receiver, and
 * those of them that were lost follow right behind. There is no fast retransmission, and none in vain: a
 * segment that is only slow is waited for. A severed pipe lets nothing pass and tells nobody; its sender
 * gives up as ever.
 */
import type { Link, Way } from "./link.js";
import type { Scheduler } from "./scheduler.js";

/** How long each try waits for its acknowledgement, µs; after the last the sender gives up. */
export type Waits = readonly number[];

class Segment {
  /** Its time to arrive has come: it waits at the receiver for one before it, unless it is lost. */
  landed = false;
  lost = false;
  /** Nobody sends it again, or hands it on. */
  gone = false;

  constructor(
    readonly bytes: number,
    public sentUs: number,
    readonly arrive: () => void,
  ) {}
}

export class SegmentPipe {
  waits: Waits;
  readonly #scheduler: Scheduler;
  readonly #link: Link;
  readonly #way: Way;
  readonly #spared: boolean;
  readonly #gaveUp: () => void;
  /** Under way, or waiting for one before; the first decides. */
  #queue: Segment[] = [];
  /** How often the first was lost. */
  #losses = 0;
  #severed = false;
  #once = false;

  /** `spared`: of acknowledgements, which are not lost by chance, since the next says the same. */
  constructor(scheduler: Scheduler, link: Link, way: Way, waits: Waits, gaveUp: () => void, spared = false) {
    this.#scheduler = scheduler;
    this.#link = link;
    this.#way = way;
    this.waits = waits;
    this.#gaveUp = gaveUp;
    this.#spared = spared;
  }

  /** Nothing is under way. */
  get idle(): boolean {
    return this.#queue.length === 0;
  }

  /** `bytes` with headers. */
  send(fromUs: number, bytes: number, arrive: () => void): void {
    const segment = new Segment(bytes, fromUs, arrive);
    this.#queue.push(segment);
    const arrivesUs = this.#link.arrivesUs(fromUs, bytes, this.#way, this.#spared);
    segment.lost = arrivesUs === Infinity;
    this.#scheduler.at(segment.lost ? fromUs : arrivesUs, () => this.#land(segment));
  }

  sever(): void {
    this.#severed = true;
  }

  /** The sender has lost its memory: what is on the air arrives or does not. */
  forget(): void {
    if (this.#losses > 0) this.abandon();
    else this.#once = this.#queue.length > 0;
  }

  /** Nothing of what was sent so far counts any more. */
  abandon(): void {
    for (const segment of this.#queue) segment.gone = true;
    this.#queue = [];
    this.#losses = 0;
    this.#once = false;
  }

  #land(segment: Segment): void {
    if (segment.gone) return;
    segment.landed = true;
    if (this.#severed || !this.#link.up) segment.lost = true;
    if (segment !== this.#queue[0]) return;
    if (segment.lost) this.#miss(segment);
    else this.#deliver(segment);
  }

  /** The first is through, and with it those behind that wait. */
  #deliver(first: Segment): void {
    this.#losses = 0;
    for (let segment: Segment | undefined = first; segment?.landed === true && !segment.gone; segment = this.#queue[0]) {
      if (segment.lost) {
        this.#send(segment);
        return;
      }
      this.#queue.shift();
      if (this.#queue.length === 0) this.#once = false;
      segment.arrive();
    }
  }

  #miss(segment: Segment): void {
    if (this.#once) return this.abandon();
    this.#scheduler.at(segment.sentUs + this.waits[this.#losses++]!, () => {
      if (segment.gone) return;
      if (this.#losses < this.waits.length) return this.#send(segment);
      this.abandon();
      this.#gaveUp();
    });
  }

  /** Sends the first again. */
  #send(segment: Segment): void {
    const nowUs = this.#scheduler.nowUs;
    segment.sentUs = nowUs;
    const arrivesUs = this.#link.arrivesUs(nowUs, segment.bytes, this.#way, this.#spared);
    segment.lost = arrivesUs === Infinity;
    segment.landed = false;
    this.#scheduler.at(segment.lost ? nowUs : arrivesUs, () => this.#land(segment));
  }
}
