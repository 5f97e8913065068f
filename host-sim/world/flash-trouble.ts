/**
 * What may be wrong with the operations of a flash partition for a time: erases that last longer, writes and
 * erases that fail.
 *
 * Fault model: an erase of a tired or hot chip lasts up to ten times as long as a typical one. An operation that
 * fails throws, as the SDK does for an error of the chip's driver; how far it had come is drawn, from not begun to done,
 * and what it leaves is what a power cut at that point leaves. Troubles of one kind may overlap: the slowest counts, and each may fail
 * an operation.
 */
import type { Random } from "./random.js";

export type FlashOperation = "write" | "erase";

interface Failing {
  readonly operation: FlashOperation | "both";
  readonly chance: number;
  readonly draws: Random;
}

export class FlashTrouble {
  // Of most partitions nobody wants any: made when they are needed.
  #slow: Set<{ readonly eraseUs: number }> | undefined;
  #failing: Set<Failing> | undefined;
  #listeners: Set<(operation: FlashOperation, atUs: number, us: number) => void> | undefined;

  /** An operation begins that will last so long. */
  begin(operation: FlashOperation, atUs: number, us: number): void {
    for (const heard of this.#listeners ?? []) heard(operation, atUs, us);
  }

  /** Hears of each operation as it begins. What it returns takes that back. */
  listen(heard: (operation: FlashOperation, atUs: number, us: number) => void): () => void {
    const listeners = (this.#listeners ??= new Set());
    listeners.add(heard);
    return () => listeners.delete(heard);
  }

  /** How long an erase lasts that would last `usualUs`. */
  eraseUs(usualUs: number): number {
    let us = usualUs;
    for (const { eraseUs } of this.#slow ?? []) if (eraseUs > us) us = eraseUs;
    return us;
  }

  /** The share of the operation after which it fails; undefined: it does not. */
  fails(operation: FlashOperation): number | undefined {
    for (const { operation: which, chance, draws } of this.#failing ?? []) {
      if ((which === "both" || which === operation) && draws.fraction() < chance) return draws.fraction();
    }
    return undefined;
  }

  /** What it returns takes it back. */
  slow(eraseUs: number): () => void {
    const slow = { eraseUs };
    const all = (this.#slow ??= new Set());
    all.add(slow);
    return () => all.delete(slow);
  }

  /** What it returns takes it back. */
  fail(operation: FlashOperation | "both", chance: number, draws: Random): () => void {
    const failing = { operation, chance, draws };
    const all = (this.#failing ??= new Set());
    all.add(failing);
    return () => all.delete(failing);
  }
}
