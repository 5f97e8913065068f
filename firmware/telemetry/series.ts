/** What the encoder knows of one channel: how its values become whole numbers, where its clock stands, and the section under way. */
import { checkedFraction } from "../base/quantise.js";
import type { BlockChannel } from "./block-options.js";
import { groupsMax } from "./column.js";

/** How a section says its times: FORMAT.md's codes. */
export const timing = { grid: 0, about: 1, spacing: 2 } as const;

/** Fields that each sample needs stand first: XS finds them in this order. */
export interface Series {
  scale: number;
  step: number;
  /** A number's digit is what it lies above this. */
  floor: number;
  /** 0 where no sample may go the fast way. */
  radix: number;
  timeFloorMs: number;
  /** 1 on the grid. */
  timeRadix: number;
  low: number;
  periodMs: number;
  /** The group under way, and how many digits it still wants. */
  number: number;
  left: number;
  timeNumber: number;
  timeLeft: number;
  timing: number;
  timeLow: number;
  /** Full groups of the section. */
  readonly groups: Int32Array;
  groupCount: number;
  size: number;
  bits: number;
  /** Taken by a channel that leaves its grid. */
  timeGroups: Int32Array | undefined;
  timeGroupCount: number;
  timeSize: number;
  timeBits: number;
  /** The section ends with this group. */
  groupsLast: number;
  /** −1: no section is under way; 0: one of values; 8 + reason: one of missing samples. */
  kind: number;
  /** Samples so far that have no digit: 1 where the first value is said apart, as `first`. */
  apart: number;
  first: number;
  /** Of this section: its radix, and bits reserved for all of it. */
  ownRadix: number;
  held: number;
  /** For the next group there is no room: the block is full. */
  stalled: boolean;
  /** Where FORMAT.md's decoder stands before the section: the number that came last, when the next is expected. */
  last: number;
  nextMs: number;
  /** What the next section will have. */
  nextLow: number;
  nextRadix: number;
  nextTiming: number;
  nextTimeLow: number;
  nextTimeRadix: number;
  paceMs: number;
  /** Short sections one after the other, and those that ended because of their times. */
  short: number;
  restless: number;
  /** Full sections since the columns' ranges were looked at. */
  unseen: number;
  /** The farthest number from 0. */
  readonly most: number;
  readonly index: number;
  readonly channel: BlockChannel;
}

export function series(channel: BlockChannel, index: number): Series {
  const { step, scale } = checkedFraction(channel.resolution);
  const periodMs = channel.periodMs ?? 0;
  return {
    scale,
    step,
    floor: 0,
    radix: 0,
    timeFloorMs: 0,
    timeRadix: 1,
    low: 0,
    periodMs,
    number: 0,
    left: 0,
    timeNumber: 0,
    timeLeft: 0,
    timing: timing.grid,
    timeLow: 0,
    groups: new Int32Array(groupsMax),
    groupCount: 0,
    size: 0,
    bits: 0,
    timeGroups: undefined,
    timeGroupCount: 0,
    timeSize: 0,
    timeBits: 0,
    groupsLast: 0,
    kind: -1,
    apart: 0,
    first: 0,
    ownRadix: 0,
    held: 0,
    stalled: false,
    last: 0,
    nextMs: 0,
    nextLow: 0,
    nextRadix: 1,
    nextTiming: timing.grid,
    nextTimeLow: 0,
    nextTimeRadix: 1,
    paceMs: periodMs,
    short: 0,
    restless: 0,
    unseen: 0,
    most: Math.floor(1125899906842624 / step),
    index,
    channel,
  };
}

/** Samples of the section under way. */
export function countOf(s: Series): number {
  return s.apart + s.groupCount * s.size + (s.size - s.left);
}
