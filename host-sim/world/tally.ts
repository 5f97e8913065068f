/** What a station did, counted outside the firmware over all its boots: samples at its drivers, values by the numbers in its messages. */
import type { App } from "../../firmware/declaration.js";
import type { ReadingError } from "../../firmware/base/reading-error.js";

export interface StationCounts {
  simulatedMs: number;
  boots: number;
  samples: number;
  /** Grid points that passed under power without a sample. */
  missed: number;
  readErrors: number;
  /** What the channels gave out, by the numbers in their messages. */
  emitted: number;
  published: number;
  retransmitted: number;
  acknowledged: number;
  /** Connections that the broker accepted. */
  connections: number;
  bytesOut: number;
}

/** A sample that has begun may still be measuring: the slowest shipped sensor, a BME280 at 16×, takes 113 ms. */
const measuringMs = 120;

export class Tally {
  readonly #app: App;
  /** Of this boot, by sensor: how many samples, and when the last was over, ms. */
  readonly #samples = new Map<string, { count: number; lastMs: number }>();
  /** Of this boot, by topic. */
  readonly #numbers = new Map<string, number>();
  #bootMs = 0;
  /** When this boot's sampling ended; undefined while it goes on. */
  #endMs: number | undefined = 0;
  #boots = 0;
  // Of the boots before this one.
  #pastSamples = 0;
  #pastMissed = 0;
  #pastEmitted = 0;
  #readErrors = 0;

  constructor(app: App) {
    this.#app = app;
  }

  booted(atMs: number): void {
    this.#boots++;
    this.#bootMs = atMs;
    this.#endMs = undefined;
  }

  sampled(sensor: string, atMs: number, error: ReadingError | undefined): void {
    const of = this.#samples.get(sensor);
    if (of === undefined) this.#samples.set(sensor, { count: 1, lastMs: atMs });
    else {
      of.count++;
      of.lastMs = atMs;
    }
    if (error !== undefined) this.#readErrors++;
  }

  published(topic: string, payload: Buffer): void {
    const number = numberOf(payload);
    if (number > 0) this.#numbers.set(topic, number);
  }

  /** Sampling ends in order. */
  stopped(atMs: number): void {
    this.#endMs = atMs;
  }

  powerLost(atMs: number): void {
    this.#endMs ??= atMs;
    const { samples, emitted } = this.#ofThisBoot();
    this.#pastSamples += samples;
    this.#pastEmitted += emitted;
    this.#pastMissed += this.#missed(this.#endMs);
    this.#samples.clear();
    this.#numbers.clear();
  }

  counts(nowMs: number): Pick<StationCounts, "simulatedMs" | "boots" | "samples" | "missed" | "readErrors" | "emitted"> {
    const { samples, emitted } = this.#ofThisBoot();
    return {
      simulatedMs: Math.floor(this.#endMs ?? nowMs),
      boots: this.#boots,
      samples: this.#pastSamples + samples,
      missed: this.#pastMissed + (this.#samples.size > 0 || this.#endMs === undefined ? this.#missed(this.#endMs ?? nowMs) : 0),
      readErrors: this.#readErrors,
      emitted: this.#pastEmitted + emitted,
    };
  }

  #ofThisBoot(): { samples: number; emitted: number } {
    let samples = 0;
    for (const { count } of this.#samples.values()) samples += count;
    let emitted = 0;
    for (const number of this.#numbers.values()) emitted += number;
    return { samples, emitted };
  }

  /** How many grid points of this boot passed by `atMs` without their sample. */
  #missed(atMs: number): number {
    let missed = 0;
    for (const [sensor, { everyMs, phaseMs = 0 }] of Object.entries(this.#app.sensors)) {
      const { count = 0, lastMs = -1 } = this.#samples.get(sensor) ?? {};
      const throughMs = Math.max(lastMs, atMs - measuringMs) - this.#bootMs;
      const points = throughMs < phaseMs ? 0 : Math.floor((throughMs - phaseMs) / everyMs) + 1;
      missed += Math.max(0, points - count);
    }
    return missed;
  }
}

/** N of a message that ends in `"n":N}`; 0 where it does not. */
function numberOf(payload: Buffer): number {
  let at = payload.length - 1;
  if (payload[at] !== closingBrace) return 0;
  let number = 0;
  for (let unit = 1; payload[at - 1]! >= zero && payload[at - 1]! <= zero + 9; unit *= 10) number += (payload[--at]! - zero) * unit;
  return payload[at - 1] === colon && payload[at - 3] === letterN && payload[at - 4] === quote ? number : 0;
}

const [closingBrace, zero, colon, letterN, quote] = [0x7d, 0x30, 0x3a, 0x6e, 0x22];
