/**
 * An NTC thermistor in a voltage divider on an analog input. The analog input is linear in volts up to
 * `fullScaleMv` (device.ts), so resistance follows from the divider and temperature from the beta
 * equation, 1/T = 1/T₀ + ln(R/R₀)/β. Reads `reads` times at once (40 µs each) and takes the mean.
 * With the defaults it measures −34 … 50 °C: more than that does not fit between 150 and 2,450 mV.
 * Allocates nothing a sample.
 */
import { ln } from "../../base/math.js";
import type { Analog, AnalogOptions } from "../../device.js";
import type { Driver, ReadingError, SensorOptions } from "../driver.js";
import { checkNames, choiceOption, numberOption, wholeOption } from "./options.js";

const ZERO_C_K = 273.15;
const NAMES = ["nominalOhm", "betaK", "nominalC", "seriesOhm", "thermistorTo", "supplyMv", "minimumMv", "reads"];

export interface NTCSample {
  /** °C. */
  readonly thermometer: { temperature: number | undefined };
  readonly [kind: string]: { readonly [quantity: string]: number | undefined } | undefined;
}

/**
 * `sensor`: `io` an Analog class, `pin`, `fullScaleMv` (default 2450). Undefined and "range" where the
 * input reads no more than `minimumMv` or all it can: a broken wire, a short, or a temperature that
 * does not fit. Undefined and "bus" where the converter fails.
 */
export class NTC implements Driver {
  static readonly on = "analog";
  static readonly quantities: readonly string[] = ["thermometer.temperature"];

  readonly #io: Analog;
  readonly #onError: ((error: ReadingError) => void) | undefined;
  readonly #fullScaleMv: number;
  readonly #sample: NTCSample = { thermometer: { temperature: undefined } };
  #nominalOhm = 10_000;
  #betaK = 3950;
  #nominalC = 25;
  #seriesOhm = 10_000;
  #toSupply = true;
  #supplyMv = 3300;
  #minimumMv = 150;
  #reads = 4;

  constructor(options: SensorOptions<new (options: AnalogOptions) => Analog>) {
    const sensor: Record<string, unknown> = options.sensor;
    this.#fullScaleMv = numberOption("NTC", sensor, "fullScaleMv", 2450, 1, 10_000);
    this.#io = new options.sensor.io(sensor as unknown as AnalogOptions);
    this.#onError = options.onError;
  }

  /**
   * `nominalOhm` (default 10,000) at `nominalC` (25 °C), `betaK` (3950 K), `seriesOhm` the divider's
   * other resistor (10,000), `thermistorTo` "supply" (default) or "ground" where the thermistor's far
   * end is, `supplyMv` (3300), `minimumMv` the least that the converter can tell from 0 (150),
   * `reads` 1 … 64 (4).
   */
  configure(options: Record<string, unknown>): void {
    checkNames("NTC", options, NAMES);
    const toSupply = this.#toSupply ? "supply" : "ground";
    this.#nominalOhm = numberOption("NTC", options, "nominalOhm", this.#nominalOhm, 1, 10_000_000);
    this.#betaK = numberOption("NTC", options, "betaK", this.#betaK, 500, 10_000);
    this.#nominalC = numberOption("NTC", options, "nominalC", this.#nominalC, -50, 200);
    this.#seriesOhm = numberOption("NTC", options, "seriesOhm", this.#seriesOhm, 1, 10_000_000);
    this.#toSupply = choiceOption("NTC", options, "thermistorTo", toSupply, ["supply", "ground"]) === "supply";
    this.#supplyMv = numberOption("NTC", options, "supplyMv", this.#supplyMv, 100, 10_000);
    this.#minimumMv = numberOption("NTC", options, "minimumMv", this.#minimumMv, 0, 1000);
    this.#reads = wholeOption("NTC", options, "reads", this.#reads, 1, 64);
  }

  /** The same object each time. */
  sample(): NTCSample {
    const thermometer = this.#sample.thermometer;
    thermometer.temperature = undefined;
    const reads = this.#reads;
    let sum = 0;
    for (let i = 0; i < reads; i += 1) {
      const counts = this.#io.read();
      if (counts === undefined) {
        this.#onError?.("bus");
        return this.#sample;
      }
      sum += counts;
    }
    const full = (1 << this.#io.resolution) - 1;
    const counts = sum / reads;
    const mv = (counts * this.#fullScaleMv) / full;
    if (!(mv > this.#minimumMv && counts < full && mv < this.#supplyMv)) {
      this.#onError?.("range");
      return this.#sample;
    }
    const below = mv / (this.#supplyMv - mv);
    const ohm = this.#toSupply ? this.#seriesOhm / below : this.#seriesOhm * below;
    const kelvin = 1 / (1 / (this.#nominalC + ZERO_C_K) + ln(ohm / this.#nominalOhm) / this.#betaK);
    thermometer.temperature = kelvin - ZERO_C_K;
    return this.#sample;
  }

  close(): void {
    this.#io.close();
  }
}
