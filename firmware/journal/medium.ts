/**
 * The partition under a journal: whole units read, programmed and erased, all that is programmed and
 * erased counted. What the flash refuses is a false, never thrown.
 */
import type { Bytes, Flash } from "../device.js";
import type { JournalCounts } from "./contract.js";
import { erasedHeaderBytes, sectorBytes, unitBytes, writeErased } from "./layout.js";

export class Medium {
  /** Where records are read into; what it holds changes with each call of whatever kind. */
  readonly scratch: Bytes;
  /** One unit, for headers that are written and what is padded; one for headers that are read. */
  readonly unit: Bytes;
  readonly header: Bytes;
  private readonly flash: Flash;
  private readonly counts: JournalCounts;

  constructor(flash: Flash, scratchBytes: number, counts: JournalCounts) {
    this.flash = flash;
    // Views of one buffer: each of its own would take half as much RAM again.
    const buffer = new ArrayBuffer(scratchBytes + 2 * unitBytes);
    this.scratch = new Uint8Array(buffer, 0, scratchBytes);
    this.unit = new Uint8Array(buffer, scratchBytes, unitBytes);
    this.header = new Uint8Array(buffer, scratchBytes + unitBytes, unitBytes);
    this.counts = counts;
  }

  read(into: Bytes, sector: number, at: number): boolean {
    try {
      this.flash.read(into, sector * sectorBytes + at);
      return true;
    } catch {
      this.counts.failures++;
      return false;
    }
  }

  /** `bytes` are whole units, at a whole unit. */
  program(bytes: Bytes, sector: number, at: number): boolean {
    try {
      this.flash.write(bytes, sector * sectorBytes + at);
      return true;
    } catch {
      this.counts.failures++;
      return false;
    }
  }

  /** Payload of any length, its last unit padded. */
  programPadded(payload: Bytes, sector: number, at: number): boolean {
    const whole = payload.length & -unitBytes;
    if (whole > 0 && !this.program(payload.subarray(0, whole), sector, at)) return false;
    if (whole === payload.length) return true;
    const { unit } = this;
    unit.fill(0xff);
    unit.set(payload.subarray(whole));
    return this.program(unit, sector, at + whole);
  }

  /** Where the last thing from `from` on ends that does not read as erased: a multiple of 4, `from` when there is none. Blocks 0.4 ms. */
  extent(sector: number, from: number): number {
    const { scratch } = this;
    const words = new Int32Array(scratch.buffer, 0, scratch.length >> 2);
    let extent = from;
    for (let at = from; at < sectorBytes;) {
      const count = sectorBytes - at < scratch.length ? sectorBytes - at : scratch.length;
      if (!this.read(count === scratch.length ? scratch : scratch.subarray(0, count), sector, at)) return sectorBytes;
      for (let word = 0; word < count >> 2; word++) if (words[word] !== -1) extent = at + 4 * word + 4;
      at += count;
    }
    return extent;
  }

  /** Erases the sector, looks whether it is, and says so in its header. Tries twice; false: it is worn, or the flash refused. */
  erase(sector: number, eraseCount: number): boolean {
    for (let tries = 1; tries <= 2; tries++) {
      try {
        this.flash.eraseBlock(sector);
      } catch {
        this.counts.failures++;
        continue;
      }
      if (this.extent(sector, 0) > 0) continue;
      writeErased(this.unit, eraseCount + tries);
      return this.program(this.unit.subarray(0, erasedHeaderBytes), sector, 0);
    }
    return false;
  }
}
