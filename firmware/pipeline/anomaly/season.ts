/**
 * One season a signal may have, of so many samples: the mean of each part of it, and how much of the
 * signal that explains. Judged by what it said before it saw the sample, so a season that is not there
 * explains nothing.
 */

import type { State } from "../site.js";

/** Bytes of the state of one with so many parts. */
export function seasonState(parts: number): number {
  return 4 * parts + 53;
}

const wholeMax = 0xffff_ffff;

/** A class, since its methods stay in flash: the seasons that are tried would take five kilobytes more as closures. */
export class Season {
  readonly samples: number;
  private readonly parts: number;
  private readonly gain: number;
  private readonly means: number[] = [];
  private level = 0;
  private seen = 0;
  private part = 0;
  /** Where in its part: a part ends when this reaches `samples`, which it does in steps of `parts`. */
  private place = 0;
  private index = 0;
  private cycles = 0;
  private sum = 0;
  private count = 0;
  /** Means of the roots of sizes: a wild sample moves them little. */
  private rootWith = 0;
  private rootWithout = 0;

  /** `parts` ≤ `samples`, both whole. */
  constructor(samples: number, parts: number) {
    this.samples = samples;
    this.parts = parts;
    this.gain = 1 / (1.5 * samples);
    for (let i = 0; i < parts; i++) this.means.push(0);
  }

  /** The sample's deviation from what this part of the season usually has; learns from it. */
  step(x: number): number {
    // Against the last season's mean: a slow drift must not look like a season.
    const deviation = x - this.level;
    if (this.seen < this.samples) this.seen++;
    this.level += deviation / this.seen;
    const rest = deviation - this.means[this.part]!;
    if (this.cycles > 0) {
      this.rootWith += (Math.sqrt(rest < 0 ? -rest : rest) - this.rootWith) * this.gain;
      this.rootWithout += (Math.sqrt(deviation < 0 ? -deviation : deviation) - this.rootWithout) * this.gain;
    }
    this.sum += deviation;
    this.count++;
    this.skip();
    return rest;
  }

  /** A reading that could not be had: the season goes on. */
  skip(): void {
    this.place += this.parts;
    this.index++;
    if (this.place >= this.samples) {
      this.place -= this.samples;
      if (this.count > 0) {
        const { means, part } = this;
        const mean = means[part]! + (this.sum / this.count - means[part]!) * (this.cycles < 5 ? 1 / (this.cycles + 1) : 0.2);
        // In 32 bits they fit key-value storage, and are after a restart what they were.
        means[part] = Math.fround(mean);
        this.sum = this.count = 0;
      }
      this.part++;
    }
    if (this.index === this.samples) {
      this.index = this.part = 0;
      this.cycles++;
    }
  }

  walk(state: State): void {
    const { means, parts } = this;
    for (let i = 0; i < parts; i++) means[i] = state.single(means[i]!);
    this.level = state.number(this.level);
    this.seen = state.whole(this.seen, wholeMax);
    this.part = state.whole(this.part, parts);
    this.place = state.whole(this.place, wholeMax);
    this.index = state.whole(this.index, wholeMax);
    this.cycles = state.whole(this.cycles, wholeMax);
    this.sum = state.number(this.sum);
    this.count = state.whole(this.count, wholeMax);
    this.rootWith = state.size(this.rootWith);
    this.rootWithout = state.size(this.rootWithout);
  }

  /** What remains of the signal's size without the season, above 0; 1 until three seasons have passed. */
  remains(): number {
    if (this.cycles < 3 || this.rootWithout === 0) return 1;
    const ratio = this.rootWith / this.rootWithout;
    return ratio * ratio;
  }
}
