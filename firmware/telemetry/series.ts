/** What the encoder knows of one channel: how its values become whole numbers, where its clock stands, and the section under way. */
import { checkedFraction } from "../base/quantise.js";
import { varintBytes, zigzag } from "./block-bytes.js";
import type { BlockChannel } from "./block-options.js";

/** Samples of a section that are staged, and that a section may have at all: more only while nothing changes. */
export const stagedMax = 32;
export const sectionSamplesMax = 255;
/** How far a section's numbers and times may lie from its first: 30 bits hold the range. */
export const reachMax = 536870911;

/** Fields that each sample needs stand first: XS finds them in this order. */
export interface Series {
  /** −1: no section is under way; 0: one of values; 8 + reason: one of missing samples. */
  kind: number;
  scale: number;
  step: number;
  /** Numbers less than so many resolutions from 0 are rounded in 32 bits. */
  near: number;
  /** The section's first number; those that lie within ± `limit` of it take the fast way. */
  base: number;
  limit: number;
  /** When the grid expects the next sample; those within ± `timeLimit` of it take the fast way. 0: on the grid so far. */
  expectedMs: number;
  timeLimit: number;
  /** Bits reserved for each sample of the section, and for the rest of it. */
  width: number;
  count: number;
  /** Numbers less the base, and times less the grid. The latter only once a channel has left its grid. */
  readonly values: Int32Array;
  times: Int32Array | undefined;
  periodMs: number;
  overhead: number;
  /** The grid's time for the section's first sample. */
  startMs: number;
  valueWidth: number;
  timeWidth: number;
  /** The number that came last. */
  last: number;
  /** What the section before needed: where the next one begins. */
  nextValueWidth: number;
  nextTimeWidth: number;
  /** The spacing that the next section shall have. */
  paceMs: number;
  /** The section began with a number far from those before it. */
  leapt: boolean;
  /** The farthest number from 0. */
  readonly most: number;
  readonly index: number;
  readonly channel: BlockChannel;
}

export function series(channel: BlockChannel, index: number): Series {
  const { step, scale } = checkedFraction(channel.resolution);
  const most = Math.floor(1125899906842624 / step);
  return {
    kind: -1,
    scale,
    step,
    near: most < 1073741824 ? most : 1073741824,
    base: 0,
    limit: 0,
    expectedMs: 0,
    timeLimit: 0,
    width: 0,
    count: 0,
    values: new Int32Array(stagedMax),
    times: undefined,
    periodMs: channel.periodMs ?? 0,
    overhead: 0,
    startMs: 0,
    valueWidth: 0,
    timeWidth: 0,
    last: 0,
    nextValueWidth: 0,
    nextTimeWidth: 0,
    paceMs: channel.periodMs ?? 0,
    leapt: false,
    most,
    index,
    channel,
  };
}

/** Bits that hold −|x| … |x|. 0 for 0, else 2 … 33. */
export function widthOf(x: number): number {
  return x === 0 ? 0 : 33 - Math.clz32(x < 0 ? -x : x);
}

/** The farthest from 0 that `width` bits hold. */
export function limitOf(width: number): number {
  return width === 0 ? 0 : (1 << (width - 1)) - 1;
}

/** Bits that a section takes at most beside its samples' own: tag, channel, count, heads of both columns, the last byte's rest. */
export function overheadBits(kind: number, fromLast: number, valueWidth: number, timeWidth: number): number {
  let bytes = 4;
  if (kind === 0) bytes += 2 + valueWidth / 7 + varintBytes(zigzag((fromLast < 0 ? -fromLast : fromLast) + limitOf(valueWidth)));
  if (timeWidth !== 0) bytes += 3 + timeWidth / 3.5;
  return Math.floor(8 * bytes + 0.99);
}
