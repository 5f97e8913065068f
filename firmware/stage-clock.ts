/**
 * The time as a channel's stages see it: that of the sample being pushed, or when a timer was due. It
 * never runs backwards, and a timer that fires late has the time at which it was due, so that what a
 * stage sends every so often stands on a grid of its own. A timer that is due with a sample, or before it,
 * fires before it, and a sample that is late by up to `limits.timerGraceMs` comes before what was due after
 * it: the order of results follows from times alone.
 */
import type { Clock, Timer, Timers } from "./device.js";
import { limits } from "./limits.js";

interface Waiting {
  readonly dueMs: number;
  readonly fire: () => void;
  readonly timer: Timer;
}

export class StageClock {
  /** ms since boot, a whole number. */
  atMs: number;
  readonly #clock: Clock;
  readonly #timers: Timers;
  #waiting: Waiting[] = [];
  #soonestMs = Infinity;
  #stopped = false;

  /** It stands at `startMs` until the first sample. */
  constructor(clock: Clock, timers: Timers, startMs = clock.nowMs()) {
    this.#clock = clock;
    this.#timers = timers;
    this.atMs = startMs;
  }

  /** Fires what is due until then. */
  moveTo(atMs: number): void {
    while (this.#soonestMs <= atMs) this.#fireSoonest();
    if (atMs > this.atMs) this.atMs = atMs;
  }

  after(delayMs: number, fire: () => void): Timer {
    if (this.#stopped) return undefined;
    const dueMs = this.atMs + delayMs;
    const leftMs = dueMs - this.#clock.nowMs();
    const timer = this.#timers.set(() => this.moveTo(dueMs), (leftMs > 0 ? leftMs : 0) + limits.timerGraceMs);
    const waiting: Waiting = { dueMs, fire, timer };
    this.#waiting.push(waiting);
    if (dueMs < this.#soonestMs) this.#soonestMs = dueMs;
    return waiting;
  }

  cancel(timer: Timer): void {
    this.#drop(this.#waiting.indexOf(timer as Waiting));
  }

  /** No timer fires after it, and none can be set. */
  stop(): void {
    this.#stopped = true;
    for (const { timer } of this.#waiting) this.#timers.clear(timer);
    this.#waiting = [];
    this.#soonestMs = Infinity;
  }

  /** Of those due at the same time, the one that was set first. */
  #fireSoonest(): void {
    const dueMs = this.#soonestMs;
    const index = this.#waiting.findIndex((waiting) => waiting.dueMs === dueMs);
    const { fire } = this.#waiting[index]!;
    this.#drop(index);
    if (dueMs > this.atMs) this.atMs = dueMs;
    fire();
  }

  #drop(index: number): void {
    if (index < 0) return;
    this.#timers.clear(this.#waiting[index]!.timer);
    this.#waiting.splice(index, 1);
    let soonestMs = Infinity;
    for (const { dueMs } of this.#waiting) if (dueMs < soonestMs) soonestMs = dueMs;
    this.#soonestMs = soonestMs;
  }
}
