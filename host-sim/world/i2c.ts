/**
 * An I²C bus with chips on it, and the ECMA-419 class that a board opens on it.
 *
 * Fault model: a chip that is absent or busy does not acknowledge (the transfer ends after its address
 * byte and throws); a stuck bus holds every transfer up for its whole timeout and throws. Which chip
 * fails how is the chip's own affair (chips/).
 */
import type { I2C, I2COptions } from "../../firmware/device.js";
import type { I2CChip } from "./chips/chip.js";
import { costs } from "./costs.js";
import type { Cpu } from "./cpu.js";
import type { Trace } from "./trace.js";

/** The SDK's default. */
const defaultTimeoutMs = 400;

export class I2CBus {
  readonly chips = new Map<number, I2CChip>();
  /** SDA held low by somebody. */
  stuck = false;

  attach(chip: I2CChip): void {
    this.chips.set(chip.address, chip);
  }

  /** Somebody holds SDA low: a wire, or a chip that hangs. */
  get held(): boolean {
    if (this.stuck) return true;
    for (const chip of this.chips.values()) if (chip.faults.holdsBus) return true;
    return false;
  }
}

/** Buses are told apart by their data pin, as wires are. */
export function i2cClass(buses: ReadonlyMap<number, I2CBus>, cpu: Cpu, trace: Trace): new (options: I2COptions) => I2C {
  const opened = new Set<string>();
  return class SimulatedI2C implements I2C {
    readonly #options: I2COptions;
    readonly #bus: I2CBus | undefined;
    readonly #key: string;
    #closed = false;

    constructor(options: I2COptions) {
      if (!(options.hz > 0 && options.hz <= 1_000_000)) throw new RangeError("invalid hz");
      if (!(options.address >= 0 && options.address <= 127)) throw new RangeError("invalid address");
      this.#options = options;
      this.#bus = buses.get(options.data);
      this.#key = options.data + "/" + options.address;
      if (opened.has(this.#key)) throw new RangeError("duplicate address");
      opened.add(this.#key);
    }

    read(into: Uint8Array<ArrayBuffer>): number {
      const atUs = this.#begin();
      const chip = this.#bus?.chips.get(this.#options.address);
      const read = this.#bus?.held === false && chip !== undefined && chip.read(into, atUs);
      this.#end(atUs, "i2c.read", read, into);
      if (!read) throw new Error("read failed");
      return into.length;
    }

    write(bytes: Uint8Array<ArrayBuffer>): void {
      const atUs = this.#begin();
      const chip = this.#bus?.chips.get(this.#options.address);
      const written = this.#bus?.held === false && chip !== undefined && chip.write(bytes, atUs);
      this.#end(atUs, "i2c.write", written, bytes);
      if (!written) throw new Error("write failed");
    }

    close(): void {
      this.#closed = true;
      opened.delete(this.#key);
    }

    #begin(): number {
      if (this.#closed) throw new Error("closed");
      return cpu.nowUs;
    }

    #end(atUs: number, what: string, acknowledged: boolean, bytes: Uint8Array): void {
      const bits = acknowledged ? 9 * (1 + bytes.length) + 2 : 11;
      const us = this.#bus?.held ? (this.#options.timeout ?? defaultTimeoutMs) * 1000 : (bits * 1e6) / this.#options.hz;
      cpu.charge(costs.i2cSetupUs + us);
      if (acknowledged) trace.bytes(atUs, what, `"address":${this.#options.address}`, bytes);
      else trace.record(atUs, what, `"address":${this.#options.address},"acknowledged":false`);
    }
  };
}
