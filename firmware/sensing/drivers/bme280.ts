/**
 * Bosch BME280: temperature, pressure and relative humidity over I²C, in forced mode. Sections are
 * those of the datasheet BST-BME280-DS002. Never waits: `start` triggers a measurement, `sample`
 * fetches it. The constructor does not touch the bus: the chip is identified and its trimming values
 * are read by the first `start` that it answers, and again after any failure, so it may be absent or
 * lose power at any time. Allocates nothing a sample; about half a KiB at each identification.
 */
import type { Bytes, I2C, I2COptions } from "../../device.js";
import type { Driver, ReadingError, SensorOptions } from "../driver.js";
import { fineTemperature, humidityPercent, pressurePa, readTrimming, type Trimming } from "./bme280-compensation.js";
import { checkNames, choiceOption } from "./options.js";

/** Register addresses and values: 5.3, table 18, and 5.4. */
const TRIMMING_LOW = 0x88;
const TRIMMING_LOW_BYTES = 26;
const ID = 0xd0;
const ID_BME280 = 0x60;
const TRIMMING_HIGH = 0xe1;
const TRIMMING_HIGH_BYTES = 7;
const CONTROL_HUMIDITY = 0xf2;
const STATUS = 0xf3;
const STATUS_COPYING = 0x01;
const CONTROL_MEASURE = 0xf4;
const CONFIG = 0xf5;
const FORCED = 1;
/** Measure control, config, one reserved, eight of data: 0xF4 … 0xFE. */
const RESULT_BYTES = 11;

/** The operating range (1.2–1.4), and how far a reading may lie beyond it before it is called impossible. */
const TEMPERATURE_MIN_C = -40;
const TEMPERATURE_MAX_C = 85;
const TEMPERATURE_SLACK_C = 1;
const PRESSURE_MIN_PA = 30_000;
const PRESSURE_MAX_PA = 110_000;
const PRESSURE_SLACK_PA = 1_000;

const OVERSAMPLINGS = [0, 1, 2, 4, 8, 16] as const;
const OVERSAMPLINGS_NOT_OFF = [1, 2, 4, 8, 16] as const;

export interface BME280Sample {
  /** °C, −40 … 85. */
  readonly thermometer: { temperature: number | undefined };
  /** Pa, 30,000 … 110,000. */
  readonly barometer: { pressure: number | undefined };
  /** Relative humidity in %, 0 … 100. */
  readonly hygrometer: { humidity: number | undefined };
  readonly [kind: string]: { readonly [quantity: string]: number | undefined } | undefined;
}

/**
 * `sensor`: `io` an I2C class and its options; `address` 0x76 (default) or 0x77, `hz` default 400,000.
 * Bus failures throw from `start` and `sample`. "absent": no chip of this kind, or its measurement was
 * lost to a reset; "range": a value outside what the chip can measure.
 */
export class BME280 implements Driver {
  static readonly on = "i2c";
  static readonly quantities: readonly string[] = ["thermometer.temperature", "barometer.pressure", "hygrometer.humidity"];

  readonly #io: I2C;
  readonly #onError: ((error: ReadingError) => void) | undefined;
  readonly #register: Bytes = new Uint8Array(1);
  readonly #control: Bytes = new Uint8Array(4);
  readonly #result: Bytes = new Uint8Array(RESULT_BYTES);
  readonly #sample: BME280Sample = {
    thermometer: { temperature: undefined },
    barometer: { pressure: undefined },
    hygrometer: { humidity: undefined },
  };
  #trimming: Trimming | undefined;
  #temperatureOversampling: number = 1;
  #pressureOversampling: number = 1;
  #humidityOversampling: number = 1;
  #pending = false;

  constructor(options: SensorOptions<new (options: I2COptions) => I2C>) {
    const bus: unknown = { hz: 400_000, address: 0x76, ...options.sensor };
    this.#io = new options.sensor.io(bus as I2COptions);
    this.#onError = options.onError;
  }

  /** `temperatureOversampling` 1, 2, 4, 8, 16; `pressureOversampling` and `humidityOversampling` also 0: not measured. Default 1. */
  configure(options: Record<string, unknown>): void {
    checkNames("BME280", options, ["temperatureOversampling", "pressureOversampling", "humidityOversampling"]);
    const temperature = choiceOption("BME280", options, "temperatureOversampling", this.#temperatureOversampling, OVERSAMPLINGS_NOT_OFF);
    const pressure = choiceOption("BME280", options, "pressureOversampling", this.#pressureOversampling, OVERSAMPLINGS);
    this.#humidityOversampling = choiceOption("BME280", options, "humidityOversampling", this.#humidityOversampling, OVERSAMPLINGS);
    this.#temperatureOversampling = temperature;
    this.#pressureOversampling = pressure;
    this.#pending = false;
  }

  /** ms until `sample` may be called: the longest measurement time (9.1), 10 ms by default, 113 ms at most. */
  start(): number {
    this.#pending = false;
    const known = this.#trimming ?? this.#identify();
    this.#trimming = undefined;
    if (known === undefined) return 0;
    // Both controls each time: a chip that lost its settings would measure no humidity and not say so.
    const control = this.#control;
    control[0] = CONTROL_HUMIDITY;
    control[1] = code(this.#humidityOversampling);
    control[2] = CONTROL_MEASURE;
    control[3] = this.#measureControl() | FORCED;
    this.#io.write(control);
    this.#trimming = known;
    this.#pending = true;
    let ms = 1.25 + 2.3 * this.#temperatureOversampling;
    if (this.#pressureOversampling > 0) ms += 2.3 * this.#pressureOversampling + 0.575;
    if (this.#humidityOversampling > 0) ms += 2.3 * this.#humidityOversampling + 0.575;
    return Math.ceil(ms);
  }

  /** The same object each time. */
  sample(): BME280Sample {
    const trimming = this.#trimming;
    const result = this.#result;
    this.#sample.thermometer.temperature = undefined;
    this.#sample.barometer.pressure = undefined;
    this.#sample.hygrometer.humidity = undefined;
    if (trimming === undefined || !this.#pending) return this.#fail("absent");
    this.#pending = false;
    this.#trimming = undefined;
    this.#read(CONTROL_MEASURE, result);
    // A chip that has finished sleeps and has the settings that it was given; any other is not ready, or was reset on the way.
    if (result[0] !== this.#measureControl()) return this.#fail("absent");
    this.#trimming = trimming;
    this.#convert(trimming, result);
    return this.#sample;
  }

  close(): void {
    this.#io.close();
  }

  #convert(trimming: Trimming, result: Bytes): void {
    const fine = fineTemperature(trimming, (result[6]! << 12) | (result[7]! << 4) | (result[8]! >> 4));
    const temperature = fine / 5120;
    if (!(temperature >= TEMPERATURE_MIN_C - TEMPERATURE_SLACK_C && temperature <= TEMPERATURE_MAX_C + TEMPERATURE_SLACK_C)) {
      this.#fail("range");
      return;
    }
    this.#sample.thermometer.temperature = temperature;
    if (this.#pressureOversampling > 0) {
      const pressure = pressurePa(trimming, fine, (result[3]! << 12) | (result[4]! << 4) | (result[5]! >> 4));
      if (pressure >= PRESSURE_MIN_PA - PRESSURE_SLACK_PA && pressure <= PRESSURE_MAX_PA + PRESSURE_SLACK_PA) {
        this.#sample.barometer.pressure = pressure;
      } else this.#onError?.("range");
    }
    if (this.#humidityOversampling > 0) {
      const humidity = humidityPercent(trimming, fine, (result[9]! << 8) | result[10]!);
      // Limited as by Bosch (8.1): the formula overshoots near dry and saturated air.
      this.#sample.hygrometer.humidity = humidity < 0 ? 0 : humidity > 100 ? 100 : humidity;
    }
  }

  #identify(): Trimming | undefined {
    this.#read(ID, this.#register);
    if (this.#register[0] !== ID_BME280) return undefined;
    // After power-on the chip copies its trimming values for up to 2 ms (1.1, start-up time).
    this.#read(STATUS, this.#register);
    if ((this.#register[0]! & STATUS_COPYING) !== 0) return undefined;
    const low = new Uint8Array(TRIMMING_LOW_BYTES);
    const high = new Uint8Array(TRIMMING_HIGH_BYTES);
    this.#read(TRIMMING_LOW, low);
    this.#read(TRIMMING_HIGH, high);
    const trimming = readTrimming(low, high);
    // Blank ones would make 0 °C of anything.
    if (trimming.t1 === 0 || trimming.t1 === 0xffff) return undefined;
    // Another program may have left it in normal mode, where the filter setting is ignored: sleep first, then no filter.
    const control = this.#control;
    control[0] = CONTROL_MEASURE;
    control[1] = 0;
    control[2] = CONFIG;
    control[3] = 0;
    this.#io.write(control);
    return trimming;
  }

  #read(register: number, into: Bytes): void {
    this.#register[0] = register;
    this.#io.write(this.#register);
    this.#io.read(into);
  }

  #measureControl(): number {
    return (code(this.#temperatureOversampling) << 5) | (code(this.#pressureOversampling) << 2);
  }

  /** One error for each quantity that was asked for. */
  #fail(error: ReadingError): BME280Sample {
    this.#onError?.(error);
    if (this.#pressureOversampling > 0) this.#onError?.(error);
    if (this.#humidityOversampling > 0) this.#onError?.(error);
    return this.#sample;
  }
}

/** 0, 1, 2, 4, 8, 16 times as the registers have it: 0 … 5. */
function code(oversampling: number): number {
  return oversampling === 0 ? 0 : 32 - Math.clz32(oversampling);
}
