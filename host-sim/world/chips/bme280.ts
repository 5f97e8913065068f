/**
 * A Bosch BME280 at the level of its registers (datasheet BST-BME280-DS002, sections 4 and 5).
 *
 * Modelled: the register map with trimming values of real chips, auto-increment on reads,
 * register-value pairs on writes, ctrl_hum taking effect with ctrl_meas, forced mode with the longest
 * measurement time (9.1) and the status bits, a trigger while measuring that waits its turn, 16 … 20
 * bits by oversampling, soft reset with 2 ms of start-up, saturation at −40…85 °C, 300…1100 hPa and
 * 0…100 %. Raw values come from turning Bosch's formulas round by bisection.
 * Not modelled: normal mode (measures once), the filter (as if off), SPI, noise.
 * Faults: those of every chip (chip.ts). No checksum protects its data, so a corrupted read goes unnoticed.
 */
import {
  fineTemperature,
  humidityPercent,
  pressurePa,
  readTrimming,
  type Trimming,
} from "../../../firmware/sensing/drivers/bme280-compensation.js";
import { ChipFaults, type I2CChip } from "./chip.js";
import { saturate, type Signal } from "./signal.js";

/**
 * 0x88 … 0xA1 and 0xE1 … 0xE7: temperature and pressure of the worked example in the BMP280's datasheet
 * (BST-BMP280-DS001, 3.12), humidity of a chip whose registers stand in Bosch's forum ("BME280 Data to test Calculations", 2019).
 */
const TRIMMING_LOW = [
  0x70, 0x6b, 0x43, 0x67, 0x18, 0xfc, 0x7d, 0x8e, 0x43, 0xd6, 0xd0, 0x0b, 0x27, 0x0b, 0x8c, 0x00, 0xf9, 0xff, 0x8c, 0x3c, 0xf8, 0xc6, 0x70,
  0x17, 0x00, 0x4b,
];
const TRIMMING_HIGH = [0x65, 0x01, 0x00, 0x14, 0x0b, 0x00, 0x1e];

const trimming: Trimming = readTrimming(Uint8Array.from(TRIMMING_LOW), Uint8Array.from(TRIMMING_HIGH));

const STARTUP_US = 2_000;
const RAW20_RESET = 0x80000;
const RAW16_RESET = 0x8000;

export interface BME280ChipOptions {
  /** Default 0x76. */
  address?: number;
  temperatureC: Signal;
  pressurePa: Signal;
  humidityPercent: Signal;
}

interface Conversion {
  readonly endUs: number;
  readonly temperature: number;
  readonly pressure: number;
  readonly humidity: number;
}

export class BME280Chip implements I2CChip {
  readonly address: number;
  readonly faults = new ChipFaults();
  /** What register 0xD0 says: 0x60, or 0x58 for a BMP280. */
  id = 0x60;
  readonly #signals: BME280ChipOptions;
  #pointer = 0;
  #startedUs = -Infinity;
  #controlHumidity = 0;
  #humidityInForce = 0;
  #controlMeasure = 0;
  #config = 0;
  #data: number[] = dataBytes(RAW20_RESET, RAW20_RESET, RAW16_RESET);
  /** What it measured last, over power cuts too: what it gives when frozen. */
  #measured: number[] | undefined;
  #running: Conversion[] = [];

  constructor(options: BME280ChipOptions) {
    this.address = options.address ?? 0x76;
    this.#signals = options;
  }

  /** Loses power for a moment: all settings and data are gone, and trimming values come back in the course of 2 ms. */
  powerOn(nowUs: number): void {
    this.#startedUs = nowUs;
    this.#pointer = 0;
    this.#controlHumidity = 0;
    this.#humidityInForce = 0;
    this.#controlMeasure = 0;
    this.#config = 0;
    this.#data = dataBytes(RAW20_RESET, RAW20_RESET, RAW16_RESET);
    this.#running = [];
  }

  write(bytes: Uint8Array, nowUs: number): boolean {
    if (!this.faults.answers(nowUs)) return false;
    this.#finish(nowUs);
    if (bytes.length > 0) this.#pointer = bytes[0]!;
    for (let i = 1; i < bytes.length; i += 2) this.#set(bytes[i - 1]!, bytes[i]!, nowUs);
    return true;
  }

  read(into: Uint8Array, nowUs: number): boolean {
    if (!this.faults.answers(nowUs)) return false;
    this.#finish(nowUs);
    for (let i = 0; i < into.length; i += 1) {
      into[i] = this.#get(this.#pointer, nowUs);
      this.#pointer = (this.#pointer + 1) & 0xff;
    }
    this.faults.corrupt(into, nowUs);
    return true;
  }

  #get(register: number, nowUs: number): number {
    // Trimming values arrive one after another, the highest last.
    const arrived = ((nowUs - this.#startedUs) / STARTUP_US) * (0xe7 - 0x87);
    if (register >= 0x88 && register <= 0xa1) return register - 0x88 < arrived ? TRIMMING_LOW[register - 0x88]! : 0;
    if (register >= 0xe1 && register <= 0xe7) return register - 0x88 < arrived ? TRIMMING_HIGH[register - 0xe1]! : 0;
    if (register >= 0xf7 && register <= 0xfe) return this.#data[register - 0xf7]!;
    if (register === 0xd0) return this.id;
    if (register === 0xf2) return this.#controlHumidity;
    if (register === 0xf3) return (this.#running.length > 0 ? 0x08 : 0) | (nowUs < this.#startedUs + STARTUP_US ? 0x01 : 0);
    if (register === 0xf4) return this.#controlMeasure;
    if (register === 0xf5) return this.#config;
    return 0;
  }

  #set(register: number, value: number, nowUs: number): void {
    if (register === 0xe0 && value === 0xb6) this.powerOn(nowUs);
    else if (register === 0xf2) this.#controlHumidity = value & 0x07;
    else if (register === 0xf5) this.#config = value;
    else if (register === 0xf4) {
      this.#controlMeasure = value;
      this.#humidityInForce = this.#controlHumidity;
      if ((value & 0x03) !== 0) this.#trigger(nowUs);
    }
  }

  #trigger(nowUs: number): void {
    const temperature = times((this.#controlMeasure >> 5) & 0x07);
    const pressure = times((this.#controlMeasure >> 2) & 0x07);
    const humidity = times(this.#humidityInForce);
    const ms = 1.25 + 2.3 * temperature + (pressure > 0 ? 2.3 * pressure + 0.575 : 0) + (humidity > 0 ? 2.3 * humidity + 0.575 : 0);
    // A mode written while measuring waits for the measurement's end (3.3); one at most waits.
    const before = this.#running[0];
    const startUs = before === undefined ? nowUs : before.endUs;
    this.#running[before === undefined ? 0 : 1] = { endUs: startUs + ms * 1000, temperature, pressure, humidity };
  }

  #finish(nowUs: number): void {
    while (this.#running.length > 0 && this.#running[0]!.endUs <= nowUs) {
      const done = this.#running.shift()!;
      if (this.#running.length === 0) this.#controlMeasure &= ~0x03;
      if (!this.faults.frozen || this.#measured === undefined) this.#measured = this.#convert(done);
      this.#data = this.#measured;
    }
  }

  #convert(done: Conversion): number[] {
    const c = saturate(this.#signals.temperatureC(done.endUs), -40, 85);
    const pa = saturate(this.#signals.pressurePa(done.endUs), 30_000, 110_000);
    const percent = saturate(this.#signals.humidityPercent(done.endUs), 0, 100);
    const temperature =
      done.temperature === 0
        ? RAW20_RESET
        : resolved(
            invert(20, (raw) => fineTemperature(trimming, raw) / 5120 >= c),
            done.temperature,
          );
    const fine = fineTemperature(trimming, temperature);
    const pressure =
      done.pressure === 0
        ? RAW20_RESET
        : resolved(
            invert(20, (raw) => pressurePa(trimming, fine, raw) <= pa),
            done.pressure,
          );
    const humidity = done.humidity === 0 ? RAW16_RESET : invert(16, (raw) => humidityPercent(trimming, fine, raw) >= percent);
    return dataBytes(pressure, temperature, humidity);
  }
}

/** Oversampling from its code (5.4.3, 5.4.5): 0, 1, 2, 4, 8, 16. */
function times(code: number): number {
  return code === 0 ? 0 : code > 5 ? 16 : 1 << (code - 1);
}

/** 20 bits less those that this oversampling does not resolve: 16 bits at ×1, 20 at ×16 (5.4.7, filter off). */
function resolved(raw: number, oversampling: number): number {
  const unit = 16 / oversampling;
  const rounded = Math.round(raw / unit) * unit;
  return rounded >= 1 << 20 ? (1 << 20) - unit : rounded;
}

/** The least raw value of `bits` bits that `reached` holds for; it must hold for all above one that it holds for. */
function invert(bits: number, reached: (raw: number) => boolean): number {
  let low = 0;
  let high = 2 ** bits - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (reached(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Registers 0xF7 … 0xFE. */
function dataBytes(pressure: number, temperature: number, humidity: number): number[] {
  return [
    pressure >> 12,
    (pressure >> 4) & 0xff,
    (pressure << 4) & 0xf0,
    temperature >> 12,
    (temperature >> 4) & 0xff,
    (temperature << 4) & 0xf0,
    humidity >> 8,
    humidity & 0xff,
  ];
}
