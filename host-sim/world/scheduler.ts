/**
 * Virtual time: discrete events in one synchronous loop, ordered by time and, at one time, by the order
 * they were asked for. Nothing here knows the wall clock; whoever drives it may pace it by one.
 */
export interface Event {
  readonly atUs: number;
  cancelled: boolean;
}

interface Entry extends Event {
  readonly order: number;
  readonly action: () => void;
}

export class Scheduler {
  #nowUs = 0;
  #order = 0;
  /** A binary heap by (atUs, order). */
  readonly #heap: Entry[] = [];

  get nowUs(): number {
    return this.#nowUs;
  }

  /** Runs `action` at `atUs`, or now when that is past. */
  at(atUs: number, action: () => void): Event {
    const entry: Entry = { atUs: atUs > this.#nowUs ? atUs : this.#nowUs, order: this.#order++, action, cancelled: false };
    const heap = this.#heap;
    let index = heap.length;
    heap.push(entry);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(entry, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = entry;
    return entry;
  }

  cancel(event: Event): void {
    event.cancelled = true;
  }

  /** When the next event is due; Infinity when there is none. */
  nextUs(): number {
    while (this.#heap.length > 0 && this.#heap[0]!.cancelled) this.#pop();
    return this.#heap.length > 0 ? this.#heap[0]!.atUs : Infinity;
  }

  /** Runs every event due up to and at `untilUs`, then moves the clock there. */
  runUntil(untilUs: number): void {
    for (let nextUs = this.nextUs(); nextUs <= untilUs && nextUs < Infinity; nextUs = this.nextUs()) {
      const entry = this.#pop();
      this.#nowUs = entry.atUs;
      entry.action();
    }
    if (untilUs > this.#nowUs && untilUs !== Infinity) this.#nowUs = untilUs;
  }

  #pop(): Entry {
    const heap = this.#heap;
    const top = heap[0]!;
    const last = heap.pop()!;
    const length = heap.length;
    if (length > 0) {
      let index = 0;
      for (;;) {
        let child = 2 * index + 1;
        if (child >= length) break;
        if (child + 1 < length && before(heap[child + 1]!, heap[child]!)) child++;
        if (!before(heap[child]!, last)) break;
        heap[index] = heap[child]!;
        index = child;
      }
      heap[index] = last;
    }
    return top;
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.atUs < b.atUs || (a.atUs === b.atUs && a.order < b.order);
}
