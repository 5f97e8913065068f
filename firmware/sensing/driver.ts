/**
 * What a sensor driver is: ECMA-419's sensor class pattern (clause 13), so any pure-JavaScript driver
 * fits, with one optional addition, `start`, for sensors that take time to measure.
 */

import type { ReadingError } from "../base/reading-error.js";
import type { Clock } from "../device.js";

export type { ReadingError };

/** Samples of one quantity that a chip has collected by itself since it was read last. The driver may return the same object each time. */
export interface Burst {
  /** Oldest first; only the first `count` mean anything. The last was taken at the grid point, to within `periodMs`. */
  readonly values: readonly number[];
  readonly count: number;
  /** Between two of them, ms, above 0. */
  readonly periodMs: number;
  /** Samples that were lost before the first of these; 0 when they follow on those read last. */
  readonly lost: number;
}

export interface BurstForm {
  readonly periodMs: number;
  /** Samples that the chip can hold before some are lost. */
  readonly countMax: number;
}

/**
 * ECMA-419 sample object: quantities by sensor kind, e.g. `{ thermometer: { temperature: 21.3 } }` in °C.
 * A quantity that could not be read is undefined; one that a chip samples faster than it is read is a burst.
 */
export type Sample = { readonly [kind: string]: { readonly [quantity: string]: number | Burst | undefined } | undefined };

export interface SensorOptions<Io = unknown> {
  /** The bus or pin: its class as `io`, and the options that its constructor takes. */
  sensor: { io: Io } & Record<string, unknown>;
  /** For a driver that has to know how much time went by. */
  clock?: Clock;
  /** Called during `sample` for each quantity that could not be read, with the reason. */
  onError?: (error: ReadingError) => void;
}

/**
 * A driver's instance. `start` begins a measurement and returns how many ms it takes; `sample` reads
 * it. Without `start`, `sample` does both at once. Both may throw when the bus fails: the sampler
 * counts it as `bus` and goes on. `sample` may return the same object each time, always with
 * the same property names: each new one takes memory for good.
 */
export interface Driver {
  configure?(options: Record<string, unknown>): void;
  start?(): number;
  sample(): Sample | undefined;
  close(): void;
}

export interface DriverClass {
  // A driver names its own option types, which are narrower than any that could be written here.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  new (options: any): Driver;
  /** What its bursts will be with these options, for a driver that gives bursts. */
  bursts?(options: Readonly<Record<string, unknown>>): BurstForm;
  /** All that can be read from it, as `kind.quantity`. Where it is stated, an app's channels are held against it; a subclass that gives more states its own. */
  readonly quantities?: readonly string[];
  /** The only thing that it can hang on. Where it is stated, an app's sensors are held against it. */
  readonly on?: "i2c" | "analog" | "digital";
}
