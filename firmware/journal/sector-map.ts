/** What the journal knows of each sector of its partition, and the order of those that are used. Two small arrays. */
/** `checked`: erased, and seen to be in this boot. */
export const state = { dirty: 0, erased: 1, checked: 2, used: 3, worn: 4 } as const;
const stateMask = 7;
const levelShift = 3;
export const levelMax = 31;

export class SectorMap {
  readonly count: number;
  /** Of each its state, and above `levelShift` how often it was thinned out. */
  private readonly flags: Uint8Array;
  /** Of used sectors: the number below which no record in it lies. */
  readonly firsts: Uint32Array;
  /** The used sector with the highest first; −1 when none is used. */
  newest = -1;

  constructor(count: number) {
    this.count = count;
    const buffer = new ArrayBuffer(5 * count);
    this.firsts = new Uint32Array(buffer, 0, count);
    this.flags = new Uint8Array(buffer, 4 * count, count);
  }

  /** One of `state`. */
  stateOf(sector: number): number {
    return this.flags[sector]! & stateMask;
  }

  levelOf(sector: number): number {
    return this.flags[sector]! >> levelShift;
  }

  /** `level` is cut to `levelMax`. */
  set(sector: number, what: number, level = 0): void {
    this.flags[sector] = what | ((level > levelMax ? levelMax : level) << levelShift);
  }

  /** The used sector that comes after `sector` in the order of numbers; −1 after the newest. With −1: the oldest. */
  after(sector: number): number {
    const { firsts, count } = this;
    const above = sector < 0 ? -1 : firsts[sector]!;
    let best = -1;
    let bestFirst = 0;
    for (let index = 0; index < count; index++) {
      if (this.stateOf(index) !== state.used) continue;
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
    const { firsts, count } = this;
    let best = -1;
    let bestFirst = 0;
    for (let index = 0; index < count; index++) {
      if (this.stateOf(index) !== state.used) continue;
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
    for (let index = 0; index < this.count; index++) if (this.stateOf(index) === what) return true;
    return false;
  }

  isErased(sector: number): boolean {
    const each = this.stateOf(sector);
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
    this.set(sector, state.used);
    this.firsts[sector] = first;
    this.newest = sector;
  }
}
