/**
 * Counts closures of a contact to ground on a digital input: rain gauges, flow and energy meters.
 *
 * Debounce: both edges are watched, and a level counts once it has held for `debounceMs`. So neither
 * the bounce of closing nor that of opening (which has falling edges too) counts twice, and a spike
 * shorter than `debounceMs` does not count at all. No timer is needed: edges may merge on their way
 * here, but there is always a call after the last one, so the level read in the latest call is the
 * one the contact came to rest at; whether it has held is judged at the next edge or at `sample`.
 *
 * A closure is counted exactly once if it and the gap before it last longer than the bounce, plus
 * `debounceMs`, plus 1 ms, plus what other work holds up the thread for. Shorter ones may be lost; none
 * is counted twice as long as the bounce is shorter than `debounceMs`. Only when the thread is held up
 * just after a spike was seen can that spike pass for a closure. Allocates nothing a sample.
 */
import type { Clock, Digital, DigitalConstructor, DigitalOptions } from "../../device.js";
import type { Driver, SensorOptions } from "../driver.js";
import { checkNames, numberOption } from "./options.js";

export interface PulseSample {
  /** `total` closures since the driver was made, `count` since the sample before. */
  readonly counter: { total: number; count: number };
  readonly [kind: string]: { readonly [quantity: string]: number | undefined } | undefined;
}

/** `sensor`: `io` a Digital class, `pin`, and `clock`. A contact that is closed at the start is not counted. */
export class PulseCounter implements Driver {
  static readonly on = "digital";
  static readonly quantities: readonly string[] = ["counter.total", "counter.count"];

  readonly #io: Digital;
  readonly #clock: Clock;
  readonly #sample: PulseSample = { counter: { total: 0, count: 0 } };
  #debounceMs = 20;
  #total = 0;
  #reported = 0;
  /** Where the contact last held still, where it was seen last, and when it was last seen to move. */
  #settled: number;
  #level: number;
  #movedMs: number;

  constructor(options: SensorOptions<DigitalConstructor>) {
    const sensor: Record<string, unknown> = options.sensor;
    const Io = options.sensor.io;
    this.#clock = sensor.clock as Clock;
    const pin: unknown = {
      mode: Io.InputPullUp,
      ...sensor,
      edge: Io.Rising + Io.Falling,
      onReadable: () => this.#look(true),
    };
    this.#settled = 1;
    this.#level = 1;
    this.#movedMs = this.#clock.nowMs();
    this.#io = new Io(pin as DigitalOptions);
    this.#level = this.#io.read();
    this.#settled = this.#level;
  }

  /** `debounceMs` 0 … 1000, default 20: longer than the contact bounces, shorter than it stays closed or open. */
  configure(options: Record<string, unknown>): void {
    checkNames("PulseCounter", options, ["debounceMs"]);
    this.#debounceMs = numberOption("PulseCounter", options, "debounceMs", this.#debounceMs, 0, 1000);
  }

  /** The same object each time. Looks at the pin as well, so a lost interrupt costs at most what happened in between. */
  sample(): PulseSample {
    this.#look(false);
    const counter = this.#sample.counter;
    counter.total = this.#total;
    counter.count = this.#total - this.#reported;
    this.#reported = this.#total;
    return this.#sample;
  }

  close(): void {
    this.#io.close();
  }

  #look(edge: boolean): void {
    const nowMs = this.#clock.nowMs();
    const level = this.#io.read();
    // More than `debounceMs` on a clock of whole milliseconds is `debounceMs` or more in truth.
    const held = nowMs - this.#movedMs > this.#debounceMs || this.#debounceMs === 0;
    if (held && this.#level !== this.#settled) {
      this.#settled = this.#level;
      if (this.#settled === 0) this.#total += 1;
    }
    if (edge || level !== this.#level) {
      this.#level = level;
      this.#movedMs = nowMs;
    }
  }
}
