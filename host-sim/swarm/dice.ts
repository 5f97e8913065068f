/** Draws of the shapes that a campaign needs, from one seeded stream. */
import type { Random } from "../world/random.js";

export class Dice {
  readonly #draws: Random;

  constructor(draws: Random) {
    this.#draws = draws;
  }

  /** A stream of its own, so that what is drawn there shifts nothing here. */
  split(name: string): Dice {
    return new Dice(this.#draws.split(name));
  }

  chance(share: number): boolean {
    return this.#draws.fraction() < share;
  }

  /** A whole number, both ends included. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.#draws.fraction() * (most - least + 1));
  }

  between(least: number, most: number): number {
    return least + this.#draws.fraction() * (most - least);
  }

  /** As likely from 1 to 10 as from 10 to 100. */
  magnitude(least: number, most: number): number {
    return Math.exp(this.between(Math.log(least), Math.log(most)));
  }

  pick<T>(from: readonly T[]): T {
    return from[this.whole(0, from.length - 1)]!;
  }

  /** Each of them with probability `share`, in their order. */
  some<T>(from: readonly T[], share: number): T[] {
    return from.filter(() => this.chance(share));
  }
}
