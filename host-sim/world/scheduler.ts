/**
 * Virtual time: discrete events in one synchronous loop, ordered by time and, at one time, by the order
 * they were asked for. Nothing here knows the wall clock; whoever drives it may pace it by one.
 */

/**
 * What happens at a time. A class, and emptied when it is over: a thousand boards make V8 put into old space
 * what is written as a literal and often lives long, and each there keeps alive all that it led to.
 */
export abstract class Event {
  /** It waits for its time. */
  entered = false;
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

const roomAtFirst = 64;
/** So many cancelled events are not looked at. */
const idleMost = 1000;

export class Scheduler {
  #nowUs = 0;
  #order = 0;
  // A binary heap by time and, among those of one time, order. Numbers apart, so that to compare events is not to touch them.
  #atUs = new Float64Array(roomAtFirst);
  #orders = new Float64Array(roomAtFirst);
  #events: Event[] = [];
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
    event.entered = true;
    const last = this.#events.length;
    this.#events.push(event);
    if (last === this.#atUs.length) this.#widen();
    this.#rise(last, atUs > this.#nowUs ? atUs : this.#nowUs, this.#order++, event);
  }

  cancel(event: Event): void {
    if (!event.cancelled && event.entered) this.#idle++;
    event.cancelled = true;
    event.dropped();
    // Boards set timers anew all the time: those they cleared shall not be most of what is here.
    if (this.#idle > idleMost && 2 * this.#idle > this.#events.length) this.#clean();
  }

  /** When the next event is due; Infinity when there is none. */
  nextUs(): number {
    while (this.#events.length > 0 && this.#events[0]!.cancelled) this.#pop();
    return this.#events.length > 0 ? this.#atUs[0]! : Infinity;
  }

  /** Runs every event due up to and at `untilUs`, then moves the clock there. */
  runUntil(untilUs: number): void {
    for (let nextUs = this.nextUs(); nextUs <= untilUs && nextUs < Infinity; nextUs = this.nextUs()) {
      this.#nowUs = nextUs;
      this.#pop().happen();
    }
    if (untilUs > this.#nowUs && untilUs !== Infinity) this.#nowUs = untilUs;
  }

  #pop(): Event {
    const top = this.#events[0]!;
    const event = this.#events.pop()!;
    const length = this.#events.length;
    if (length > 0) this.#sink(0, this.#atUs[length]!, this.#orders[length]!, event);
    top.entered = false;
    if (top.cancelled) this.#idle--;
    return top;
  }

  // What is taken apart from an array literal here is a quarter of a fleet's garbage: V8 does not see through it.

  /** Puts it at `index`, or above. */
  #rise(index: number, atUs: number, order: number, event: Event): void {
    const times = this.#atUs;
    const orders = this.#orders;
    const events = this.#events;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      // The youngest of its time is the last.
      if (times[parent]! <= atUs) break;
      times[index] = times[parent]!;
      orders[index] = orders[parent]!;
      events[index] = events[parent]!;
      index = parent;
    }
    times[index] = atUs;
    orders[index] = order;
    events[index] = event;
  }

  /** Puts it at `index`, or below. */
  #sink(index: number, atUs: number, order: number, event: Event): void {
    const times = this.#atUs;
    const orders = this.#orders;
    const events = this.#events;
    const length = events.length;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= length) break;
      const left = times[child]!;
      const right = child + 1 < length ? times[child + 1]! : Infinity;
      if (right < left || (right === left && orders[child + 1]! < orders[child]! && child + 1 < length)) child++;
      const time = times[child]!;
      if (time > atUs || (time === atUs && orders[child]! > order)) break;
      times[index] = time;
      orders[index] = orders[child]!;
      events[index] = events[child]!;
      index = child;
    }
    times[index] = atUs;
    orders[index] = order;
    events[index] = event;
  }

  #widen(): void {
    const [atUs, orders] = [this.#atUs, this.#orders];
    this.#atUs = new Float64Array(2 * atUs.length);
    this.#orders = new Float64Array(2 * atUs.length);
    this.#atUs.set(atUs);
    this.#orders.set(orders);
  }

  /** Lets go of what was cancelled. */
  #clean(): void {
    const [times, orders, events] = [this.#atUs, this.#orders, this.#events];
    let kept = 0;
    for (const [index, event] of events.entries()) {
      if (event.cancelled) continue;
      times[kept] = times[index]!;
      orders[kept] = orders[index]!;
      events[kept++] = event;
    }
    events.length = kept;
    this.#idle = 0;
    for (let index = (kept >> 1) - 1; index >= 0; index--) this.#sink(index, times[index]!, orders[index]!, events[index]!);
  }
}
