/** The last raw readings of one channel: their mean, and how far they are apart. */
import type { Reading } from "../pairing/contract.js";

const readingsMax = 5;

export class Steadiness {
  #values: number[] = [];
  #ms = -1;

  /** A reading that was seen already does not count twice; one that failed begins anew. */
  add({ ms, value }: Reading): void {
    if (ms === this.#ms) return;
    if (ms < this.#ms || value === undefined) this.#values = [];
    this.#ms = ms;
    if (value !== undefined) this.#values.push(value);
    if (this.#values.length > readingsMax) this.#values.shift();
  }

  get count(): number {
    return this.#values.length;
  }

  get mean(): number {
    return this.#values.reduce((sum, value) => sum + value, 0) / this.#values.length;
  }

  get spread(): number {
    return Math.max(...this.#values) - Math.min(...this.#values);
  }
}
