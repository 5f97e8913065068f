/**
 * Virtual time: discrete events in one synchronous loop, ordered by time and, at one time, by the order
 * they were asked for. Nothing here knows the wall clock; whoever drives it may pace it by one.
 */

/**
 * What happens at a time. A class, and emptied when it is over: a thousand boards make V8 put into old space
 * what is written as a literal and often lives long, and each there keeps alive all that it led to.
 */
export abstract class Event {
  atUs = 0;
  /** Among those of one time; -1: it is not entered. */
  order = -1;
  cancelled = false;

  /** What it does. It may be entered again from here on. */
  abstract happen(): void;

  /** It will not happen: what it holds can go. */
  dropped(): void {}
}

class Action extends Event {
  #action: (() => void) | undefined;

  constructor(action: () => void) {
    super();
    this.#action = action;
  }

  happen(): void {
    const action = this.#action!;
    this.#action = undefined;
    action();
  }

  override dropped(): void {
    this.#action = undefined;
  }
}

/** So many cancelled events are not looked at. */
const idleMost = 1000;

export class Scheduler {
  #nowUs = 0;
  #order = 0;
  /** A binary heap by (atUs, order). */
  #heap: Event[] = [];
  /** How many in it will not happen. */
  #idle = 0;

  get nowUs(): number {
    return this.#nowUs;
  }

  /** Runs `action` at `atUs`, or now when that is past. */
  at(atUs: number, action: () => void): Event {
    const event = new Action(action);
    this.enter(atUs, event);
    return event;
  }

  /** Has `event`, which is not entered, happen at `atUs`, or now when that is past. */
  enter(atUs: number, event: Event): void {
    event.atUs = atUs > this.#nowUs ? atUs : this.#nowUs;
    event.order = this.#order++;
    const heap = this.#heap;
    let index = heap.length;
    heap.push(event);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(event, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = event;
  }

  cancel(event: Event): void {
    if (!event.cancelled && event.order >= 0) this.#idle++;
    event.cancelled = true;
    event.dropped();
    // Boards set timers anew all the time: those they cleared shall not be most of what is here.
    if (this.#idle > idleMost && 2 * this.#idle > this.#heap.length) this.#clean();
  }

  /** When the next event is due; Infinity when there is none. */
  nextUs(): number {
    while (this.#heap.length > 0 && this.#heap[0]!.cancelled) this.#pop();
    return this.#heap.length > 0 ? this.#heap[0]!.atUs : Infinity;
  }

  /** Runs every event due up to and at `untilUs`, then moves the clock there. */
  runUntil(untilUs: number): void {
    for (let nextUs = this.nextUs(); nextUs <= untilUs && nextUs < Infinity; nextUs = this.nextUs()) {
      const event = this.#pop();
      this.#nowUs = event.atUs;
      event.happen();
    }
    if (untilUs > this.#nowUs && untilUs !== Infinity) this.#nowUs = untilUs;
  }

  #pop(): Event {
    const heap = this.#heap;
    const top = heap[0]!;
    const last = heap.pop()!;
    if (heap.length > 0) this.#sink(0, last);
    top.order = -1;
    if (top.cancelled) this.#idle--;
    return top;
  }

  /** Puts `event` at `index`, or below. */
  #sink(index: number, event: Event): void {
    const heap = this.#heap;
    const length = heap.length;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= length) break;
      if (child + 1 < length && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, event)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = event;
  }

  #clean(): void {
    this.#heap = this.#heap.filter(({ cancelled }) => !cancelled);
    this.#idle = 0;
    for (let index = (this.#heap.length >> 1) - 1; index >= 0; index--) this.#sink(index, this.#heap[index]!);
  }
}

function before(a: Event, b: Event): boolean {
  return a.atUs < b.atUs || (a.atUs === b.atUs && a.order < b.order);
}
