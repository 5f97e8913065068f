/**
 * Encodes samples of several channels into blocks of bounded size, as FORMAT.md gives them. A sample
 * becomes a digit in its channel's section as soon as it comes; all that is staged of a section are some
 * numbers of several digits each (series.ts). For what is staged the room in the one buffer is reserved, so a
 * block can be closed at any moment and never overflows. A sample allocates nothing.
 */
import { crc32 } from "../base/crc32.js";
import { invariant } from "../base/invariant.js";
import { checkedFraction } from "../base/quantise.js";
import type { ReadingError } from "../base/reading-error.js";
import { success, type Result } from "../base/result.js";
import type { Bytes } from "../device.js";
import { identityAt, putUint, reasonCode, type BlockIdentity } from "./block-header.js";
import { checkBlockOptions, type BlockOptions } from "./block-options.js";
import { Sections } from "./sections.js";
import { timing } from "./series.js";

/** All return false when the block is full and has not taken it: `finish`, and give it again. Times are whole ms since boot, 0 … 2^52. */
export interface BlockEncoder {
  /**
   * A function for each channel, in the options' order, that takes its value `x`, rounded to its resolution. NaN counts as missing
   * without a reason; what no multiple below 2^50 units of the last decimal can say, infinities included,
   * as missing for `range`. A compact encoder has none.
   */
  readonly values: readonly ((x: number, atMs: number) => boolean)[];
  /** The same, by the channel's place. */
  value(channel: number, x: number, atMs: number): boolean;
  /** A sample that could not be had, and why, where that is known. */
  missing(channel: number, error: ReadingError | undefined, atMs: number): boolean;
  /** From `fromMs` until before `toMs` nothing was sampled: `count` samples are lost, 0 where nobody knows how many. */
  gap(channel: number, fromMs: number, toMs: number, count: number): boolean;
  /** The next block that is begun carries the channels' names and units. */
  introduce(): void;
  /**
   * Closes the block and returns its bytes, a view of the buffer that holds until the next sample; undefined
   * when there is none. The identity is given where the options want one: each number 0 … 2^32 − 1.
   */
  finish(identity?: BlockIdentity): Bytes | undefined;
}

type Lane = (x: number, atMs: number) => boolean;

/**
 * A channel's own function, with what each sample needs in closure variables, which are several times
 * faster on XS than fields. All that is not fast is done on the series' fields, which it fills before and
 * reads again after. In place of a time, with NaN, −0.5 asks it only to fill them, −0.25 only to read them.
 */
function lane(sections: Sections, index: number, resolution: number): Lane {
  const { step, scale } = checkedFraction(resolution);
  const { groups } = sections.series;
  let at = index * sections.series.groupsMax;
  let end = 0;
  let floor = 0;
  /** 0: no sample may go the fast way. */
  let radix = 0;
  let low = 0;
  let number = 0;
  let left = 0;
  let size = 0;
  let timeFloorMs = 0;
  let timeRadix = 0;
  let timeNumber = 0;
  let timeFull = 0;
  let timeAt = 0;
  let periodMs = 0;
  let isSpacing = false;
  return (x, atMs) => {
    let digit = (x * scale) / step + 0.5 - floor;
    let y = 0;
    if (digit >= 0 && digit < radix) {
      y = atMs - timeFloorMs;
      if (y >= 0 && y < timeRadix) {
        digit |= 0;
        floor += digit + low;
        number = number * radix + digit;
        timeFloorMs += periodMs;
        if (isSpacing) timeFloorMs += y;
        timeNumber = timeNumber * timeRadix + y;
        if (timeNumber >= timeFull) {
          groups[timeAt--] = timeNumber - timeFull;
          timeNumber = 1;
        }
        if (--left !== 0) return true;
        if (at !== end) {
          groups[at++] = number;
          number = 0;
          left = size;
          return true;
        }
        y = -1;
      }
    }
    const s = sections.series;
    if (at < s.base || at >= s.base + s.groupsMax) s.select((at / s.groupsMax) | 0);
    let taken = true;
    if (atMs !== -0.25) {
      s.at = at;
      s.floor = floor;
      s.number = number;
      s.left = left;
      s.timeFloorMs = timeFloorMs;
      s.timeNumber = timeNumber;
      s.timeAt = timeAt;
      if (atMs === -0.5) return true;
      if (y === -1 && left === 0) sections.settle(s);
      else taken = sections.appendValue(s, x, (x * scale) / step, atMs);
    }
    radix = s.kind === 0 && s.stalled === 0 ? s.radix : 0;
    at = s.at;
    end = s.end;
    floor = s.floor;
    low = s.low;
    number = s.number;
    left = s.left;
    size = s.size;
    timeFloorMs = s.timeFloorMs;
    timeRadix = s.timeRadix;
    timeNumber = s.timeNumber;
    timeFull = s.timeFull;
    timeAt = s.timeAt;
    isSpacing = s.timing === timing.spacing;
    periodMs = isSpacing ? s.periodMs + s.timeLow : s.periodMs;
    return taken;
  };
}

class Encoder implements BlockEncoder {
  readonly values: Lane[] = [];
  private readonly sections: Sections;
  private readonly isIdentified: boolean;
  /** Of each channel, of a compact encoder. */
  private readonly scales: readonly number[] = [];
  private readonly steps: readonly number[] = [];
  private readonly channels: number;

  constructor({ channels, identified, compact }: BlockOptions, sections: Sections) {
    this.sections = sections;
    this.isIdentified = identified === true;
    this.channels = channels.length;
    if (compact === true) {
      this.scales = channels.map(({ resolution }) => checkedFraction(resolution).scale);
      this.steps = channels.map(({ resolution }) => checkedFraction(resolution).step);
    } else for (let index = 0; index < channels.length; index++) this.values.push(lane(sections, index, channels[index]!.resolution));
  }

  value(channel: number, x: number, atMs: number): boolean {
    const run = this.values[channel];
    if (run !== undefined) return run(x, atMs);
    const { series } = this.sections;
    series.select(channel);
    return this.sections.appendValue(series, x, (x * this.scales[channel]!) / this.steps[channel]!, atMs);
  }

  missing(channel: number, error: ReadingError | undefined, atMs: number): boolean {
    this.take(channel);
    const taken = this.sections.append(this.sections.series, 8 + reasonCode(error), 0, atMs);
    this.give(channel);
    return taken;
  }

  gap(channel: number, fromMs: number, toMs: number, count: number): boolean {
    this.take(channel);
    const taken = this.sections.gap(this.sections.series, fromMs, toMs, count);
    this.give(channel);
    return taken;
  }

  /** What the channel's own function holds comes into the series, and goes back. */
  private take(channel: number): void {
    const run = this.values[channel];
    if (run === undefined) this.sections.series.select(channel);
    else run(NaN, -0.5);
  }

  private give(channel: number): void {
    this.values[channel]?.(NaN, -0.25);
  }

  introduce(): void {
    this.sections.named = true;
  }

  finish(identity?: BlockIdentity): Bytes | undefined {
    const { sections } = this;
    const { series, out } = sections;
    invariant((identity !== undefined) === this.isIdentified, "a block's identity is given where its options want one");
    if (!sections.open) return undefined;
    for (let index = 0; index < this.channels; index++) {
      this.take(index);
      if (series.kind >= 0) sections.flush(series);
      this.give(index);
    }
    sections.open = false;
    const { bytes, at: end } = out;
    putUint(bytes, 2, end + 4, 2);
    if (identity !== undefined) {
      putUint(bytes, identityAt, identity.install, 4);
      putUint(bytes, identityAt + 4, identity.boot, 4);
      putUint(bytes, identityAt + 8, identity.seq, 4);
    }
    putUint(bytes, end, crc32(bytes, 0, end), 4);
    return bytes.subarray(0, end + 4);
  }
}

/** Failure `options`: channels or sizes out of bounds. */
export function blockEncoder(options: BlockOptions): Result<BlockEncoder, "options"> {
  const checked = checkBlockOptions(options);
  return checked.ok ? success(new Encoder(options, new Sections(options))) : checked;
}
