/**
 * What a stage may use where it is built: the samples it gets, the time, timers, a number that outlives
 * restarts. A stage takes out what it needs when it is built and keeps no reference to the site.
 */
import type { Timer } from "../device.js";
import type { Flow } from "./flow.js";
import type { Sink, Way } from "./push.js";
import type { Stage } from "./stage.js";

/** A running number of one stage that a restart does not lose. */
export interface Total {
  /** What was kept last, perhaps some minutes old after a power cut; undefined when there is none. */
  restore(): number | undefined;
  /** Takes note of it; writes it down from time to time. */
  keep(x: number): void;
}

/** What a channel gives all of its stages. */
export interface Ground {
  /** Smallest difference that means anything, in the channel's unit, > 0. */
  readonly resolution: number;
  /**
   * Grid time of the sample being pushed, or when a timer was due in its callback, ms since boot: a whole
   * number that never runs backwards and may pass 2^32. Also answers while building: the time of the start.
   */
  readonly sampleMs: () => number;
  /** Calls `fire` once, `delayMs` (above 0, at most `limits.periodMaxMs`) after `sampleMs()`; what it pushes has the time at which it was due. */
  readonly after: (delayMs: number, fire: () => void) => Timer;
  /** A timer that has fired or was cancelled is ignored. */
  readonly cancel: (timer: Timer) => void;
  /** `meaning` says what the number is, with whatever changes it, e.g. `integral 3600000`. */
  readonly total: (meaning: string) => Total;
}

export interface Site extends Ground {
  /** Of the samples that arrive at the stage. */
  readonly flow: Flow;
  readonly summary: Sink["summary"];
  /** For a stage that holds stages: these, ending in `next`. They were checked with it. */
  readonly chain: (stages: readonly Stage[], next: Way) => Way;
}
