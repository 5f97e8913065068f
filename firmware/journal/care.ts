/**
 * Has the journal's slow work done where it disturbs nobody: an erase holds up the thread, so it is begun just
 * after a sample, when the next one is far enough off. Where samples never leave so much time, it is done all
 * the same after a while, right after a sample: what then is late is late by one erase.
 */
import type { Clock, Timer, Timers } from "../device.js";
import { limits } from "../limits.js";
import type { Journal } from "./contract.js";

export class Care {
  private readonly clock: Clock;
  private readonly timers: Timers;
  private readonly journal: Journal;
  /** When the next sample is due, ms; Infinity: none is. */
  private readonly nextSampleMs: () => number;
  private timer: Timer;
  private isWaiting = false;
  private sinceMs = 0;

  constructor(clock: Clock, timers: Timers, journal: Journal, nextSampleMs: () => number) {
    this.clock = clock;
    this.timers = timers;
    this.journal = journal;
    this.nextSampleMs = nextSampleMs;
  }

  /** There may be something to do: after an append, an acknowledgement, at the start. */
  wake(): void {
    if (this.isWaiting || !this.journal.isNeedy) return;
    this.isWaiting = true;
    this.sinceMs = this.clock.nowMs();
    this.wait();
  }

  stop(): void {
    if (this.isWaiting) this.timers.clear(this.timer);
    this.isWaiting = true;
  }

  /** Until the next sample has been taken. */
  private wait(): void {
    const leftMs = this.nextSampleMs() - this.clock.nowMs();
    this.timer = this.timers.set(() => this.look(), (leftMs > 0 && leftMs < limits.carePatienceMs ? leftMs : 0) + limits.careAfterMs);
  }

  private look(): void {
    const nowMs = this.clock.nowMs();
    const isQuiet = this.nextSampleMs() - nowMs >= limits.careQuietMs;
    if (!isQuiet && nowMs - this.sinceMs < limits.carePatienceMs) return this.wait();
    this.isWaiting = false;
    this.journal.tend();
    this.wake();
  }
}
