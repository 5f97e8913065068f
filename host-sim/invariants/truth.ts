/**
 * What a shipped driver gives is what its chip measured then, as finely as the chip's datasheet resolves it.
 * Faults that distort a measurement are part of what the chip measured, so nothing is asked of it meanwhile; a bit
 * that flips on the way from a chip with checksums must never get through.
 */
import type { ReadingError } from "../../firmware/base/reading-error.js";
import { BME280 } from "../../firmware/sensing/drivers/bme280.js";
import { NTC } from "../../firmware/sensing/drivers/ntc.js";
import { SHT3x } from "../../firmware/sensing/drivers/sht3x.js";
import type { DriverClass, Sample } from "../../firmware/sensing/driver.js";
import type { FaultKind } from "../faults/catalogue.js";
import type { Environment } from "../world/environment.js";
import type { Felt } from "./felt.js";
import type { Scene, Watcher } from "./watcher.js";

interface Measured {
  readonly path: readonly [kind: string, quantity: string];
  readonly of: keyof Environment;
  /** What the chip can report (its datasheet; world/chips). */
  readonly least: number;
  readonly most: number;
  /** How far a right reading may lie from what was felt: half a step of its converter, and its rounding. */
  readonly tolerance: number;
}

const measured = new Map<DriverClass, readonly Measured[]>([
  [
    SHT3x,
    [
      { path: ["thermometer", "temperature"], of: "temperatureC", least: -45, most: 130, tolerance: 0.0014 },
      { path: ["hygrometer", "humidity"], of: "humidityPercent", least: 0, most: 100, tolerance: 0.0008 },
    ],
  ],
  [
    BME280,
    [
      { path: ["thermometer", "temperature"], of: "outdoorC", least: -40, most: 85, tolerance: 0.006 },
      { path: ["barometer", "pressure"], of: "pressurePa", least: 30_000, most: 110_000, tolerance: 3 },
      { path: ["hygrometer", "humidity"], of: "humidityPercent", least: 0, most: 100, tolerance: 0.03 },
    ],
  ],
  // Whole millivolts, and then counts of 0.6 mV: a quarter of a degree at the cold end.
  [NTC, [{ path: ["thermometer", "temperature"], of: "temperatureC", least: -55, most: 150, tolerance: 0.3 }]],
]);

/** The SHT3x's CRC finds up to three flipped bits in a word: more faults at once may get past it (its Hamming distance is 4). */
const flipsFound = 3;

const distorting: readonly FaultKind[] = ["stuck", "spike", "drift", "saturation"];

export class Truth implements Watcher {
  readonly #scene: Scene;
  readonly #felt: Felt;
  /** Measurements under way, by sensor: since when. */
  readonly #marks = new Map<string, number>();
  /** Sensors whose measurement under way was distorted. */
  readonly #distorted = new Set<string>();
  /** A BME280 has no checksums: what it read while bits flipped may be its trimming values, which it keeps. */
  #flipped = false;

  constructor(scene: Scene, felt: Felt) {
    this.#scene = scene;
    this.#felt = felt;
  }

  started(): void {
    this.#marks.clear();
    this.#felt.forget();
    this.#flipped = this.#struck("checksum");
  }

  began(sensor: string): void {
    if (this.#marks.has(sensor)) this.#felt.end();
    this.#marks.set(sensor, this.#felt.begin());
    this.#distorted.delete(sensor);
    if (this.#isDistorted(sensor)) this.#distorted.add(sensor);
  }

  faultBegun(): void {
    if (this.#struck("checksum")) this.#flipped = true;
    for (const sensor of this.#marks.keys()) if (this.#isDistorted(sensor)) this.#distorted.add(sensor);
  }

  sampled(sensor: string, sample: Sample | undefined, _error: ReadingError | undefined): void {
    const mark = this.#marks.get(sensor);
    if (mark === undefined) return;
    this.#marks.delete(sensor);
    const { driver } = this.#scene.app.sensors[sensor]!;
    if (this.#distorted.has(sensor)) this.#scene.reach("distorted");
    else if (sample !== undefined && !(this.#flipped && driver === BME280)) {
      for (const each of measured.get(driver) ?? []) this.#compare(sensor, sample, each, mark);
    }
    this.#felt.end();
  }

  #compare(sensor: string, sample: Sample, { path, of, least, most, tolerance }: Measured, mark: number): void {
    const [kind, quantity] = path;
    const x = sample[kind]?.[quantity];
    const felt = this.#felt.since(of, mark);
    if (typeof x !== "number" || felt === undefined) return;
    if (Number.isNaN(felt.least)) {
      this.#scene.report("truth", `${sensor} gave the ${quantity} ${x} without having measured it`);
      return;
    }
    const from = Math.min(most, Math.max(least, felt.least)) - tolerance;
    const to = Math.min(most, Math.max(least, felt.most)) + tolerance;
    if (x >= from && x <= to) return;
    this.#scene.report("truth", `${sensor} gave the ${quantity} ${x}; its chip measured ${from} to ${to}`);
  }

  #struck(kind: FaultKind): boolean {
    for (const fault of this.#scene.faults) if (fault.kind === kind) return true;
    return false;
  }

  #isDistorted(sensor: string): boolean {
    let flips = 0;
    for (const fault of this.#scene.faults) {
      if (distorting.includes(fault.kind) && (fault.sensor === undefined || fault.sensor === sensor)) return true;
      if (fault.kind === "checksum") flips++;
    }
    return flips > flipsFound;
  }
}
