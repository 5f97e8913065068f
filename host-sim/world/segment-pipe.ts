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
import { Event, type Scheduler } from "./scheduler.js";

/** How long each try waits for its acknowledgement, µs; after the last the sender gives up. */
export type Waits = readonly number[];

/** What is done with what a segment carried, on its arrival. */
export type Arrive = (carried: Uint8Array) => void;

const nothing: Uint8Array = new Uint8Array(0);

/** Happens when its time to arrive has come. */
class Segment extends Event {
  readonly #pipe: SegmentPipe;
  /** With headers. */
  readonly bytes: number;
  sentUs: number;
  readonly arrive: Arrive;
  readonly carried: Uint8Array;
  /** The one sent after it. */
  next: Segment | undefined = undefined;
  /** Its time to arrive has come: it waits at the receiver for one before it, unless it is lost. */
  landed = false;
  lost = false;
  /** Nobody sends it again, or hands it on. */
  gone = false;

  constructor(pipe: SegmentPipe, bytes: number, sentUs: number, arrive: Arrive, carried: Uint8Array) {
    super();
    this.#pipe = pipe;
    this.bytes = bytes;
    this.sentUs = sentUs;
    this.arrive = arrive;
    this.carried = carried;
  }

  happen(): void {
    this.#pipe.land(this);
  }
}

export class SegmentPipe {
  waits: Waits;
  readonly #scheduler: Scheduler;
  readonly #link: Link;
  readonly #way: Way;
  readonly #spared: boolean;
  readonly #gaveUp: () => void;
  /** Under way, or waiting for one before; the first decides. A list of their own: most of the time there is one, or none. */
  #first: Segment | undefined = undefined;
  #last: Segment | undefined = undefined;
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
    return this.#first === undefined;
  }

  /** `bytes` with headers. */
  send(fromUs: number, bytes: number, arrive: Arrive, carried: Uint8Array = nothing): void {
    const segment = new Segment(this, bytes, fromUs, arrive, carried);
    if (this.#last === undefined) this.#first = segment;
    else this.#last.next = segment;
    this.#last = segment;
    this.#launch(segment, fromUs);
  }

  sever(): void {
    this.#severed = true;
  }

  /** The sender has lost its memory: what is on the air arrives or does not. */
  forget(): void {
    if (this.#losses > 0) this.abandon();
    else this.#once = this.#first !== undefined;
  }

  /** Nothing of what was sent so far counts any more. */
  abandon(): void {
    for (let segment = this.#first; segment !== undefined; segment = segment.next) segment.gone = true;
    this.#first = undefined;
    this.#last = undefined;
    this.#losses = 0;
    this.#once = false;
  }

  /** For segments alone: its time to arrive has come. */
  land(segment: Segment): void {
    if (segment.gone) return;
    segment.landed = true;
    if (this.#severed || !this.#link.up) segment.lost = true;
    if (segment !== this.#first) return;
    if (segment.lost) this.#miss(segment);
    else this.#deliver(segment);
  }

  /** The first is through, and with it those behind that wait. */
  #deliver(first: Segment): void {
    this.#losses = 0;
    for (let segment: Segment | undefined = first; segment?.landed === true && !segment.gone; segment = this.#first) {
      if (segment.lost) {
        this.#sendAgain(segment);
        return;
      }
      this.#first = segment.next;
      if (this.#first === undefined) {
        this.#last = undefined;
        this.#once = false;
      }
      // What is in old space by now keeps nothing alive.
      segment.next = undefined;
      segment.arrive(segment.carried);
    }
  }

  #miss(segment: Segment): void {
    if (this.#once) return this.abandon();
    this.#scheduler.at(segment.sentUs + this.waits[this.#losses++]!, () => {
      if (segment.gone) return;
      if (this.#losses < this.waits.length) return this.#sendAgain(segment);
      this.abandon();
      this.#gaveUp();
    });
  }

  /** Sends the first again. */
  #sendAgain(segment: Segment): void {
    segment.sentUs = this.#scheduler.nowUs;
    segment.landed = false;
    this.#launch(segment, segment.sentUs);
  }

  #launch(segment: Segment, fromUs: number): void {
    const arrivesUs = this.#link.arrivesUs(fromUs, segment.bytes, this.#way, this.#spared);
    segment.lost = arrivesUs === Infinity;
    this.#scheduler.enter(segment.lost ? fromUs : arrivesUs, segment);
  }
}
