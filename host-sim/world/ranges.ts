/** A set of whole numbers as ranges, both ends included. What is mostly added is the next number, which costs nothing. */
export class Ranges {
  readonly #from: number[] = [];
  readonly #to: number[] = [];

  add(from: number, to: number): void {
    const starts = this.#from;
    const ends = this.#to;
    let at = starts.length;
    while (at > 0 && ends[at - 1]! >= from - 1) at--;
    let count = 0;
    let least = from;
    let most = to;
    while (at + count < starts.length && starts[at + count]! <= to + 1) {
      if (starts[at + count]! < least) least = starts[at + count]!;
      if (ends[at + count]! > most) most = ends[at + count]!;
      count++;
    }
    starts.splice(at, count, least);
    ends.splice(at, count, most);
  }

  has(number: number): boolean {
    return this.next(number) > number;
  }

  /** The first number from there on that is not in the set. */
  next(from: number): number {
    for (let at = this.#from.length - 1; at >= 0; at--) {
      if (this.#from[at]! <= from) return this.#to[at]! >= from ? this.#to[at]! + 1 : from;
    }
    return from;
  }

  /** −1 when it is empty. */
  get highest(): number {
    return this.#to.at(-1) ?? -1;
  }

  /** What is missing below the highest, from 0 on. */
  holes(): [from: number, to: number][] {
    const holes: [number, number][] = [];
    let next = 0;
    for (const [at, from] of this.#from.entries()) {
      if (from > next) holes.push([next, from - 1]);
      next = this.#to[at]! + 1;
    }
    return holes;
  }
}
