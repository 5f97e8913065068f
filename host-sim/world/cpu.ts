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

/** An event that the thread is to handle, where a closure would be one object more. */
export interface Task {
  run(): void;
}

/** No event takes so long, µs: what does waits in an endless loop, and would hold the whole world up. */
const eventMaxUs = 60e6;

export class Cpu {
  /** The thread that handles an event just now; undefined between events. */
  static running: Cpu | undefined;
  readonly #scheduler: Scheduler;
  /** The instant up to which the thread is occupied. */
  #busyUntilUs = 0;
  #handling = false;
  #waking = false;
  readonly #ready: ((() => void) | Task)[] = [];
  #stopped = false;
  #powerEndsUs = Infinity;
  /** How far an operation may last: to the end of the power, or of what one event may take. */
  #limitUs = Infinity;
  readonly #onStopped = new Set<() => void>();
  readonly #woken = (): void => {
    this.#waking = false;
    const handler = this.#ready.shift();
    if (handler !== undefined) this.#handle(handler);
  };
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

  /** Until when it has something to do: what is asked of it before waits. */
  get busyUntilUs(): number {
    return Math.max(this.#busyUntilUs, this.#scheduler.nowUs);
  }

  /** The thread has come to its end: within an operation that the power did not last for, or because it was stopped. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** How long the power still lasts, µs: what an operation that takes longer can do part of. */
  get powerLeftUs(): number {
    return this.#powerEndsUs - this.nowUs;
  }

  /** Adds to the time that the event being handled takes; between events, to the time that the thread is occupied. */
  charge(us: number): void {
    if (this.#stopped) throw new PowerLost();
    this.#busyUntilUs = Math.ceil(Math.max(this.#busyUntilUs, this.#scheduler.nowUs) + us);
    if (this.#busyUntilUs > this.#limitUs) this.#exceeded();
  }

  /** Has `handler` called now, or when the thread is free. */
  post(handler: (() => void) | Task): void {
    if (this.#stopped) return;
    // Between events nothing is ready but what the thread is to be woken for.
    if (!this.#handling && !this.#waking && this.#busyUntilUs <= this.#scheduler.nowUs) return this.#handle(handler);
    this.#ready.push(handler);
    if (!this.#handling) this.#wake();
  }

  /** The power will be gone at `atUs`. Whoever says so calls `stop` then. */
  powerEndsAt(atUs: number): void {
    if (atUs < this.#powerEndsUs) this.#powerEndsUs = atUs;
    if (atUs < this.#limitUs) this.#limitUs = atUs;
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

  #exceeded(): void {
    if (this.#busyUntilUs > this.#powerEndsUs) {
      this.#stopped = true;
      throw new PowerLost();
    }
    // Who catches it goes on, and has time for that.
    this.#limitUs = Math.min(this.#powerEndsUs, this.#busyUntilUs + 1e6);
    throw new RangeError(`the board was busy for ${eventMaxUs / 1e6} s with one event: does a driver wait for what never comes?`);
  }

  #wake(): void {
    if (this.#waking) return;
    this.#waking = true;
    this.#scheduler.at(this.#busyUntilUs, this.#woken);
  }

  #handle(handler: (() => void) | Task): void {
    // What the power does not last for does not begin.
    if (this.#scheduler.nowUs + costs.dispatchUs > this.#powerEndsUs) {
      this.#stopped = true;
      return;
    }
    this.#handling = true;
    // One board's doing may reach another's thread at once: over a wire.
    const outer = Cpu.running;
    Cpu.running = this;
    this.#busyUntilUs = this.#scheduler.nowUs + costs.dispatchUs;
    this.#limitUs = Math.min(this.#powerEndsUs, this.#busyUntilUs + eventMaxUs);
    try {
      if (typeof handler === "function") handler();
      else handler.run();
    } catch (error) {
      if (!this.#stopped) this.onThrown(error);
    } finally {
      this.#handling = false;
      this.#limitUs = this.#powerEndsUs;
      Cpu.running = outer;
    }
    if (this.#ready.length > 0) this.#wake();
  }
}
