/** A bounded series of points over time, NaN where a reading failed. It keeps the newest, and numbers them all, so that each reader has a place of its own. */
const firstPoints = 64;

export class Series {
  readonly #pointsMax: number;
  #times = new Float64Array(firstPoints);
  #values = new Float64Array(firstPoints);
  #total = 0;

  constructor(pointsMax: number) {
    this.#pointsMax = Math.max(firstPoints, pointsMax);
  }

  /** How many points there ever were: the number that the next one gets. */
  get total(): number {
    return this.#total;
  }

  /** The number of the oldest point that is kept. */
  get oldest(): number {
    return Math.max(0, this.#total - this.#times.length);
  }

  push(atMs: number, value: number): void {
    const size = this.#times.length;
    if (this.#total === size && size < this.#pointsMax) this.#grow(Math.min(this.#pointsMax, size * 2));
    const index = this.#total % this.#times.length;
    this.#times[index] = atMs;
    this.#values[index] = value;
    this.#total++;
  }

  last(): number | undefined {
    return this.#total === 0 ? undefined : this.#values[(this.#total - 1) % this.#times.length]!;
  }

  /** Every `stride`th point from number `from` on, and the last one; failures are null. */
  since(from: number, stride = 1): { times: number[]; values: (number | null)[] } {
    const times: number[] = [];
    const values: (number | null)[] = [];
    const size = this.#times.length;
    for (let number = Math.max(from, this.oldest); number < this.#total; number += stride) {
      const index = number % size;
      const value = this.#values[index]!;
      times.push(Math.round(this.#times[index]!));
      values.push(Number.isNaN(value) ? null : Number(value.toPrecision(8)));
    }
    return { times, values };
  }

  #grow(points: number): void {
    const times = new Float64Array(points);
    const values = new Float64Array(points);
    times.set(this.#times);
    values.set(this.#values);
    this.#times = times;
    this.#values = values;
  }
}
