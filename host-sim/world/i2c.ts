/**
 * An I²C bus with chips on it, and the ECMA-419 class that a board opens on it.
 *
 * Fault model: a chip that is absent or busy does not acknowledge (the transfer ends after its address
 * byte and throws); a stuck bus, whoever and however many hold it, holds every transfer up for its whole
 * timeout and throws. Which chip fails how is the chip's own affair (chips/). Chips live on the board's
 * supply: what they hold is lost with it, so a transfer that the power ends needs no torn form.
 */
import type { I2C, I2COptions } from "../../firmware/device.js";
import { boundClass } from "./bound-class.js";
import type { I2CChip } from "./chips/chip.js";
import { costs } from "./costs.js";
import type { Cpu } from "./cpu.js";
import type { Trace } from "./trace.js";

/** The SDK's default. */
const defaultTimeoutMs = 400;

export class I2CBus {
  readonly chips = new Map<number, I2CChip>();
  /** SDA held low by somebody. Set from outside. */
  stuck = false;
  #holds = 0;

  attach(chip: I2CChip): void {
    this.chips.set(chip.address, chip);
  }

  /** Holds SDA low, until what it returns is called. */
  hold(): () => void {
    this.#holds++;
    return () => void this.#holds--;
  }

  /** The supply of all chips comes back at `nowUs`. */
  powerOn(nowUs: number): void {
    for (const chip of this.chips.values()) chip.powerOn?.(nowUs);
  }

  /** Somebody holds SDA low: a wire, or a chip that hangs. */
  get held(): boolean {
    if (this.stuck || this.#holds > 0) return true;
    for (const chip of this.chips.values()) if (chip.faults.holdsBus) return true;
    return false;
  }
}

/** What all openings of a bus by one board's boot share. */
interface Wires {
  readonly buses: ReadonlyMap<number, I2CBus>;
  readonly cpu: Cpu;
  readonly trace: Trace;
  /** Data pin and address of those that are open. */
  readonly opened: Set<string>;
}

class SimulatedI2C implements I2C {
  readonly #of: Wires;
  readonly #options: I2COptions;
  readonly #bus: I2CBus | undefined;
  readonly #key: string;
  #closed = false;

  constructor(of: Wires, options: I2COptions) {
    this.#of = of;
    if (!(options.hz > 0 && options.hz <= 1_000_000)) throw new RangeError("invalid hz");
    if (!(options.address >= 0 && options.address <= 127)) throw new RangeError("invalid address");
    this.#options = options;
    this.#bus = this.#of.buses.get(options.data);
    this.#key = options.data + "/" + options.address;
    if (this.#of.opened.has(this.#key)) throw new RangeError("duplicate address");
    this.#of.opened.add(this.#key);
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
    this.#of.opened.delete(this.#key);
  }

  #begin(): number {
    if (this.#closed) throw new Error("closed");
    this.#of.cpu.charge(0);
    return this.#of.cpu.nowUs;
  }

  #end(atUs: number, what: string, acknowledged: boolean, bytes: Uint8Array): void {
    const bits = acknowledged ? 9 * (1 + bytes.length) + 2 : 11;
    const us = this.#bus?.held ? (this.#options.timeout ?? defaultTimeoutMs) * 1000 : (bits * 1e6) / this.#options.hz;
    this.#of.cpu.charge(costs.i2cSetupUs + us);
    if (acknowledged) this.#of.trace.bytes(atUs, what, `"address":${this.#options.address}`, bytes);
    else this.#of.trace.record(atUs, what, `"address":${this.#options.address},"acknowledged":false`);
  }
}

/** Buses are told apart by their data pin, as wires are. */
export function i2cClass(buses: ReadonlyMap<number, I2CBus>, cpu: Cpu, trace: Trace): new (options: I2COptions) => I2C {
  const of: Wires = { buses, cpu, trace, opened: new Set() };
  return boundClass(SimulatedI2C, of);
}
