/**
 * The time as a channel's stages see it: that of the sample being pushed, or when a timer was due. It
 * never runs backwards, and a timer that fires late has the time at which it was due, so that what a
 * stage sends every so often stands on a grid of its own.
 */
import type { Clock, Timer, Timers } from "./device.js";

export class StageClock {
  /** ms since boot, a whole number. */
  atMs: number;
  readonly #clock: Clock;
  readonly #timers: Timers;
  #waiting: Timer[] = [];
  #stopped = false;

  constructor(clock: Clock, timers: Timers) {
    this.#clock = clock;
    this.#timers = timers;
    this.atMs = clock.nowMs();
  }

  moveTo(atMs: number): void {
    if (atMs > this.atMs) this.atMs = atMs;
  }

  after(delayMs: number, fire: () => void): Timer {
    if (this.#stopped) return undefined;
    const dueMs = this.atMs + delayMs;
    const leftMs = dueMs - this.#clock.nowMs();
    const timer = this.#timers.set(
      () => {
        this.#forget(timer);
        this.moveTo(dueMs);
        fire();
      },
      leftMs > 0 ? leftMs : 0,
    );
    this.#waiting.push(timer);
    return timer;
  }

  cancel(timer: Timer): void {
    this.#timers.clear(timer);
    this.#forget(timer);
  }

  /** No timer fires after it, and none can be set. */
  stop(): void {
    this.#stopped = true;
    for (const timer of this.#waiting) this.#timers.clear(timer);
    this.#waiting = [];
  }

  #forget(timer: Timer): void {
    const index = this.#waiting.indexOf(timer);
    if (index >= 0) this.#waiting.splice(index, 1);
  }
}
