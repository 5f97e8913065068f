/** Drives virtual time by the wall clock: at speed N, a virtual second takes 1/N of a real one. */
import type { Scheduler } from "../world/scheduler.js";

/** The longest sleep: what arrives from outside is handled at once all the same. */
const napMs = 100;

export class Pacer {
  readonly #scheduler: Scheduler;
  readonly #speed: number;
  readonly #startMs = performance.now();
  readonly #startUs: number;
  #timer: NodeJS.Timeout | undefined;
  #running = true;

  constructor(scheduler: Scheduler, speed: number) {
    this.#scheduler = scheduler;
    this.#speed = speed;
    this.#startUs = scheduler.nowUs;
    this.#plan();
  }

  /** Brings virtual time up to the wall clock, then does `action` there: how the real world's events come in. */
  inject(action: () => void): void {
    if (!this.#running) return;
    this.#advance();
    action();
    this.#plan();
  }

  stop(): void {
    this.#running = false;
    clearTimeout(this.#timer);
  }

  #advance(): void {
    this.#scheduler.runUntil(Math.floor(this.#startUs + (performance.now() - this.#startMs) * 1000 * this.#speed));
  }

  #plan(): void {
    clearTimeout(this.#timer);
    if (!this.#running) return;
    const aheadMs = (this.#scheduler.nextUs() - this.#scheduler.nowUs) / 1000 / this.#speed;
    this.#timer = setTimeout(
      () => {
        this.#advance();
        this.#plan();
      },
      Math.min(napMs, Math.max(0, aheadMs)),
    );
  }
}
