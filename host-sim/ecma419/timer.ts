/**
 * The SDK's `timer` module: callbacks in whole milliseconds, and the blocking delay. A repeated timer
 * keeps to its grid; what it missed while the board was busy it does not catch up on. One whose
 * repetition is 0 when its callback returns is over, as in the SDK.
 */
import { board } from "./board.js";

type Callback = (timer: Timer) => void;

/** Natives take whole numbers; nothing is 0. */
function whole(ms: number | undefined): number {
  const given = Math.trunc(Number(ms));
  return given > 0 ? given : 0;
}

export default class Timer {
  /** Undefined once the timer is over. */
  #callback: Callback | undefined;
  #pending: unknown;
  #dueMs = 0;
  /** Infinity while the timer rests. */
  #repeatMs = 0;

  /** Once after `delayMs`, and then every `repeatMs` unless that is 0. */
  static set(callback: Callback, delayMs = 0, repeatMs = 0): Timer {
    const timer = new Timer();
    timer.#callback = callback;
    timer.#begin(whole(delayMs), whole(repeatMs));
    return timer;
  }

  static repeat(callback: Callback, everyMs: number): Timer {
    return Timer.set(callback, everyMs, everyMs);
  }

  /** Without times, the timer rests until it is scheduled again. Throws when it is over. */
  static schedule(timer: Timer, delayMs?: number, repeatMs?: number): void {
    if (timer.#callback === undefined) throw new Error("this timer is over: set a new one");
    timer.#rest();
    if (delayMs !== undefined) timer.#begin(whole(delayMs), whole(repeatMs));
  }

  static clear(timer?: Timer | null): void {
    if (timer === undefined || timer === null) return;
    timer.#rest();
    timer.#callback = undefined;
  }

  /** Blocks the board's one thread: everything else comes later. */
  static delay(ms: number): void {
    board().delay(whole(ms));
  }

  #begin(delayMs: number, repeatMs: number): void {
    this.#dueMs = board().device.clock.nowMs() + delayMs;
    this.#repeatMs = repeatMs;
    this.#wait(delayMs);
  }

  #wait(ms: number): void {
    this.#pending = board().device.timers.set(() => this.#fire(), ms);
  }

  #rest(): void {
    if (this.#pending !== undefined) board().device.timers.clear(this.#pending);
    this.#pending = undefined;
    this.#repeatMs = Infinity;
  }

  #fire(): void {
    this.#pending = undefined;
    this.#callback!(this);
    if (this.#callback === undefined) return;
    if (this.#repeatMs === 0) Timer.clear(this);
    // The callback may have scheduled it anew, or laid it to rest.
    else if (this.#pending === undefined && this.#repeatMs !== Infinity) {
      const nowMs = board().device.clock.nowMs();
      this.#dueMs = Math.max(this.#dueMs + this.#repeatMs, nowMs);
      this.#wait(this.#dueMs - nowMs);
    }
  }
}
