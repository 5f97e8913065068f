/**
 * A Sensirion SHT3x at the level of its commands (datasheet SHT3x-DIS, section 4).
 *
 * Modelled: single shots without clock stretching at three repeatabilities with their longest
 * durations, no answer while measuring, no answer to a read when there is no data, break, soft reset,
 * status and heater commands, CRCs, saturation at −45…130 °C and 0…100 %.
 * Not modelled: clock stretching, periodic modes (their commands are refused and set status bit 1; set
 * `periodic` to find the chip in one), alert limits, noise and self-heating (put them into the signals).
 * Faults: those of every chip (chip.ts). A corrupted read has a CRC that does not fit.
 */
import { crc8 } from "../../../firmware/base/crc8.js";
import { ChipFaults, type I2CChip } from "./chip.js";
import { saturate, type Signal } from "./signal.js";

/** Longest measurement times, µs (2.2, table 4: 15.5, 6.5, 4.5 ms from version 4 on). */
const DURATIONS_US: Readonly<Record<number, number>> = { 0x2400: 15_500, 0x240b: 6_500, 0x2416: 4_500 };
/** Break (4.8) and soft reset (2.2, table 4), µs. */
const BREAK_US = 1_000;
const RESET_US = 1_500;

const STATUS_RESET = 0x8010;
const STATUS_HEATER = 0x2000;
const STATUS_REFUSED = 0x0002;

export interface SHT3xChipOptions {
  /** Default 0x44. */
  address?: number;
  temperatureC: Signal;
  humidityPercent: Signal;
}

export class SHT3xChip implements I2CChip {
  readonly address: number;
  readonly faults = new ChipFaults();
  /** Another program left it in a periodic mode: it refuses single shots until a break. */
  periodic = false;
  readonly #temperatureC: Signal;
  readonly #humidityPercent: Signal;
  #busyUntilUs = -Infinity;
  /** When the measurement under way is done; undefined when none is. */
  #measuredUs: number | undefined;
  #reply: number[] | undefined;
  #lastWords: readonly [number, number] | undefined;
  #status = STATUS_RESET;

  constructor(options: SHT3xChipOptions) {
    this.address = options.address ?? 0x44;
    this.#temperatureC = options.temperatureC;
    this.#humidityPercent = options.humidityPercent;
  }

  /** Loses power for a moment. */
  powerOn(nowUs: number): void {
    this.periodic = false;
    this.#forget();
    this.#status = STATUS_RESET;
    this.#busyUntilUs = nowUs + RESET_US;
  }

  write(bytes: Uint8Array, nowUs: number): boolean {
    if (!this.faults.answers(nowUs) || nowUs < this.#busyUntilUs) return false;
    if (bytes.length === 0) return true;
    if (bytes.length !== 2) {
      this.#status |= STATUS_REFUSED;
      return true;
    }
    const command = (bytes[0]! << 8) | bytes[1]!;
    const durationUs = DURATIONS_US[command];
    this.#forget();
    if (durationUs !== undefined) {
      if (this.periodic) return false;
      this.#busyUntilUs = nowUs + durationUs;
      this.#measuredUs = this.#busyUntilUs;
    } else if (!this.#obey(command, nowUs)) {
      this.#status |= STATUS_REFUSED;
      return true;
    }
    this.#status &= ~STATUS_REFUSED;
    return true;
  }

  read(into: Uint8Array, nowUs: number): boolean {
    if (!this.faults.answers(nowUs) || nowUs < this.#busyUntilUs) return false;
    if (this.#measuredUs !== undefined) {
      if (!this.faults.frozen || this.#lastWords === undefined) this.#lastWords = this.#measure(this.#measuredUs);
      this.#reply = [...protectedWord(this.#lastWords[0]), ...protectedWord(this.#lastWords[1])];
      this.#measuredUs = undefined;
    }
    if (this.#reply === undefined) return false;
    // Past its last byte the chip lets go of the line, which then reads as ones.
    for (let i = 0; i < into.length; i += 1) into[i] = this.#reply[i] ?? 0xff;
    this.#reply = undefined;
    this.faults.corrupt(into, nowUs);
    return true;
  }

  #forget(): void {
    this.#measuredUs = undefined;
    this.#reply = undefined;
  }

  #obey(command: number, nowUs: number): boolean {
    if (command === 0x3093) {
      this.periodic = false;
      this.#busyUntilUs = nowUs + BREAK_US;
    } else if (command === 0x30a2) {
      if (this.periodic) return false;
      this.powerOn(nowUs);
    } else if (command === 0xf32d) this.#reply = protectedWord(this.#status);
    else if (command === 0x3041) this.#status &= ~0x8c10;
    else if (command === 0x306d) this.#status |= STATUS_HEATER;
    else if (command === 0x3066) this.#status &= ~STATUS_HEATER;
    else return false;
    return true;
  }

  /** Conversion formulas of 4.13, turned round. */
  #measure(atUs: number): [number, number] {
    const t = saturate(this.#temperatureC(atUs), -45, 130);
    const h = saturate(this.#humidityPercent(atUs), 0, 100);
    return [Math.round(((t + 45) * 65535) / 175), Math.round((h * 65535) / 100)];
  }
}

function protectedWord(word: number): number[] {
  const bytes = [word >> 8, word & 0xff];
  return [...bytes, crc8(Uint8Array.from(bytes), 0, 2, 0xff)];
}
