/**
 * The board's one thread of JavaScript. Events wait while it is busy and are handled in order; what a
 * Device operation costs is charged here, so a slow operation makes everything after it late, as on a
 * board. While an event is handled, `nowUs` runs ahead of the world's clock by what was charged.
 *
 * Fault model: the power may go at any instant, also within a handler: the operation that would last
 * beyond it throws, and so does every one after it, so that nothing reaches the world any more.
 */
import { costs } from "./costs.js";
import type { Scheduler } from "./scheduler.js";

/** Thrown within a handler by the operation in which the power goes. Nobody who catches it can do anything. */
export class PowerLost extends Error {
  constructor() {
    super("the power is gone");
  }
}

export class Cpu {
  readonly #scheduler: Scheduler;
  /** The instant up to which the thread is occupied. */
  #busyUntilUs = 0;
  #handling = false;
  #waking = false;
  readonly #ready: (() => void)[] = [];
  #stopped = false;
  #powerEndsUs = Infinity;
  readonly #onStopped = new Set<() => void>();
  /** Hears what a handler throws; by default it goes to whoever runs the world. */
  onThrown: (error: unknown) => void = (error) => {
    throw error;
  };

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** The board's own idea of now. */
  get nowUs(): number {
    return this.#handling ? this.#busyUntilUs : this.#scheduler.nowUs;
  }

  /** How long the power still lasts, µs: what an operation that takes longer can do part of. */
  get powerLeftUs(): number {
    return this.#powerEndsUs - this.nowUs;
  }

  /** Adds to the time that the event being handled takes; between events, to the time that the thread is occupied. */
  charge(us: number): void {
    if (this.#stopped) throw new PowerLost();
    this.#busyUntilUs = Math.ceil(Math.max(this.#busyUntilUs, this.#scheduler.nowUs) + us);
    if (this.#busyUntilUs > this.#powerEndsUs) {
      this.#stopped = true;
      throw new PowerLost();
    }
  }

  /** Has `handler` called now, or when the thread is free. */
  post(handler: () => void): void {
    if (this.#stopped) return;
    this.#ready.push(handler);
    if (!this.#handling) this.#wake();
  }

  /** The power will be gone at `atUs`. Whoever says so calls `stop` then. */
  powerEndsAt(atUs: number): void {
    if (atUs < this.#powerEndsUs) this.#powerEndsUs = atUs;
  }

  /** The power is gone: nothing that waits is handled any more, and what hangs on this thread lets go of the world. */
  stop(): void {
    this.#stopped = true;
    this.#ready.length = 0;
    for (const release of this.#onStopped) release();
    this.#onStopped.clear();
  }

  /** Has `release` called when the power goes. What it returns takes that back. */
  onStopped(release: () => void): () => void {
    this.#onStopped.add(release);
    return () => this.#onStopped.delete(release);
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
    } catch (error) {
      if (!this.#stopped) this.onThrown(error);
    } finally {
      this.#handling = false;
    }
    if (this.#ready.length > 0) this.#wake();
  }
}
