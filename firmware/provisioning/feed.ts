/** Newest values as events, for as long as somebody wants them: looked for at intervals, so that sampling does nothing for it. A value that finds no room waits for the next look. */
import type { Timer, Timers } from "../device.js";
import { limits } from "../limits.js";
import type { Shown } from "./access.js";
import { event, type Session } from "./contract.js";

/** A class, since its methods stay in flash. */
export class Feed {
  private readonly timers: Timers;
  private readonly latest: (index: number) => Shown | undefined;
  private readonly session: Session;
  /** Of each channel, how many values it had when it was told last. */
  private told: number[] = [];
  private timer: Timer;
  private on = false;

  constructor(timers: Timers, latest: (index: number) => Shown | undefined, session: Session) {
    this.timers = timers;
    this.latest = latest;
    this.session = session;
  }

  start(): void {
    if (this.on) return;
    this.on = true;
    this.told = [];
    this.timer = this.timers.set(() => this.look(), 0);
  }

  stop(): void {
    this.on = false;
    this.timers.clear(this.timer);
  }

  private look(): void {
    for (let index = 0; ; index++) {
      const shown = this.latest(index);
      if (shown === undefined) break;
      if (shown.number === (this.told[index] ?? 0)) continue;
      if (!this.session.event(event.live, shownLine(shown))) break;
      this.told[index] = shown.number;
    }
    if (this.on) this.timer = this.timers.set(() => this.look(), limits.feedMs);
  }
}

export function shownLine({ channel, x, error, unit, atMs }: Omit<Shown, "number">): string {
  return channel + "\t" + (error === undefined ? x : "!" + error) + "\t" + unit + "\t" + atMs;
}
