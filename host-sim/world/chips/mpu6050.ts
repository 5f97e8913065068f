/**
 * An InvenSense MPU-6050 at the level of its registers (register map RM-MPU-6000A-00, revision 4.2).
 *
 * Modelled: sleep after power-on and reset, the sample rate divider, the four ranges with saturation, the
 * FIFO of acceleration alone with its count held on reading the higher byte, its overflow (the oldest bytes
 * go, so that it no longer begins with a sample), reads beyond its end (the last byte again), the overflow
 * bit where its interrupt is enabled, the registers of the newest sample, WHO_AM_I, reads and writes that
 * count the address up but for FIFO_R_W. Its clock runs by `clockError` too fast, as the part's may by ±1 %.
 * x and y feel a share of what z feels beside gravity. What stands in the FIFO is worked out when it is read.
 * Not modelled: gyroscopes and temperature (read as 0, and are not put into the FIFO), the low-pass filter
 * (signals are felt at the instant of sampling), self-test, motion detection, the auxiliary bus, interrupts
 * on the pin, start-up time. Turning the FIFO off, or changing what it is fed by, empties it; a gyroscope
 * rate of 8 kHz (no low-pass) repeats no sample: acceleration then comes as if the filter were on.
 * Faults: those of every chip (chip.ts). No checksum protects its data, so a corrupted read goes unnoticed;
 * a frozen chip fills its FIFO with the sample that was measured last.
 */
import { ChipFaults, type I2CChip } from "./chip.js";
import { saturate, type Signal } from "./signal.js";

const SAMPLE_RATE_DIVIDER = 0x19;
const CONFIG = 0x1a;
const ACCELEROMETER = 0x1c;
const FIFO_ENABLE = 0x23;
const INTERRUPT_ENABLE = 0x38;
const INTERRUPT_STATUS = 0x3a;
const ACCELERATION = 0x3b;
const USER_CONTROL = 0x6a;
const POWER_MANAGEMENT = 0x6b;
const FIFO_COUNT = 0x72;
const FIFO_DATA = 0x74;
const WHO_AM_I = 0x75;
/** What may be written beside those that do something, up to here. */
const REGISTERS = 0x76;

const FIFO_BYTES = 1024;
const SAMPLE_BYTES = 6;
const RESET_US = 10_000;
const OVERFLOW = 0x10;
const DATA_READY = 0x01;
const ASLEEP = 0x40;
const GRAVITY = 9.80665;

export interface MPU6050ChipOptions {
  /** Default 0x68. */
  address?: number;
  /** Along z, which points up: m/s², gravity included. */
  accelerationMs2: Signal;
  /** Which shares of what is not gravity x and y feel. Default 0.4 and 0.2. */
  lean?: readonly [x: number, y: number];
  /** By how much the chip's clock is too fast, −0.05 … 0.05; default 0. */
  clockError?: number;
}

export class MPU6050Chip implements I2CChip {
  readonly address: number;
  readonly faults = new ChipFaults();
  /** What WHO_AM_I says: 0x70 is an MPU-6500's. */
  id = 0x68;
  readonly #signal: Signal;
  readonly #lean: readonly [number, number];
  readonly #speed: number;
  readonly #registers = new Uint8Array(REGISTERS);
  #pointer = 0;
  #resetUntilUs = -Infinity;
  /** Since when the chip is awake, and the FIFO fills with these settings; undefined when not. */
  #awakeUs: number | undefined;
  #fifoUs: number | undefined;
  /** Bytes that came into the FIFO and left it, for good or read, since then. */
  #written = 0;
  #gone = 0;
  #overflowed = false;
  #countLow = 0;
  #lastByte = 0;
  /** The sample whose bytes are at hand, by its number since `#fifoUs`, and its bytes. */
  #at = -1;
  #bytes = new Uint8Array(SAMPLE_BYTES);

  constructor(options: MPU6050ChipOptions) {
    this.address = options.address ?? 0x68;
    this.#signal = options.accelerationMs2;
    this.#lean = options.lean ?? [0.4, 0.2];
    this.#speed = 1 + (options.clockError ?? 0);
    this.#registers[POWER_MANAGEMENT] = ASLEEP;
  }

  /** Loses power for a moment: all settings are gone, and it sleeps. */
  powerOn(_nowUs: number): void {
    this.#registers.fill(0);
    this.#registers[POWER_MANAGEMENT] = ASLEEP;
    this.#pointer = this.#countLow = this.#lastByte = 0;
    this.#awakeUs = undefined;
    this.#resetUntilUs = -Infinity;
    this.#emptied(undefined);
    this.#overflowed = false;
  }

  write(bytes: Uint8Array, nowUs: number): boolean {
    if (!this.faults.answers(nowUs)) return false;
    this.#fill(nowUs);
    if (bytes.length > 0) this.#pointer = bytes[0]!;
    for (let i = 1; i < bytes.length; i++) {
      this.#set(this.#pointer, bytes[i]!, nowUs);
      this.#next();
    }
    return true;
  }

  read(into: Uint8Array, nowUs: number): boolean {
    if (!this.faults.answers(nowUs)) return false;
    this.#fill(nowUs);
    for (let i = 0; i < into.length; i++) {
      into[i] = this.#get(this.#pointer, nowUs);
      this.#next();
    }
    this.faults.corrupt(into, nowUs);
    return true;
  }

  #next(): void {
    if (this.#pointer !== FIFO_DATA) this.#pointer = (this.#pointer + 1) & 0x7f;
  }

  #get(register: number, nowUs: number): number {
    if (register === FIFO_DATA) return this.#shift();
    if (register === FIFO_COUNT) {
      const count = this.#written - this.#gone;
      this.#countLow = count & 0xff;
      return count >> 8;
    }
    if (register === FIFO_COUNT + 1) return this.#countLow;
    if (register === WHO_AM_I) return this.id;
    if (register === INTERRUPT_STATUS) {
      const status = (this.#overflowed ? OVERFLOW : 0) & this.#registers[INTERRUPT_ENABLE]!;
      this.#overflowed = false;
      return status | (this.#awakeUs === undefined ? 0 : DATA_READY & this.#registers[INTERRUPT_ENABLE]!);
    }
    if (register >= ACCELERATION && register < ACCELERATION + SAMPLE_BYTES) return this.#newest(nowUs)[register - ACCELERATION]!;
    if (register === POWER_MANAGEMENT && nowUs < this.#resetUntilUs) return 0x80 | ASLEEP;
    return this.#registers[register] ?? 0;
  }

  #set(register: number, value: number, nowUs: number): void {
    if (register >= REGISTERS || nowUs < this.#resetUntilUs) return;
    if (register === POWER_MANAGEMENT && (value & 0x80) !== 0) {
      this.powerOn(nowUs);
      this.#resetUntilUs = nowUs + RESET_US;
      return;
    }
    if (register === USER_CONTROL) {
      // Takes effect while the FIFO is off, and is 0 again at once; off, the FIFO is empty here.
      this.#registers[USER_CONTROL] = value & 0xf8;
    } else this.#registers[register] = value;
    if (register === POWER_MANAGEMENT) this.#awakeUs = (value & ASLEEP) !== 0 ? undefined : (this.#awakeUs ?? nowUs);
    const feeds = register === USER_CONTROL || register === POWER_MANAGEMENT || register === FIFO_ENABLE;
    if (feeds || register === SAMPLE_RATE_DIVIDER || register === CONFIG || register === ACCELEROMETER) this.#refeed(nowUs);
  }

  #refeed(nowUs: number): void {
    const on = (this.#registers[USER_CONTROL]! & 0x40) !== 0 && (this.#registers[FIFO_ENABLE]! & 0x08) !== 0;
    this.#emptied(on && this.#awakeUs !== undefined ? nowUs : undefined);
  }

  #emptied(fifoUs: number | undefined): void {
    this.#fifoUs = fifoUs;
    this.#written = this.#gone = 0;
    this.#at = -1;
  }

  get #periodUs(): number {
    return (1000 * (1 + this.#registers[SAMPLE_RATE_DIVIDER]!)) / this.#speed;
  }

  /** The FIFO as it is at `nowUs`. */
  #fill(nowUs: number): void {
    if (this.#fifoUs === undefined) return;
    this.#written = SAMPLE_BYTES * Math.floor((nowUs - this.#fifoUs) / this.#periodUs);
    if (this.#written - this.#gone <= FIFO_BYTES) return;
    this.#gone = this.#written - FIFO_BYTES;
    this.#overflowed = true;
  }

  #shift(): number {
    if (this.#gone < this.#written) {
      const sample = Math.floor(this.#gone / SAMPLE_BYTES);
      if (sample !== this.#at) {
        // Number 0 is taken one period after the FIFO was turned on.
        this.#measure(this.#fifoUs! + (sample + 1) * this.#periodUs);
        this.#at = sample;
      }
      this.#lastByte = this.#bytes[this.#gone % SAMPLE_BYTES]!;
      this.#gone++;
    }
    return this.#lastByte;
  }

  /** What the data registers say: asleep, what was measured last. */
  #newest(nowUs: number): Uint8Array {
    if (this.#awakeUs !== undefined) {
      this.#measure(this.#awakeUs + Math.floor((nowUs - this.#awakeUs) / this.#periodUs) * this.#periodUs);
      this.#at = -1;
    }
    return this.#bytes;
  }

  /** 4.5 and 4.17: 16,384 counts a g at ±2 g, half as many at each range above. */
  #measure(atUs: number): void {
    if (this.faults.frozen) return;
    const felt = this.#signal(atUs);
    const counts = 16384 >> ((this.#registers[ACCELEROMETER]! >> 3) & 0x03);
    const shaking = felt - GRAVITY;
    for (let axis = 0; axis < 3; axis++) {
      const acceleration = axis === 2 ? felt : shaking * this.#lean[axis]!;
      const word = Math.round(saturate((acceleration / GRAVITY) * counts, -32768, 32767));
      this.#bytes[2 * axis] = word >> 8;
      this.#bytes[2 * axis + 1] = word;
    }
  }
}
