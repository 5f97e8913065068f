/**
 * Sensirion SHT30, SHT31, SHT35: temperature and relative humidity over I²C. Sections are those of the
 * datasheet "SHT3x-DIS", version 5 and later. Never waits: `start` triggers a measurement, `sample` fetches it.
 * The constructor does not touch the bus, so a chip that is plugged in late is found by the next `start`.
 * Allocates nothing a sample.
 */
import { crc8 } from "../../base/crc8.js";
import type { Bytes, I2C, I2COptions } from "../../device.js";
import type { Driver, ReadingError, SensorOptions } from "../driver.js";
import { checkNames } from "./options.js";

/** Single shot, high repeatability, no clock stretching (4.3, table 9). */
const MEASURE = 0x2400;
/** Ends a periodic mode that another program has left running (4.8). */
const BREAK = 0x3093;
/** The longest measurement takes 15.5 ms (2.2, table 4), the end of a periodic mode 1 ms (4.8). */
const MEASURE_MS = 16;
const BREAK_MS = 1;

export interface SHT3xSample {
  /** °C, −45 … 130. */
  readonly thermometer: { temperature: number | undefined };
  /** Relative humidity in %, 0 … 100, as the SDK's own SHT3x driver has it. */
  readonly hygrometer: { humidity: number | undefined };
  readonly [kind: string]: { readonly [quantity: string]: number | undefined } | undefined;
}

/**
 * `sensor`: `io` an I2C class and its options; `address` 0x44 (default) or 0x45, `hz` up to 1,000,000
 * (default 400,000). Bus failures throw from `start` and `sample`; a damaged word is undefined and "checksum".
 */
export class SHT3x implements Driver {
  static readonly on = "i2c";
  static readonly quantities: readonly string[] = ["thermometer.temperature", "hygrometer.humidity"];

  readonly #io: I2C;
  readonly #onError: ((error: ReadingError) => void) | undefined;
  readonly #command: Bytes = new Uint8Array(2);
  readonly #reply: Bytes = new Uint8Array(6);
  readonly #sample: SHT3xSample = { thermometer: { temperature: undefined }, hygrometer: { humidity: undefined } };
  /** Measurements begun since the last that was read back. */
  #attempts = 0;
  #pending = false;

  constructor(options: SensorOptions<new (options: I2COptions) => I2C>) {
    const bus: unknown = { hz: 400_000, address: 0x44, ...options.sensor };
    this.#io = new options.sensor.io(bus as I2COptions);
    this.#onError = options.onError;
  }

  configure(options: Record<string, unknown>): void {
    checkNames("SHT3x", options, []);
  }

  /** ms until `sample` may be called. Where two measurements in a row did not come back, ends a periodic mode instead. */
  start(): number {
    this.#pending = false;
    if (this.#attempts === 2) {
      this.#attempts = 0;
      this.#send(BREAK);
      return BREAK_MS;
    }
    this.#attempts += 1;
    this.#send(MEASURE);
    this.#pending = true;
    return MEASURE_MS;
  }

  /** The same object each time. */
  sample(): SHT3xSample {
    const thermometer = this.#sample.thermometer;
    const hygrometer = this.#sample.hygrometer;
    const reply = this.#reply;
    thermometer.temperature = undefined;
    hygrometer.humidity = undefined;
    if (!this.#pending) {
      this.#onError?.("absent");
      this.#onError?.("absent");
      return this.#sample;
    }
    this.#pending = false;
    this.#io.read(reply);
    this.#attempts = 0;
    // Conversion: 4.13.
    if (crc8(reply, 0, 2, 0xff) === reply[2]) thermometer.temperature = -45 + (175 * (reply[0]! * 256 + reply[1]!)) / 65535;
    else this.#onError?.("checksum");
    if (crc8(reply, 3, 5, 0xff) === reply[5]) hygrometer.humidity = (100 * (reply[3]! * 256 + reply[4]!)) / 65535;
    else this.#onError?.("checksum");
    return this.#sample;
  }

  close(): void {
    this.#io.close();
  }

  #send(command: number): void {
    this.#command[0] = command >> 8;
    this.#command[1] = command & 0xff;
    this.#io.write(this.#command);
  }
}
