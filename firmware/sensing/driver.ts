/**
 * What a sensor driver is: ECMA-419's sensor class pattern (clause 13), so any pure-JavaScript driver
 * fits, with one optional addition, `start`, for sensors that take time to measure.
 */

import type { ReadingError } from "../base/reading-error.js";

export type { ReadingError };

/** ECMA-419 sample object: quantities by sensor kind, e.g. `{ thermometer: { temperature: 21.3 } }` in °C. A quantity that could not be read is undefined. */
export type Sample = { readonly [kind: string]: { readonly [quantity: string]: number | undefined } | undefined };

export interface SensorOptions<Io = unknown> {
  /** The bus or pin: its class as `io`, and the options that its constructor takes. */
  sensor: { io: Io } & Record<string, unknown>;
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

// A driver names its own option types, which are narrower than any that could be written here.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type DriverClass = new (options: any) => Driver;
