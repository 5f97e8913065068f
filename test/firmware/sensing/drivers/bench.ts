/** A test bench: a clock in µs that the test moves, and I²C, analog and digital classes over chips on it. */
import type { DigitalOptions, I2C, I2COptions } from "../../../../firmware/device.js";
import type { Driver, ReadingError, Sample } from "../../../../firmware/sensing/driver.js";
import type { I2CChip } from "../../../../host-sim/world/chips/chip.js";

export class Bench {
  nowUs = 0;
  readonly errors: ReadingError[] = [];
  readonly onError = (error: ReadingError): void => void this.errors.push(error);
  readonly clock = { nowMs: (): number => Math.floor(this.nowUs / 1000) };

  /** An I²C class with one chip on the bus. A transfer takes its time at 400 kHz, and throws where nobody answers. */
  i2c(chip: I2CChip): new (options: I2COptions) => I2C {
    const bench = this;
    return class {
      readonly #address: number;
      constructor(options: I2COptions) {
        this.#address = options.address;
      }
      read(into: Uint8Array): number {
        bench.nowUs += (1 + into.length) * 22.5;
        if (this.#address !== chip.address || !chip.read(into, bench.nowUs)) throw new Error("read failed");
        return into.length;
      }
      write(bytes: Uint8Array): void {
        bench.nowUs += (1 + bytes.length) * 22.5;
        if (this.#address !== chip.address || !chip.write(bytes, bench.nowUs)) throw new Error("write failed");
      }
      close(): void {}
    };
  }

  /** One sample as the sampler takes it, `lateMs` after the driver said it would be ready; "bus" where it threw. */
  take(driver: Driver, lateMs = 0): Sample | undefined | "bus" {
    try {
      const waitMs = (driver.start?.() ?? 0) + lateMs;
      this.nowUs += waitMs * 1000;
      return driver.sample();
    } catch {
      return "bus";
    } finally {
      this.nowUs += 100_000;
    }
  }

  /** The errors since the last call. */
  taken(): ReadingError[] {
    return this.errors.splice(0);
  }
}

/** A digital input whose level the test sets, with the SDK's merging: edges since the last call of `deliver` make one. */
export class Line {
  level: 0 | 1 = 1;
  options: DigitalOptions | undefined;
  #pending = false;
  readonly io = this.#class();

  set(level: 0 | 1): void {
    if (level === this.level) return;
    this.level = level;
    if (((this.options?.edge ?? 0) & (level === 1 ? 1 : 2)) !== 0) this.#pending = true;
  }

  deliver(): void {
    if (!this.#pending) return;
    this.#pending = false;
    this.options?.onReadable?.();
  }

  #class() {
    const line = this;
    return class {
      static readonly Input = 0;
      static readonly InputPullUp = 1;
      static readonly InputPullDown = 2;
      static readonly Output = 8;
      static readonly OutputOpenDrain = 9;
      static readonly Rising = 1;
      static readonly Falling = 2;
      constructor(options: DigitalOptions) {
        line.options = options;
      }
      read(): number {
        return line.level;
      }
      write(): void {
        throw new Error("an input");
      }
      close(): void {}
    };
  }
}
