/**
 * The board's one thread of JavaScript. Events wait while it is busy and are handled in order; what a
 * Device operation costs is charged here, so a slow operation makes everything after it late, as on a
 * board. While an event is handled, `nowUs` runs ahead of the world's clock by what was charged.
 */
import { costs } from "./costs.js";
import type { Scheduler } from "./scheduler.js";

export class Cpu {
  readonly #scheduler: Scheduler;
  /** The instant up to which the thread is occupied. */
  #busyUntilUs = 0;
  #handling = false;
  #waking = false;
  readonly #ready: (() => void)[] = [];
  #stopped = false;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** The board's own idea of now. */
  get nowUs(): number {
    return this.#handling ? this.#busyUntilUs : this.#scheduler.nowUs;
  }

  /** Adds to the time that the event being handled takes; between events, to the time that the thread is occupied. */
  charge(us: number): void {
    this.#busyUntilUs = Math.ceil(Math.max(this.#busyUntilUs, this.#scheduler.nowUs) + us);
  }

  /** Has `handler` called now, or when the thread is free. */
  post(handler: () => void): void {
    if (this.#stopped) return;
    this.#ready.push(handler);
    if (!this.#handling) this.#wake();
  }

  /** The power is gone: nothing that waits is handled any more. */
  stop(): void {
    this.#stopped = true;
    this.#ready.length = 0;
  }

  #wake(): void {
    if (this.#waking) return;
    if (this.#busyUntilUs > this.#scheduler.nowUs) {
      this.#waking = true;
      this.#scheduler.at(this.#busyUntilUs, () => {
        this.#waking = false;
        this.#handleOne();
      });
    } else this.#handleOne();
  }

  #handleOne(): void {
    const handler = this.#ready.shift();
    if (handler === undefined) return;
    this.#handling = true;
    this.#busyUntilUs = this.#scheduler.nowUs + costs.dispatchUs;
    try {
      handler();
    } finally {
      this.#handling = false;
    }
    if (this.#ready.length > 0) this.#wake();
  }
}
