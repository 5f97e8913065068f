/**
 * What the encoder knows of the channel whose turn it is: how its values become whole numbers, where its
 * clock stands, and the section under way. One object serves all channels, as on a board one for each would take
 * twice the room: what the others need stands in rows of plain numbers until it is their turn.
 */
import { checkedFraction } from "../base/quantise.js";
import type { BlockChannel } from "./block-options.js";

/** How a section says its times: FORMAT.md's codes. */
export const timing = { grid: 0, about: 1, spacing: 2 } as const;

/** Groups staged of all channels together, and of one at least. */
const groupsAll = 128;
const groupsMin = 32;
/** Numbers of a row: as many as `store` writes, without and with what a sample changes. */
const rowNumbers = 31;
const wholeRowNumbers = 38;

/** What a channel's next section will have, as far as the ones before tell. */
export class Plan {
  low = 0;
  radix = 1;
  timeLow = 0;
  timeRadix = 1;
  timing: number = timing.grid;
  paceMs = 0;
  /** Short sections one after the other, and those that ended because of their times. */
  short = 0;
  restless = 0;
  /** Full sections since the columns' ranges were looked at. */
  unseen = 0;
}

/** On XS a field costs the more the later it stands: those used most come first. */
export class Series {
  /** The first of the channel's groups, and the place of the next one of values. */
  base = 0;
  at = 0;
  readonly plan = new Plan();
  /** All channels' groups: of each `groupsMax`, those of its values from the first on, those of its times from the last back. */
  readonly groups: Int32Array;
  readonly groupsMax: number;
  /** What a sample changes, `at` as well: true only while its channel's function waits. A number's digit is what it lies above `floor`. */
  floor = 0;
  timeFloorMs = 0;
  /** The groups under way, that of times begun with a 1 before its digits, and how many samples until `settle` or the next group. */
  number = 0;
  left = 0;
  timeNumber = 1;
  timeAt = 0;

  /** −1: no section is under way; 0: one of values; 8 + reason: one of missing samples. */
  kind = -1;
  radix = 1;
  size = 0;
  /** The last group for which room is reserved, and how many of its digits. */
  end = 0;
  low = 0;
  bits = 0;
  timing: number = timing.grid;
  timeRadix = 1;
  timeSize = 0;
  timeBits = 0;
  /** Bits reserved for the section, and digits of values. */
  held = 0;
  digits = 0;
  /** Samples so far that have no digit: 1 where the first value is said apart, as `first`. */
  apart = 0;
  periodMs = 0;
  timeLow = 0;
  /** A group of times is full when its number has come to this. */
  timeFull = Infinity;
  /** For the next sample there is no room: the block is full. */
  stalled = 0;
  /** Where FORMAT.md's decoder stands before the section: the number that came last, when the next is expected. */
  last = 0;
  nextMs = 0;
  lastDigits = 0;
  first = 0;
  index = 0;
  /** The farthest number from 0. */
  most = 0;
  private readonly rows: Float64Array;
  private readonly rowNumbers: number;

  /** `isWhole`: no function holds what a sample changes, so it stands in the rows too. */
  constructor(channels: readonly BlockChannel[], isWhole: boolean) {
    this.rowNumbers = isWhole ? wholeRowNumbers : rowNumbers;
    const share = (groupsAll / channels.length) | 0;
    this.groupsMax = share > groupsMin ? share : groupsMin;
    this.groups = new Int32Array(channels.length * this.groupsMax);
    // A channel that is alone always has its turn: then what is written to the rows goes nowhere.
    this.rows = new Float64Array(channels.length === 1 ? 0 : channels.length * this.rowNumbers);
    for (let index = 0; index < channels.length; index++) {
      const { resolution, periodMs = 0 } = channels[index]!;
      this.most = Math.floor(1125899906842624 / checkedFraction(resolution).step);
      this.periodMs = this.plan.paceMs = periodMs;
      this.index = index;
      this.base = index * this.groupsMax;
      this.store();
    }
  }

  /** The channel of this index has its turn. */
  select(index: number): void {
    if (index === this.index) return;
    this.store();
    this.index = index;
    this.base = index * this.groupsMax;
    this.load();
  }

  private store(): void {
    const { plan, rows } = this;
    let at = this.index * this.rowNumbers;
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
    rows[at++] = plan.low;
    rows[at++] = plan.radix;
    rows[at++] = plan.timing;
    rows[at++] = plan.timeLow;
    rows[at++] = plan.timeRadix;
    rows[at++] = plan.paceMs;
    rows[at++] = plan.short;
    rows[at++] = plan.restless;
    rows[at++] = plan.unseen;
    rows[at++] = this.most;
    if (this.rowNumbers === rowNumbers) return;
    rows[at++] = this.at;
    rows[at++] = this.floor;
    rows[at++] = this.timeFloorMs;
    rows[at++] = this.number;
    rows[at++] = this.left;
    rows[at++] = this.timeNumber;
    rows[at] = this.timeAt;
  }

  private load(): void {
    const { plan, rows } = this;
    let at = this.index * this.rowNumbers;
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
    plan.low = rows[at++]!;
    plan.radix = rows[at++]!;
    plan.timing = rows[at++]!;
    plan.timeLow = rows[at++]!;
    plan.timeRadix = rows[at++]!;
    plan.paceMs = rows[at++]!;
    plan.short = rows[at++]!;
    plan.restless = rows[at++]!;
    plan.unseen = rows[at++]!;
    this.most = rows[at++]!;
    if (this.rowNumbers === rowNumbers) return;
    this.at = rows[at++]!;
    this.floor = rows[at++]!;
    this.timeFloorMs = rows[at++]!;
    this.number = rows[at++]!;
    this.left = rows[at++]!;
    this.timeNumber = rows[at++]!;
    this.timeAt = rows[at]!;
  }
}

/** Samples of the section under way that have a digit. */
export function digitsOf(s: Series): number {
  const { at, size } = s;
  return (at - s.base) * size + (at === s.end ? s.lastDigits : size) - s.left;
}

/** All its samples. */
export function countOf(s: Series): number {
  return s.apart + digitsOf(s);
}

/** Groups of times that are full. */
export function timeGroupsOf(s: Series): number {
  return s.base + s.groupsMax - 1 - s.timeAt;
}
