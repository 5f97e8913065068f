/**
 * What hangs on a simulated I²C bus: a chip that sees whole transfers and their times, and the faults
 * that every chip can be given. Chips hold no clock: the same calls give the same answers.
 *
 * Fault model: a chip may be gone, hold the data line, not acknowledge, or measure no more; a bit of what
 * is read from it may flip on the way. Faults overlap: the chip is whole when each has been taken back,
 * in whatever order. Those that strike by chance are decided by the fault's own seed and the transfer's
 * time, so that none shifts another.
 */
import { hash } from "./signal.js";

export interface I2CChip {
  /** 7 bits. */
  readonly address: number;
  readonly faults: ChipFaults;
  /** A write transfer at `nowUs`. True when the chip acknowledged all of it. */
  write(bytes: Uint8Array, nowUs: number): boolean;
  /** A read transfer at `nowUs`, filling all of `into`. False when the chip did not acknowledge; `into` is then unchanged. */
  read(into: Uint8Array, nowUs: number): boolean;
  /** Its supply comes back at `nowUs`: what it held is lost. Without it the chip keeps everything. */
  powerOn?(nowUs: number): void;
}

/** A fault that strikes some times and not others. */
export interface Chance {
  /** How many of the times, 0 … 1. */
  readonly share: number;
  /** Of the fault's own: which of the times. */
  readonly seed: number;
}

/** Whether it strikes at a time, a whole number: always the same answer. */
export function strikes({ share, seed }: Chance, time: number): boolean {
  return hash(seed, time) < share * 4294967296;
}

const none: readonly Chance[] = [];

export class ChipFaults {
  /** Not soldered in, or without power: acknowledges nothing. What it was doing goes on. Set from outside. */
  absent = false;
  /** Holds SDA low: the bus must let every transfer on it, to any chip, time out. Set from outside. */
  holdsBus = false;
  /** The next n transfers are not acknowledged. Set from outside. */
  nakNext = 0;
  /** The next n reads arrive with one bit of their first byte flipped. Set from outside. */
  corruptNext = 0;
  #frozenByHand = false;
  #freezes = 0;
  #absences = 0;
  // Oldest first. Lists that are replaced: most chips never have any of it.
  #naks: readonly Chance[] = none;
  #flips: readonly Chance[] = none;

  /** Measures no more: goes on giving what it measured last. Set from outside, or by a fault. */
  get frozen(): boolean {
    return this.#frozenByHand || this.#freezes > 0;
  }

  set frozen(frozen: boolean) {
    this.#frozenByHand = frozen;
  }

  /** Measures no more, until what this returns is called. */
  freeze(): () => void {
    this.#freezes++;
    return () => void this.#freezes--;
  }

  /** The chip is gone, until what this returns is called. */
  takeOff(): () => void {
    this.#absences++;
    return () => void this.#absences--;
  }

  /** Transfers are not acknowledged, by chance, until what this returns is called. */
  refuse(chance: Chance): () => void {
    const fault = { ...chance };
    this.#naks = [...this.#naks, fault];
    return () => {
      this.#naks = this.#naks.filter((each) => each !== fault);
    };
  }

  /** In reads a bit flips, by chance, until what this returns is called. */
  flip(chance: Chance): () => void {
    const fault = { ...chance };
    this.#flips = [...this.#flips, fault];
    return () => {
      this.#flips = this.#flips.filter((each) => each !== fault);
    };
  }

  /** Whether a transfer at `nowUs` gets through; counts `nakNext` down. */
  answers(nowUs: number): boolean {
    if (this.absent || this.#absences > 0 || this.holdsBus) return false;
    for (const chance of this.#naks) if (strikes(chance, Math.floor(nowUs))) return false;
    if (this.nakNext === 0) return true;
    this.nakNext -= 1;
    return false;
  }

  /** Damages what was read at `nowUs`: any bit of any byte, or where `corruptNext` says so one of the first. */
  corrupt(into: Uint8Array, nowUs: number): void {
    for (const chance of this.#flips) {
      if (into.length === 0 || !strikes(chance, Math.floor(nowUs))) continue;
      const bit = hash(chance.seed ^ 0x2545f491, Math.floor(nowUs)) % (8 * into.length);
      into[bit >> 3]! ^= 1 << (bit & 7);
    }
    if (this.corruptNext === 0) return;
    this.corruptNext -= 1;
    into[0]! ^= 0x10;
  }
}
