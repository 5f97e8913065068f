/**
 * What the encoder knows of the channel whose turn it is: how its values become whole numbers, where its
 * clock stands, and the section under way. One object serves all channels, as on a board one for each would take
 * twice the room: what the others need stands in rows of plain numbers until it is their turn.
 */
import { checkedFraction } from "../base/quantise.js";
import type { BlockChannel } from "./block-options.js";

/** How a section says its times: FORMAT.md's codes. */
export const timing = { grid: 0, about: 1, spacing: 2 } as const;

/** Groups that a channel can stage: those of its values from the first on, those of its times from the last back. */
export const groupsMax = 40;
/** Numbers of a row: as many as `store` writes. */
const rowNumbers = 31;

export class Series {
  index = 0;
  /** What a sample changes: true only while its channel's function waits. A number's digit is what it lies above `floor`. */
  floor = 0;
  timeFloorMs = 0;
  /** The groups under way, that of times begun with a 1 before its digits, and how many samples until `settle` or the next group. */
  number = 0;
  timeNumber = 1;
  left = 0;
  /** Where in `groups` the next group goes. */
  at = 0;
  timeAt = 0;

  /** −1: no section is under way; 0: one of values; 8 + reason: one of missing samples. */
  kind = -1;
  /** For the next sample there is no room: the block is full. */
  stalled = 0;
  low = 0;
  radix = 1;
  size = 0;
  bits = 0;
  /** The last group for which room is reserved, and how many of its digits. */
  end = 0;
  lastDigits = 0;
  timing: number = timing.grid;
  timeLow = 0;
  timeRadix = 1;
  timeSize = 0;
  timeBits = 0;
  /** A group of times is full when its number has come to this. */
  timeFull = Infinity;
  periodMs = 0;
  /** Samples so far that have no digit: 1 where the first value is said apart, as `first`. */
  apart = 0;
  first = 0;
  /** Bits reserved for the section, and digits of values. */
  held = 0;
  digits = 0;
  /** Where FORMAT.md's decoder stands before the section: the number that came last, when the next is expected. */
  last = 0;
  nextMs = 0;
  /** What the next section will have. */
  nextLow = 0;
  nextRadix = 1;
  nextTiming: number = timing.grid;
  nextTimeLow = 0;
  nextTimeRadix = 1;
  paceMs = 0;
  /** Short sections one after the other, and those that ended because of their times. */
  short = 0;
  restless = 0;
  /** Full sections since the columns' ranges were looked at. */
  unseen = 0;
  /** The farthest number from 0. */
  most = 0;

  readonly groups: Int32Array;
  private readonly rows: Float64Array;

  constructor(channels: readonly BlockChannel[]) {
    this.groups = new Int32Array(channels.length * groupsMax);
    this.rows = new Float64Array(channels.length * rowNumbers);
    for (let index = 0; index < channels.length; index++) {
      const { resolution, periodMs = 0 } = channels[index]!;
      this.most = Math.floor(1125899906842624 / checkedFraction(resolution).step);
      this.periodMs = this.paceMs = periodMs;
      this.index = index;
      this.store();
    }
  }

  /** The first of the channel's groups. */
  get base(): number {
    return this.index * groupsMax;
  }

  /** The channel one of whose groups is `at` has its turn. */
  select(at: number): void {
    const index = (at / groupsMax) | 0;
    if (index === this.index) return;
    this.store();
    this.index = index;
    this.load();
  }

  private store(): void {
    const { rows } = this;
    let at = this.index * rowNumbers;
    rows[at++] = this.kind;
    rows[at++] = this.stalled;
    rows[at++] = this.low;
    rows[at++] = this.radix;
    rows[at++] = this.size;
    rows[at++] = this.bits;
    rows[at++] = this.end;
    rows[at++] = this.lastDigits;
    rows[at++] = this.timing;
    rows[at++] = this.timeLow;
    rows[at++] = this.timeRadix;
    rows[at++] = this.timeSize;
    rows[at++] = this.timeBits;
    rows[at++] = this.timeFull;
    rows[at++] = this.periodMs;
    rows[at++] = this.apart;
    rows[at++] = this.first;
    rows[at++] = this.held;
    rows[at++] = this.digits;
    rows[at++] = this.last;
    rows[at++] = this.nextMs;
    rows[at++] = this.nextLow;
    rows[at++] = this.nextRadix;
    rows[at++] = this.nextTiming;
    rows[at++] = this.nextTimeLow;
    rows[at++] = this.nextTimeRadix;
    rows[at++] = this.paceMs;
    rows[at++] = this.short;
    rows[at++] = this.restless;
    rows[at++] = this.unseen;
    rows[at] = this.most;
  }

  private load(): void {
    const { rows } = this;
    let at = this.index * rowNumbers;
    this.kind = rows[at++]!;
    this.stalled = rows[at++]!;
    this.low = rows[at++]!;
    this.radix = rows[at++]!;
    this.size = rows[at++]!;
    this.bits = rows[at++]!;
    this.end = rows[at++]!;
    this.lastDigits = rows[at++]!;
    this.timing = rows[at++]!;
    this.timeLow = rows[at++]!;
    this.timeRadix = rows[at++]!;
    this.timeSize = rows[at++]!;
    this.timeBits = rows[at++]!;
    this.timeFull = rows[at++]!;
    this.periodMs = rows[at++]!;
    this.apart = rows[at++]!;
    this.first = rows[at++]!;
    this.held = rows[at++]!;
    this.digits = rows[at++]!;
    this.last = rows[at++]!;
    this.nextMs = rows[at++]!;
    this.nextLow = rows[at++]!;
    this.nextRadix = rows[at++]!;
    this.nextTiming = rows[at++]!;
    this.nextTimeLow = rows[at++]!;
    this.nextTimeRadix = rows[at++]!;
    this.paceMs = rows[at++]!;
    this.short = rows[at++]!;
    this.restless = rows[at++]!;
    this.unseen = rows[at++]!;
    this.most = rows[at]!;
  }

  /** Samples of the section under way that have a digit. */
  countDigits(): number {
    return (this.at - this.base) * this.size + (this.at === this.end ? this.lastDigits : this.size) - this.left;
  }

  /** All its samples. */
  count(): number {
    return this.apart + this.countDigits();
  }

  /** Groups of times that are full. */
  timeGroups(): number {
    return this.base + groupsMax - 1 - this.timeAt;
  }
}
