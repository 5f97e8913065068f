/** What the journal knows of each sector of its partition, and the order of those that are used. Two small arrays. */
export const state = { dirty: 0, erased: 1, checked: 2, used: 3, worn: 4 } as const;

export class SectorMap {
  readonly count: number;
  /** Of `state`; `checked`: erased, and seen to be in this boot. */
  readonly states: Uint8Array;
  readonly levels: Uint8Array;
  /** Of used sectors: the number below which no record in it lies. */
  readonly firsts: Uint32Array;
  /** The used sector with the highest first; −1 when none is used. */
  newest = -1;

  constructor(count: number) {
    this.count = count;
    this.states = new Uint8Array(count);
    this.levels = new Uint8Array(count);
    this.firsts = new Uint32Array(count);
  }

  /** The used sector that comes after `sector` in the order of numbers; −1 after the newest. With −1: the oldest. */
  after(sector: number): number {
    const { states, firsts, count } = this;
    const above = sector < 0 ? -1 : firsts[sector]!;
    let best = -1;
    let bestFirst = 0;
    for (let index = 0; index < count; index++) {
      if (states[index] !== state.used) continue;
      const first = firsts[index]!;
      if (first > above && (best < 0 || first < bestFirst)) {
        best = index;
        bestFirst = first;
      }
    }
    return best;
  }

  /** The used sector in which a record of that number stands or would stand; the oldest when all lie behind it; −1 when none is used. */
  holding(seq: number): number {
    const { states, firsts, count } = this;
    let best = -1;
    let bestFirst = 0;
    for (let index = 0; index < count; index++) {
      if (states[index] !== state.used) continue;
      const first = firsts[index]!;
      if (first <= seq && (best < 0 || first > bestFirst)) {
        best = index;
        bestFirst = first;
      }
    }
    return best < 0 ? this.after(-1) : best;
  }

  /** All records of a used sector have numbers below it. */
  end(sector: number): number {
    const next = this.after(sector);
    return next < 0 ? Infinity : this.firsts[next]!;
  }

  /** How many are erased. */
  get erased(): number {
    let erased = 0;
    for (let index = 0; index < this.count; index++) if (this.isErased(index)) erased++;
    return erased;
  }

  has(what: number): boolean {
    return this.states.indexOf(what) >= 0;
  }

  isErased(sector: number): boolean {
    const each = this.states[sector];
    return each === state.erased || each === state.checked;
  }

  /** The next in the ring behind the newest that `fits`; −1 when none does. Taking turns wears all alike. */
  round(fits: (sector: number) => boolean): number {
    for (let step = 1; step <= this.count; step++) {
      const sector = (this.newest + step + this.count) % this.count;
      if (fits(sector)) return sector;
    }
    return -1;
  }

  open(sector: number, first: number): void {
    this.states[sector] = state.used;
    this.levels[sector] = 0;
    this.firsts[sector] = first;
    this.newest = sector;
  }
}
