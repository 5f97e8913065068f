/**
 * What a stage may use where it is built: the samples it gets, the time, timers, what outlives
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

/**
 * A stage's walk over all numbers of its state: always the same ones in the same order and as many bytes as `Family.state`
 * says. Each call takes note of `x`, and gives what it shall be from now on: `mean = state.number(mean)`. Called when the
 * state is restored, before the first sample, and each time it is written; so walking costs no sample anything.
 */
export interface State {
  /** While it is restored: nobody knows how long the board was without power, so what follows from time is no longer true. */
  readonly timeLost: boolean;
  /** Any finite number. 8 bytes. */
  number(x: number): number;
  /** Finite, 0 or more. 8 bytes. */
  size(x: number): number;
  /** Within ±`limits.valueMax`, or infinity, which windows put where no sample is. 8 bytes. */
  sample(x: number): number;
  /** A number that `Math.fround` leaves as it is. 4 bytes. */
  single(x: number): number;
  /** From 0 to `most`, below 2^32. 1, 2 or 4 bytes, as `most` needs. */
  whole(x: number, most: number): number;
  /** 1 byte. */
  truth(x: boolean): boolean;
}

export type Walk = (state: State) => void;

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
  /** Keeps the state of a stage of that name; `meaning` is what its numbers depend on. Without it, none is kept. */
  readonly state?: ((stage: string, meaning: string, bytes: number, walk: Walk, needsTime: boolean) => void) | undefined;
}

export interface Site extends Omit<Ground, "state"> {
  /** Restores the state that `walk` goes over, and keeps it from now on; undefined where it shall not be kept. */
  readonly state: ((walk: Walk) => void) | undefined;
  /** Of the samples that arrive at the stage. */
  readonly flow: Flow;
  readonly summary: Sink["summary"];
  /** For a stage that holds stages: these, ending in `next`. They were checked with it. */
  readonly chain: (stages: readonly Stage[], next: Way) => Way;
}
