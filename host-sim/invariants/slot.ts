/** What one topic should have been given since the board booted, message by message, and how far the wire has come. */
import type { ReadingError } from "../../firmware/base/reading-error.js";
import type { SummaryResult } from "./stage-oracle.js";

/** The grid point of the sample that made it, ms of the board's clock, and what it is. */
export type Emission = { readonly ms: number; readonly atMs: number; readonly eventUs: number } & (
  | { readonly kind: "value"; readonly value: number }
  | { readonly kind: "error"; readonly error: ReadingError }
  | { readonly kind: "summary"; readonly summary: SummaryResult }
);

export class Slot {
  /** Below `mote/<device>/`. */
  readonly topic: string;
  /** That its channel reads from. */
  readonly sensor: string;
  /** The channel's smallest difference. */
  readonly resolution: number;
  readonly emissions: Emission[] = [];
  /** Of the last message on the wire: its `n`; and how many there were, repetitions left out. */
  lastNumber = 0;
  sent = 0;

  constructor(topic: string, sensor: string, resolution: number) {
    this.topic = topic;
    this.sensor = sensor;
    this.resolution = resolution;
  }

  /** How many were given out before the event `eventUs`: within it, the channel's turn may not have come yet. */
  countBefore(eventUs: number): number {
    let count = this.emissions.length;
    while (count > 0 && this.emissions[count - 1]!.eventUs === eventUs) count--;
    return count;
  }

  clear(): void {
    this.emissions.length = 0;
    this.lastNumber = this.sent = 0;
  }
}
