/** What made-up recordings are drawn from: distributions, times of day, and what each kind of signal provides. */
import type { Random } from "../world/random.js";

/** Draws for one recording. */
export class Draw {
  readonly #random: Random;
  constructor(source: Random) {
    this.#random = source;
  }
  /** low ≤ x < high */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.#random.fraction();
  }
  chance(probability: number): boolean {
    return this.#random.fraction() < probability;
  }
  /** Mean 0, deviation 1 (Box and Muller 1958). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.#random.fraction())) * Math.cos(2 * Math.PI * this.#random.fraction());
  }
  /** Above 1, tail index `alpha`. */
  pareto(alpha: number): number {
    return Math.pow(1 - this.#random.fraction(), -1 / alpha);
  }
  /** Poisson by its normal neighbour above 30. */
  count(mean: number): number {
    if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    const limit = Math.exp(-mean);
    let product = this.#random.fraction();
    let n = 0;
    while (product > limit) {
      product *= this.#random.fraction();
      n++;
    }
    return n;
  }
}

/** 0 at 3 in the morning, 1 at 3 in the afternoon; `phase` in days. */
export function day(phase: number): number {
  return 0.5 - 0.5 * Math.cos(2 * Math.PI * (phase - 0.125));
}

/** A day with two rush hours. */
export function rush(phase: number): number {
  const hour = (phase % 1) * 24;
  const bump = (at: number, width: number) => Math.exp(-0.5 * ((hour - at) / width) ** 2);
  return bump(8.5, 1.5) + 0.9 * bump(17.5, 2) + 0.4 * bump(13, 4);
}

/** From the rows at which anomalies begin to the finished recording. */
export interface Family {
  readonly name: string;
  readonly rows: readonly [number, number];
  readonly anomalies: readonly [number, number];
  /** The values; `begins` are the anomalies' first rows. */
  make(rows: number, begins: readonly number[], draw: Draw): number[];
}

/** Rows since the newest anomaly began, or −1 before the first. */
export function since(begins: readonly number[], row: number): number {
  let age = -1;
  for (const begin of begins) if (begin <= row) age = row - begin;
  return age;
}

export function which(begins: readonly number[], row: number): number {
  let index = -1;
  for (let i = 0; i < begins.length; i++) if (begins[i]! <= row) index = i;
  return index;
}

/**
 * Spells in which a signal is livelier than usual, which no label mentions: 1 outside of them, up to
 * `most` within. They come in clusters, as jobs and weather do.
 */
export function spells(draw: Draw, everyRows: number, most: number): () => number {
  let left = 0;
  let strength = 1;
  let likely = 1 / everyRows;
  return () => {
    likely += (1 / everyRows - likely) / 400;
    if (left > 0) left--;
    else if (draw.chance(likely)) {
      left = Math.round(draw.uniform(5, 80));
      strength = draw.uniform(1.3, most);
      likely = 4 / everyRows;
    } else strength = 1;
    return strength;
  };
}
