/**
 * Drives virtual time by the wall clock: at speed N, a virtual second takes 1/N of a real one. What is
 * thrown on the way, by the world or by the firmware, stops it and goes to `onFailed`, once.
 */
import type { Scheduler } from "../world/scheduler.js";

/** The longest sleep: what arrives from outside is handled at once all the same. */
const napMs = 100;

export class Pacer {
  readonly #scheduler: Scheduler;
  readonly #speed: number;
  readonly #onFailed: (error: unknown) => void;
  readonly #startMs = performance.now();
  readonly #startUs: number;
  #timer: NodeJS.Timeout | undefined;
  #running = true;

  constructor(scheduler: Scheduler, speed: number, onFailed: (error: unknown) => void) {
    this.#scheduler = scheduler;
    this.#speed = speed;
    this.#onFailed = onFailed;
    this.#startUs = scheduler.nowUs;
    this.#plan();
  }

  /** Brings virtual time up to the wall clock, then does `action` there: how the real world's events come in. Nothing once stopped. */
  inject(action: () => void): void {
    this.#run(action);
  }

  stop(): void {
    this.#running = false;
    clearTimeout(this.#timer);
  }

  #run(action: (() => void) | undefined): void {
    if (!this.#running) return;
    try {
      this.#scheduler.runUntil(Math.floor(this.#startUs + (performance.now() - this.#startMs) * 1000 * this.#speed));
      // An event may have stopped us.
      if (this.#running) action?.();
    } catch (error) {
      this.stop();
      this.#onFailed(error);
    }
    this.#plan();
  }

  #plan(): void {
    clearTimeout(this.#timer);
    if (!this.#running) return;
    const aheadMs = (this.#scheduler.nextUs() - this.#scheduler.nowUs) / 1000 / this.#speed;
    this.#timer = setTimeout(() => this.#run(undefined), Math.min(napMs, Math.max(0, aheadMs)));
  }
}
