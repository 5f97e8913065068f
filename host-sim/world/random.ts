/**
 * Seeded randomness, split by name: each subsystem draws from a stream of its own, so that a draw
 * added in one place does not shift another's. sfc32 (Chris Doty-Humphrey, PractRand), seeded from an
 * FNV-1a hash of seed and name.
 */
export interface Random {
  /** A whole number 0 … 2^32 − 1. */
  next(): number;
  /** 0 ≤ x < 1, in steps of 2^−32. */
  fraction(): number;
  /** A stream of its own, which depends on this one's seed and `name` only. */
  split(name: string): Random;
}

export function random(seed: number, name = ""): Random {
  return new Stream(seed, name);
}

class Stream implements Random {
  readonly #seed: number;
  readonly #name: string;
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, name: string) {
    this.#seed = seed;
    this.#name = name;
    this.#a = fnv1a(seed + ":" + name + ":a") | 0;
    this.#b = fnv1a(seed + ":" + name + ":b") | 0;
    this.#c = fnv1a(seed + ":" + name + ":c") | 0;
    for (let round = 0; round < 12; round++) this.next();
  }

  next(): number {
    const b = this.#b;
    const c = this.#c;
    const sum = (((this.#a + b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = b ^ (b >>> 9);
    this.#b = (c + (c << 3)) | 0;
    this.#c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  fraction(): number {
    return this.next() / 4294967296;
  }

  split(name: string): Random {
    return new Stream(this.#seed, this.#name + "/" + name);
  }
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash;
}
