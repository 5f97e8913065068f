/**
 * A contact to ground with a pull-up, closing at a rate that follows a signal: rain gauge, flow or
 * energy meter. Gives its edges one after another, for the world to schedule.
 *
 * Modelled: closures spread by up to ±25 % of their period, closed for `closedUs`, and up to four bounces within
 * `bounceUs` after each closing and each opening.
 * Not modelled: edges faster than 20 µs, which a real input filters.
 * Faults: `stuck` = 0 or 1, a contact that no longer moves: closures in that time do not happen.
 * Saturates where it would be open for a shorter time than closed: at one closure each 2 × closedUs.
 */
import { hash, type Signal } from "./signal.js";

export interface PulseSourceOptions {
  seed: number;
  /** Closures a second; 0 or less is none. */
  ratePerS: Signal;
  /** How long a closure lasts, default 80,000 µs (a tipping rain gauge). */
  closedUs?: number;
  /** Within what time bouncing ends, default 3,000 µs; 0 is none. */
  bounceUs?: number;
}

export interface PinLevel {
  readonly atUs: number;
  readonly level: 0 | 1;
}

interface Planned extends PinLevel {
  readonly begins: boolean;
}

const IDLE_US = 1_000_000;
/** Bounces are no closer than this, µs. */
const EDGE_MIN_US = 20;
const BOUNCES_MAX = 4;

export class PulseSource {
  stuck: 0 | 1 | undefined = undefined;
  readonly #seed: number;
  readonly #ratePerS: Signal;
  readonly #closedUs: number;
  readonly #bounceUs: number;
  #planned: Planned[] = [];
  #plannedToUs = 0;
  /** How much of a closure is due, from 0 to about 1. */
  #due = 0;
  #draws = 0;
  #closures = 0;

  constructor(options: PulseSourceOptions) {
    this.#seed = options.seed;
    this.#ratePerS = options.ratePerS;
    this.#closedUs = options.closedUs ?? 80_000;
    this.#bounceUs = options.bounceUs ?? 3_000;
  }

  /** Closures whose first edge was given by `next`. */
  get closures(): number {
    return this.#closures;
  }

  /**
   * The first level after `afterUs`, which must not go back from call to call. May be what the level
   * already is: there is one at least once a second plus the time of a closure, so the caller never waits for long.
   */
  next(afterUs: number): PinLevel {
    for (;;) {
      const first = this.#planned.shift();
      if (first === undefined) this.#plan();
      else if (first.atUs > afterUs) {
        if (first.begins) this.#closures += 1;
        return { atUs: first.atUs, level: first.level };
      }
    }
  }

  #plan(): void {
    const rate = this.#ratePerS(this.#plannedToUs);
    const target = 0.75 + (0.5 * hash(this.#seed, 4 * this.#draws)) / 4294967296;
    const waitUs = rate > 0 ? ((target - this.#due) * 1e6) / rate : Infinity;
    if (waitUs > IDLE_US || this.stuck !== undefined) {
      this.#plannedToUs += IDLE_US;
      if (rate > 0 && this.stuck === undefined) this.#due += (rate * IDLE_US) / 1e6;
      this.#planned.push({ atUs: this.#plannedToUs, level: this.stuck ?? 1, begins: false });
      return;
    }
    const closesUs = this.#plannedToUs + (waitUs > 0 ? Math.ceil(waitUs) : 0);
    const opensUs = closesUs + this.#closedUs;
    const untilUs = opensUs + (this.#closedUs > 2 * this.#bounceUs ? this.#closedUs : 2 * this.#bounceUs);
    this.#draws += 1;
    this.#move(closesUs, 0);
    this.#move(opensUs, 1);
    this.#due = (rate * (untilUs - closesUs)) / 1e6;
    this.#plannedToUs = untilUs;
  }

  /** One edge and its bounces, which end where it meant to go. */
  #move(atUs: number, level: 0 | 1): void {
    const other = level === 0 ? 1 : 0;
    this.#planned.push({ atUs, level, begins: level === 0 });
    const draw = hash(this.#seed, 4 * this.#draws + 1 + level);
    const bounces = this.#bounceUs < 2 * EDGE_MIN_US * (2 * BOUNCES_MAX + 1) ? 0 : draw % (BOUNCES_MAX + 1);
    const slotUs = this.#bounceUs / (2 * bounces + 1);
    for (let i = 1; i <= 2 * bounces; i += 1) {
      const jitterUs = (((draw >>> (i + 3)) & 0xff) / 255) * (slotUs - EDGE_MIN_US);
      this.#planned.push({ atUs: Math.floor(atUs + slotUs * i + jitterUs), level: i % 2 === 1 ? other : level, begins: false });
    }
  }
}
