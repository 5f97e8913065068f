/**
 * InvenSense MPU-6050: acceleration along three axes at up to 1 kHz over I²C. The chip samples by its own
 * clock into its FIFO; each `sample` hands over what came since the one before, as bursts. Sections are
 * those of the register map RM-MPU-6000A-00, revision 4.2, and where it says PS of the product
 * specification PS-MPU-6000A-00.
 *
 * The FIFO's 1,024 bytes hold 170 samples, 170 ms at 1 kHz, and reading 100 of them takes 14 ms of the
 * bus. Half is read by `start`, half by `sample`, so that other sensors wait for 7 ms at most. A FIFO that
 * has overflowed is no longer cut between two samples: all of it is dropped, and the burst says how many
 * samples that were. No checksum protects the readings.
 *
 * Never waits, and the constructor does not touch the bus: the chip is found, reset and set up by the
 * first three `start`s that it answers, which give empty bursts, and again after it lost power.
 * Allocates nothing a sample once its arrays have grown.
 */
import type { Bytes, Clock, I2C, I2COptions } from "../../device.js";
import type { Burst, BurstForm, Driver, ReadingError, SensorOptions } from "../driver.js";
import { AxisBurst } from "./mpu6050-burst.js";
import { checkNames, choiceOption } from "./options.js";

/** Section 3. */
const SAMPLE_RATE_DIVIDER = 0x19;
const FIFO_ENABLE = 0x23;
const INTERRUPT_ENABLE = 0x38;
const INTERRUPT_STATUS = 0x3a;
const USER_CONTROL = 0x6a;
const POWER_MANAGEMENT = 0x6b;
const FIFO_COUNT = 0x72;
const FIFO_DATA = 0x74;
const WHO_AM_I = 0x75;

/** 4.32: the upper six bits of the address, whatever the lowest is. */
const IDENTITY = 0x68;
/** 4.28: reset; no sleep, and the clock from the X gyroscope's oscillator, which is the steadier one. */
const RESET = 0x80;
const AWAKE = 0x01;
/** 4.6: acceleration alone. 4.15 and 4.16: an overflow. 4.27: the FIFO empties while it is off, then runs. */
const FIFO_OF_ACCELERATION = 0x08;
const OVERFLOW = 0x10;
const FIFO_OFF_AND_EMPTY = 0x04;
const FIFO_ON = 0x40;

const SAMPLE_BYTES = 6;
const FIFO_SAMPLES = 170;
/** What one transfer fetches: 5 ms and less each. */
const TRANSFER_SAMPLES = [32, 8, 2, 1] as const;
/** What is not worth being read in two halves. */
const WHOLE_SAMPLES = 40;

const GRAVITY = 9.80665;
const RANGES_G = [2, 4, 8, 16] as const;
const AXES = ["x", "y", "z", "xy", "xz", "yz", "xyz"] as const;
/** Whole milliseconds apart, and within what the divider of the chip's 1 kHz can do: 1 … 256 (4.2). */
const RATES_HZ = [4, 5, 8, 10, 20, 25, 40, 50, 100, 125, 200, 250, 500, 1000] as const;
type Rate = (typeof RATES_HZ)[number];
const USUAL_RATE_HZ: Rate = 1000;

/** What the chip is known to be: of unknown settings, in reset, awake with its settings, or sampling into its FIFO. */
type State = "unknown" | "resetting" | "set" | "sampling";

export interface MPU6050Sample {
  /** m/s², gravity included: the axis that points up reads 9.81 at rest. Undefined: not asked for, or it could not be read. */
  readonly accelerometer: { x: Burst | undefined; y: Burst | undefined; z: Burst | undefined };
  readonly [kind: string]: { readonly [quantity: string]: Burst | undefined } | undefined;
}

/**
 * `sensor`: `io` an I2C class and its options; `address` 0x68 (default) or 0x69, `hz` up to 400,000 (the
 * default). `clock`: without it, what was lost is said to be what the FIFO holds or one sample, which is the
 * least. Bus failures throw from `start` and `sample`. "absent": no chip of this kind, or it lost power or
 * stopped. `everyMs` is at most 161 at 1 kHz: the FIFO overflows after 170. The chip's clock is off by
 * up to 1 % (PS 6.5), so that 100 ms bring 99 to 101 samples.
 */
export class MPU6050 implements Driver {
  static readonly on = "i2c";
  static readonly quantities: readonly string[] = ["accelerometer.x", "accelerometer.y", "accelerometer.z"];

  readonly #io: I2C;
  readonly #clock: Clock | undefined;
  readonly #onError: ((error: ReadingError) => void) | undefined;
  readonly #register: Bytes = new Uint8Array(1);
  readonly #pair: Bytes = new Uint8Array(2);
  /** Views of one buffer, longest first: a transfer fills all that it is given. */
  readonly #transfers: Bytes[] = [];
  /** Of x, y and z: those that are asked for. */
  readonly #bursts: (AxisBurst | undefined)[] = [];
  readonly #sample: MPU6050Sample = { accelerometer: { x: undefined, y: undefined, z: undefined } };
  #rateHz: Rate = USUAL_RATE_HZ;
  #rangeG: (typeof RANGES_G)[number] = 4;
  #state: State = "unknown";
  /** Samples were taken out of the FIFO and not yet handed over: if that breaks off, they are lost, and nobody knows how many. */
  #torn = false;
  /** When the newest sample that was handed over was taken, and the newest of those being read, ms; undefined before the first. */
  #newestMs: number | undefined;
  #seenMs: number | undefined;
  /** Samples to fetch until this sample is over, and those that have been. */
  #left = 0;
  #count = 0;
  #lost = 0;
  #started = false;
  #error: ReadingError | undefined;

  /** For wrong options, which `configure` refuses, the usual. */
  static bursts(options: Readonly<Record<string, unknown>>): BurstForm {
    const rateHz = options.rateHz as Rate;
    return { periodMs: 1000 / (RATES_HZ.indexOf(rateHz) >= 0 ? rateHz : USUAL_RATE_HZ), countMax: FIFO_SAMPLES };
  }

  constructor(options: SensorOptions<new (options: I2COptions) => I2C>) {
    const bus: unknown = { hz: 400_000, address: 0x68, ...options.sensor };
    this.#io = new options.sensor.io(bus as I2COptions);
    this.#clock = options.clock;
    this.#onError = options.onError;
    const buffer = new ArrayBuffer(TRANSFER_SAMPLES[0] * SAMPLE_BYTES);
    for (let i = 0; i < TRANSFER_SAMPLES.length; i++) this.#transfers.push(new Uint8Array(buffer, 0, TRANSFER_SAMPLES[i]! * SAMPLE_BYTES));
    for (let axis = 0; axis < 3; axis++) this.#bursts.push(new AxisBurst(1000 / USUAL_RATE_HZ));
  }

  /**
   * `rateHz` 4, 5, 8, 10, 20, 25, 40, 50, 100, 125, 200, 250, 500 or 1000 (default); `rangeG` 2, 4 (default), 8
   * or 16; `axes` such as "z" or "xy", default "xyz": each takes 16 bytes a sample of memory. The chip's
   * low-pass stands at half the rate or below where it can, 184 Hz at most, and delays by 2 … 19 ms (4.3).
   */
  configure(options: Record<string, unknown>): void {
    checkNames("MPU6050", options, ["rateHz", "rangeG", "axes"]);
    const rateHz = choiceOption("MPU6050", options, "rateHz", this.#rateHz, RATES_HZ);
    const rangeG = choiceOption("MPU6050", options, "rangeG", this.#rangeG, RANGES_G);
    const axes = choiceOption("MPU6050", options, "axes", "xyz", AXES);
    this.#rateHz = rateHz;
    this.#rangeG = rangeG;
    this.#state = "unknown";
    this.#bursts[0] = axes.indexOf("x") < 0 ? undefined : new AxisBurst(1000 / rateHz);
    this.#bursts[1] = axes.indexOf("y") < 0 ? undefined : new AxisBurst(1000 / rateHz);
    this.#bursts[2] = axes.indexOf("z") < 0 ? undefined : new AxisBurst(1000 / rateHz);
  }

  /** ms until `sample` may be called: 1 where half is left to read, else 0. */
  start(): number {
    this.#left = this.#count = this.#lost = 0;
    this.#error = undefined;
    this.#started = true;
    if (this.#state !== "sampling") {
      this.#setUp();
      return 0;
    }
    if (this.#torn || this.#overflowed()) this.#empty();
    else this.#look();
    if (this.#left <= WHOLE_SAMPLES) {
      this.#fetch(this.#left);
      return 0;
    }
    // Whole long transfers first.
    this.#fetch((this.#left >> 4) << 3);
    return 1;
  }

  /** The same object each time. */
  sample(): MPU6050Sample {
    if (!this.#started) this.start();
    this.#started = false;
    if (this.#left > 0) {
      this.#fetch(this.#left);
      // What was read after an overflow may be anything.
      if (this.#overflowed()) this.#empty();
    }
    this.#torn = false;
    if (this.#count > 0) this.#newestMs = this.#seenMs;
    const accelerometer = this.#sample.accelerometer;
    const error = this.#error;
    accelerometer.x = this.#burst(0);
    accelerometer.y = this.#burst(1);
    accelerometer.z = this.#burst(2);
    if (error !== undefined) this.#onError?.(error);
    return this.#sample;
  }

  close(): void {
    this.#io.close();
  }

  #burst(axis: number): Burst | undefined {
    const burst = this.#bursts[axis];
    if (burst === undefined || this.#error !== undefined) return undefined;
    burst.count = this.#count;
    burst.lost = this.#lost;
    return burst;
  }

  /** One step a call, so that the chip has time in between. */
  #setUp(): void {
    if (this.#state === "unknown") {
      if (this.#get(WHO_AM_I) === IDENTITY) {
        this.#set(POWER_MANAGEMENT, RESET);
        this.#state = "resetting";
      } else this.#error = "absent";
    } else if (this.#state === "resetting") {
      if ((this.#get(POWER_MANAGEMENT) & RESET) !== 0) return;
      this.#set(POWER_MANAGEMENT, AWAKE);
      this.#set(SAMPLE_RATE_DIVIDER, 1000 / this.#rateHz - 1);
      this.#set(SAMPLE_RATE_DIVIDER + 1, lowPass(this.#rateHz));
      this.#set(SAMPLE_RATE_DIVIDER + 3, RANGES_G.indexOf(this.#rangeG) << 3);
      this.#state = "set";
    } else {
      this.#set(FIFO_ENABLE, FIFO_OF_ACCELERATION);
      this.#set(INTERRUPT_ENABLE, OVERFLOW);
      this.#empty();
      this.#state = "sampling";
    }
  }

  #overflowed(): boolean {
    return (this.#get(INTERRUPT_STATUS) & OVERFLOW) !== 0;
  }

  /** Sees how many samples there are. */
  #look(): void {
    let bytes = this.#bytes();
    // In the middle of a sample that the chip is just writing, or cut somewhere else than between two.
    if (bytes % SAMPLE_BYTES !== 0) bytes = this.#bytes();
    if (bytes % SAMPLE_BYTES !== 0 || bytes > FIFO_SAMPLES * SAMPLE_BYTES) {
      this.#empty();
      return;
    }
    this.#left = bytes / SAMPLE_BYTES;
    if (this.#left === 0) this.#suspect();
    else this.#seenMs = this.#clock?.nowMs();
  }

  /** No sample came: the chip may have lost power, and sleeps, or have stopped. */
  #suspect(): void {
    const waited = this.#clock === undefined || this.#newestMs === undefined ? 0 : this.#missing(this.#newestMs, this.#clock.nowMs());
    if (waited < 4 && this.#get(POWER_MANAGEMENT) === AWAKE) return;
    this.#state = "unknown";
    this.#error = "absent";
  }

  /** Begins anew with an empty FIFO, and counts as lost what came since the last that was handed over. */
  #empty(): void {
    const began = this.#state !== "sampling" && this.#newestMs === undefined;
    this.#set(USER_CONTROL, FIFO_OFF_AND_EMPTY);
    this.#set(USER_CONTROL, FIFO_ON);
    this.#get(INTERRUPT_STATUS);
    const least = this.#torn || this.#state !== "sampling" ? 1 : FIFO_SAMPLES;
    this.#torn = false;
    this.#left = this.#count = 0;
    const nowMs = this.#clock?.nowMs();
    if (!began) this.#lost = nowMs === undefined || this.#newestMs === undefined ? least : this.#missing(this.#newestMs, nowMs);
    this.#newestMs = nowMs;
  }

  #missing(fromMs: number, toMs: number): number {
    return Math.round(((toMs - fromMs) * this.#rateHz) / 1000);
  }

  /** Moves the next `samples` from the FIFO to the bursts. */
  #fetch(samples: number): void {
    const unit = (this.#rangeG * GRAVITY) / 32768;
    this.#left -= samples;
    if (samples > 0) this.#torn = true;
    for (let i = 0; i < TRANSFER_SAMPLES.length; i++) {
      const size = TRANSFER_SAMPLES[i]!;
      for (; samples >= size; samples -= size) {
        const bytes = this.#transfers[i]!;
        this.#read(FIFO_DATA, bytes);
        // 4.17: two bytes an axis.
        for (let axis = 0; axis < 3; axis++) this.#bursts[axis]?.take(bytes, 2 * axis, SAMPLE_BYTES, unit, this.#count);
        this.#count += size;
      }
    }
  }

  /** 4.30: reading the higher byte holds the lower. */
  #bytes(): number {
    this.#read(FIFO_COUNT, this.#pair);
    return (this.#pair[0]! << 8) | this.#pair[1]!;
  }

  #get(register: number): number {
    this.#read(register, this.#register);
    return this.#register[0]!;
  }

  #read(register: number, into: Bytes): void {
    this.#register[0] = register;
    this.#io.write(this.#register);
    this.#io.read(into);
  }

  #set(register: number, value: number): void {
    this.#pair[0] = register;
    this.#pair[1] = value;
    this.#io.write(this.#pair);
  }
}

/** The widest low-pass of acceleration that lies below half the rate, 184 … 5 Hz, as code of DLPF_CFG (4.3). */
function lowPass(rateHz: number): number {
  if (rateHz >= 500) return 1;
  if (rateHz >= 200) return 2;
  if (rateHz >= 100) return 3;
  if (rateHz >= 50) return 4;
  return rateHz >= 20 ? 5 : 6;
}
