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
  let a = fnv1a(seed + ":" + name + ":a") | 0;
  let b = fnv1a(seed + ":" + name + ":b") | 0;
  let c = fnv1a(seed + ":" + name + ":c") | 0;
  let counter = 1;
  function next(): number {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  }
  for (let round = 0; round < 12; round++) next();
  return {
    next,
    fraction: () => next() / 4294967296,
    split: (child) => random(seed, name + "/" + child),
  };
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash;
}
