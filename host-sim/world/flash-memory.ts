/**
 * The memory of a flash partition, which outlives the power. Sectors are sparse: one that was never
 * written costs nothing.
 *
 * Fault model: programming clears bits and never sets them. A write that the power ends has done its
 * bytes in order so far; of the byte under way some bits that were to clear have cleared; the rest is as
 * it was. An erase that the power ends leaves the sector neither old nor empty: the chip first programs
 * all of it to 0, bit by bit in no order, and then lets the bits rise to 1, so any of its bits may be
 * either; one in 32 is in between, and reads differently each time until it is programmed or the sector
 * erased in full. A sector that was erased more often than it endures, or that was worn out (`wearOut`), may keep
 * some of its zeros at each erase; that is off unless a partition is given an endurance. Bits may flip at any time
 * (`flipBits`). All of it is drawn from the partition's own stream, and nothing is drawn while nothing is wrong.
 * Slow and refused operations are flash-trouble.ts.
 *
 * Order and phases: as NOR flash is described by its makers (program and erase algorithms with
 * preprogramming); a real chip's torn states are fewer than these.
 */
import { FlashTrouble } from "./flash-trouble.js";
import type { Random } from "./random.js";

export const sectorBytes = 4096;
const sectorWords = sectorBytes / 4;
/** A sector of which only the beginning is written costs no more than that, or up to twice as much: in fleets most are so. */
const headBytes = 64;

/** The part of an erase in which the sector is programmed to 0. */
const clearingShare = 1 / 4;
/** The most bits that an erase of a worn sector leaves, of those that were 0. */
const wornBitsMost = 8;

export interface FlashPartitionOptions {
  /** For what chance decides; without it nothing of the fault model happens to the bits under way: they stay as they were. */
  readonly draws?: Random;
  /** Erases that a sector endures in full. Default: any number. Chips say 100,000. */
  readonly endurance?: number;
}

export class FlashPartition {
  readonly sectors = new Map<number, Uint8Array>();
  readonly bytes: number;
  /** What is wrong with its operations just now. */
  get trouble(): FlashTrouble {
    return (this.#trouble ??= new FlashTrouble());
  }

  /** Bytes programmed so far. */
  programmedBytes = 0;
  /** For who watches it: bytes of a sector change, in whatever way. */
  onTouched: ((index: number) => void) | undefined;
  /** For who watches it: something is programmed from that byte on. */
  onProgrammed: ((byteOffset: number) => void) | undefined;
  readonly #draws: Random | undefined;
  readonly #endurance: number;
  #erases: Map<number, number> | undefined;
  #trouble: FlashTrouble | undefined;
  #worn: Set<number> | undefined;
  /** Sectors whose bytes a fork has as well. */
  #shared: Set<number> | undefined;
  /** Of sectors whose erase was torn: which bits are in between. */
  #marginal: Map<number, Uint8Array> | undefined;

  constructor(bytes: number, options: FlashPartitionOptions = {}) {
    if (bytes % sectorBytes !== 0) throw new RangeError("a partition is whole sectors");
    this.bytes = bytes;
    this.#draws = options.draws;
    this.#endurance = options.endurance ?? Infinity;
  }

  /** Some bits read differently from time to time. */
  get wavers(): boolean {
    return this.#marginal !== undefined && this.#marginal.size > 0;
  }

  /** How often each sector was erased. */
  get erases(): Map<number, number> {
    return (this.#erases ??= new Map());
  }

  read(into: Uint8Array, byteOffset: number): void {
    for (let done = 0; done < into.length;) {
      const at = byteOffset + done;
      const within = at % sectorBytes;
      const index = (at - within) / sectorBytes;
      const count = Math.min(sectorBytes - within, into.length - done);
      const sector = this.sectors.get(index);
      if (sector === undefined) into.fill(0xff, done, done + count);
      else {
        into.set(sector.subarray(within, within + count), done);
        if (within + count > sector.length) into.fill(0xff, done + Math.max(0, sector.length - within), done + count);
      }
      const marginal = this.#marginal?.get(index);
      if (marginal !== undefined) this.#waver(into.subarray(done, done + count), marginal.subarray(within, within + count));
      done += count;
    }
  }

  /** Clears the bits that are 0 in `bytes`; only the first `share` of it when that is below 1. */
  program(bytes: Uint8Array, byteOffset: number, share = 1): void {
    const reached = share * bytes.length;
    const whole = Math.floor(reached);
    this.programmedBytes += whole;
    this.onProgrammed?.(byteOffset);
    this.#clear(byteOffset, bytes, whole);
    if (share >= 1 || this.#draws === undefined) return;
    // The rarer bits are left standing, the further the byte has come.
    const kept = this.#mask(Math.floor((1 - (reached - whole)) * 16)) & 0xff;
    this.#clear(byteOffset + whole, Uint8Array.of(bytes[whole]! | kept), 1);
  }

  /** Only the first `share` of it when that is below 1. */
  erase(index: number, share = 1): void {
    if (share <= 0) return;
    this.onTouched?.(index);
    const erases = (this.erases.get(index) ?? 0) + 1;
    this.erases.set(index, erases);
    this.#marginal?.delete(index);
    if (share < 1) return this.#tear(index, share);
    const old = this.sectors.get(index);
    this.sectors.delete(index);
    this.#shared?.delete(index);
    if (old !== undefined && this.isWorn(index)) this.#wear(index, old);
  }

  /** The sector counts as erased beyond what it endures, from now on. */
  wearOut(index: number): void {
    this.onTouched?.(index);
    (this.#worn ??= new Set()).add(index);
  }

  /** Erases of it may leave bits that were written. */
  isWorn(index: number): boolean {
    return this.#worn?.has(index) === true || (this.erases.get(index) ?? 0) > this.#endurance;
  }

  /** A partition that holds the same, and is another: what is done to one is not done to the other. Costs little: sectors part when one is written. */
  fork(draws?: Random): FlashPartition {
    const made = new FlashPartition(this.bytes, { endurance: this.#endurance, ...(draws === undefined ? {} : { draws }) });
    for (const [index, sector] of this.sectors) {
      made.sectors.set(index, sector);
      (made.#shared ??= new Set()).add(index);
      (this.#shared ??= new Set()).add(index);
    }
    for (const [index, erases] of this.erases) made.erases.set(index, erases);
    if (this.#worn !== undefined) made.#worn = new Set(this.#worn);
    for (const [index, marginal] of this.#marginal ?? []) (made.#marginal ??= new Map()).set(index, marginal.slice());
    return made;
  }

  /** The bytes of a sector, to be changed, up to `end` at least. */
  own(index: number, end = sectorBytes): Uint8Array {
    this.onTouched?.(index);
    const sector = this.sectors.get(index);
    const isShared = this.#shared?.delete(index) === true;
    if (sector !== undefined && !isShared && sector.length >= end) return sector;
    let bytes = headBytes;
    while (bytes < end) bytes *= 2;
    const made = new Uint8Array(Math.max(sector?.length ?? 0, bytes)).fill(0xff);
    if (sector !== undefined) made.set(sector);
    this.sectors.set(index, made);
    return made;
  }

  #clear(byteOffset: number, bytes: Uint8Array, count: number): void {
    for (let done = 0; done < count;) {
      const within = (byteOffset + done) % sectorBytes;
      const index = (byteOffset + done - within) / sectorBytes;
      const here = Math.min(sectorBytes - within, count - done);
      let from = 0;
      while (from < here && bytes[done + from] === 0xff) from++;
      // What is never written costs nothing.
      if (from < here) {
        const sector = this.own(index, within + here);
        const marginal = this.#marginal?.get(index);
        for (let i = from; i < here; i++) {
          sector[within + i]! &= bytes[done + i]!;
          if (marginal !== undefined) marginal[within + i]! &= bytes[done + i]!;
        }
      }
      done += here;
    }
  }

  #tear(index: number, share: number): void {
    if (this.#draws === undefined) return;
    const sector = this.own(index);
    const words = new Uint32Array(sector.buffer, sector.byteOffset, sectorWords);
    const marginal = new Uint32Array(sectorWords);
    const clearing = share < clearingShare;
    const sixteenths = Math.floor(16 * (clearing ? share / clearingShare : (share - clearingShare) / (1 - clearingShare)));
    for (let word = 0; word < sectorWords; word++) {
      const moved = this.#mask(sixteenths);
      words[word] = clearing ? words[word]! & ~moved : moved;
      marginal[word] = 1 << (this.#draws.next() >>> 27);
    }
    (this.#marginal ??= new Map()).set(index, new Uint8Array(marginal.buffer));
  }

  #wear(index: number, old: Uint8Array): void {
    const draws = this.#draws;
    if (draws === undefined) return;
    const bits = draws.next() % (wornBitsMost + 1);
    for (let each = 0; each < bits; each++) {
      const bit = draws.next() % (8 * sectorBytes);
      const mask = 1 << (bit & 7);
      if (((old[bit >> 3] ?? 0xff) & mask) === 0) this.own(index)[bit >> 3]! &= ~mask;
    }
  }

  /** 32 bits, each of them 1 in `sixteenths` of 16 cases. */
  #mask(sixteenths: number): number {
    const draws = this.#draws!;
    if (sixteenths >= 16) return -1;
    let mask = 0;
    for (let bit = 1; bit < 16; bit <<= 1) mask = (sixteenths & bit) !== 0 ? mask | draws.next() : mask & draws.next();
    return mask;
  }

  /** Bits in between come out either way. */
  #waver(read: Uint8Array, marginal: Uint8Array): void {
    for (let at = 0; at < read.length; at++) if (marginal[at] !== 0) read[at]! ^= marginal[at]! & this.#draws!.next();
  }
}

/** Flips so many bits, each another one, of what is written in the partitions; fewer where there are not so many. Says how many. */
export function flipBits(partitions: Iterable<FlashPartition>, bits: number, draws: Random): number {
  const written: Uint8Array[] = [];
  for (const partition of partitions) {
    for (const index of [...partition.sectors.keys()].sort((a, b) => a - b)) written.push(partition.own(index));
  }
  const all = written.length * sectorBytes * 8;
  const flipped = new Set<number>();
  while (flipped.size < Math.min(bits, all)) {
    const bit = Math.floor(draws.fraction() * all);
    if (flipped.has(bit)) continue;
    flipped.add(bit);
    const sector = Math.floor(bit / (8 * sectorBytes));
    written[sector]![(bit >> 3) % sectorBytes]! ^= 1 << (bit & 7);
  }
  return flipped.size;
}
