/**
 * What hangs on a simulated I²C bus: a chip that sees whole transfers and their times, and the faults
 * that every chip can be given. Chips hold no clock: the same calls give the same answers.
 */

export interface I2CChip {
  /** 7 bits. */
  readonly address: number;
  readonly faults: ChipFaults;
  /** A write transfer at `nowUs`. True when the chip acknowledged all of it. */
  write(bytes: Uint8Array, nowUs: number): boolean;
  /** A read transfer at `nowUs`, filling all of `into`. False when the chip did not acknowledge; `into` is then unchanged. */
  read(into: Uint8Array, nowUs: number): boolean;
}

/** Set at any time, from outside. */
export interface ChipFaults {
  /** Not soldered in, or without power: acknowledges nothing. What it was doing goes on. */
  absent: boolean;
  /** Holds SDA low: the bus must let every transfer on it, to any chip, time out. */
  holdsBus: boolean;
  /** The next n transfers are not acknowledged. */
  nakNext: number;
  /** The next n reads arrive with one bit of their first byte flipped. */
  corruptNext: number;
  /** Measures no more: goes on giving what it measured last. */
  frozen: boolean;
}

export function noFaults(): ChipFaults {
  return { absent: false, holdsBus: false, nakNext: 0, corruptNext: 0, frozen: false };
}

/** Whether the faults let a transfer through; counts `nakNext` down. */
export function answers(faults: ChipFaults): boolean {
  if (faults.absent || faults.holdsBus) return false;
  if (faults.nakNext === 0) return true;
  faults.nakNext -= 1;
  return false;
}

/** Damages what was read, where `corruptNext` says so. */
export function corrupt(faults: ChipFaults, into: Uint8Array): void {
  if (faults.corruptNext === 0) return;
  faults.corruptNext -= 1;
  into[0] = into[0]! ^ 0x10;
}
