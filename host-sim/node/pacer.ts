/**
 * Drives virtual time by the wall clock: at speed N, a virtual second takes 1/N of a real one, or longer
 * where this computer cannot keep up: then virtual time falls behind, and nothing is missed. What is
 * thrown on the way, by the world or by the firmware, stops it and goes to `onFailed`, once.
 */
import type { Cpu } from "../world/cpu.js";
import type { Scheduler } from "../world/scheduler.js";

/** The most virtual time that passes without a look at the real world, µs: its sockets answer within the firmware's deadlines. */
const sliceUs = 1e6;
/** The longest sleep: what arrives from outside is handled at once all the same. */
const longestNapMs = 100;

export class Pacer {
  readonly #scheduler: Scheduler;
  readonly #speed: number;
  readonly #onFailed: (error: unknown) => void;
  readonly #grainMs: number;
  readonly #startMs = performance.now();
  readonly #startUs: number;
  #timer: NodeJS.Timeout | undefined;
  #next: NodeJS.Immediate | undefined;
  #behind = false;
  #running = true;
  /** Virtual time passes just now, or an action is done. */
  #busy = false;
  /** What has come from the real world and is not told yet, with the threads that handle it. */
  #cpus: Cpu[] = [];
  #handlers: (() => void)[] = [];
  /** When the timer rings, real ms. */
  #wakeMs = Infinity;
  readonly #wake = (): void => {
    this.#wakeMs = Infinity;
    this.#run(undefined);
  };
  readonly #look = (): void => {
    this.#next = undefined;
    this.#run(undefined);
  };

  /**
   * `grainMs`: at least so much real time lies between two looks, 0 … 100: what is due and what arrives waits so long.
   * Many boards then share a wake of this process, which costs as much as what a board does in it.
   */
  constructor(scheduler: Scheduler, speed: number, onFailed: (error: unknown) => void, grainMs = 0) {
    this.#grainMs = grainMs;
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

  /**
   * Has `handler` handled by `cpu` soon, at the wall clock's virtual time then, in the order of the calls: what comes from
   * many sockets together is brought in together.
   */
  post(cpu: Cpu, handler: () => void): void {
    this.#cpus.push(cpu);
    this.#handlers.push(handler);
    if (this.#busy || !this.#running) return;
    if (this.#grainMs > 0) this.#wakeIn(this.#grainMs);
    else this.#next ??= setImmediate(this.#look);
  }

  stop(): void {
    this.#running = false;
    clearTimeout(this.#timer);
    clearImmediate(this.#next);
  }

  #run(action: (() => void) | undefined): void {
    if (!this.#running) return;
    this.#busy = true;
    try {
      this.#advance();
      this.#deliver();
      // An event may have stopped us.
      if (this.#running) action?.();
    } catch (error) {
      this.stop();
      this.#onFailed(error);
    }
    this.#busy = false;
    this.#plan();
  }

  /** What was posted meanwhile comes in as well: what the firmware wrote has often left by now. */
  #deliver(): void {
    while (this.#handlers.length > 0 && this.#running) {
      const [cpus, handlers] = [this.#cpus, this.#handlers];
      this.#cpus = [];
      this.#handlers = [];
      this.#advance();
      for (let index = 0; index < handlers.length && this.#running; index++) cpus[index]!.post(handlers[index]!);
    }
  }

  #advance(): void {
    const dueUs = Math.floor(this.#startUs + (performance.now() - this.#startMs) * 1000 * this.#speed);
    this.#scheduler.runUntil(Math.min(dueUs, this.#scheduler.nowUs + sliceUs));
    this.#behind = dueUs > this.#scheduler.nowUs;
  }

  #plan(): void {
    if (!this.#running) return;
    if (this.#behind || this.#handlers.length > 0) {
      this.#next ??= setImmediate(this.#look);
      return;
    }
    const aheadMs = (this.#scheduler.nextUs() - this.#scheduler.nowUs) / 1000 / this.#speed;
    this.#wakeIn(Math.max(this.#grainMs, Math.min(longestNapMs, aheadMs)));
  }

  /** One that rings sooner is left alone: most of what arrives asks for nothing sooner. */
  #wakeIn(delayMs: number): void {
    // Node's timers count whole milliseconds: one that is rounded down rings for nothing.
    const napMs = Math.ceil(delayMs);
    const wakeMs = performance.now() + napMs;
    if (wakeMs > this.#wakeMs - 1) return;
    clearTimeout(this.#timer);
    this.#wakeMs = wakeMs;
    this.#timer = setTimeout(this.#wake, napMs);
  }
}
