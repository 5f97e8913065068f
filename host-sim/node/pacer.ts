/**
 * Drives virtual time by the wall clock: at speed N, a virtual second takes 1/N of a real one, or longer
 * where this computer cannot keep up: then virtual time falls behind, and nothing is missed. What is
 * thrown on the way, by the world or by the firmware, stops it and goes to `onFailed`, once.
 */
import type { Scheduler } from "../world/scheduler.js";

/** The most virtual time that passes without a look at the real world, µs: its sockets answer within the firmware's deadlines. */
const sliceUs = 1e6;
/** The longest sleep: what arrives from outside is handled at once all the same. */
const napMs = 100;

export class Pacer {
  readonly #scheduler: Scheduler;
  readonly #speed: number;
  readonly #onFailed: (error: unknown) => void;
  readonly #startMs = performance.now();
  readonly #startUs: number;
  #timer: NodeJS.Timeout | undefined;
  #next: NodeJS.Immediate | undefined;
  #behind = false;
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
    clearImmediate(this.#next);
  }

  #run(action: (() => void) | undefined): void {
    if (!this.#running) return;
    try {
      this.#advance();
      // An event may have stopped us.
      if (this.#running) action?.();
    } catch (error) {
      this.stop();
      this.#onFailed(error);
    }
    this.#plan();
  }

  #advance(): void {
    const dueUs = Math.floor(this.#startUs + (performance.now() - this.#startMs) * 1000 * this.#speed);
    this.#scheduler.runUntil(Math.min(dueUs, this.#scheduler.nowUs + sliceUs));
    this.#behind = dueUs > this.#scheduler.nowUs;
  }

  #plan(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#next);
    if (!this.#running) return;
    if (this.#behind) {
      this.#next = setImmediate(() => this.#run(undefined));
      return;
    }
    const aheadMs = (this.#scheduler.nextUs() - this.#scheduler.nowUs) / 1000 / this.#speed;
    this.#timer = setTimeout(() => this.#run(undefined), Math.min(napMs, Math.max(0, aheadMs)));
  }
}
