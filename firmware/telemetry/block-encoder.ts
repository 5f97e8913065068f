/**
 * Encodes samples of several channels into blocks of bounded size, as FORMAT.md gives them. A sample
 * becomes a digit in its channel's section as soon as it comes; all that is staged of a section are at
 * most 64 numbers of several digits each, and as many for times off the grid. For what is staged the room
 * in the one buffer is reserved, so a block can be closed at any moment and never overflows. A sample
 * allocates nothing.
 */
import { crc32 } from "../base/crc32.js";
import { invariant } from "../base/invariant.js";
import type { ReadingError } from "../base/reading-error.js";
import { success, type Result } from "../base/result.js";
import type { Bytes } from "../device.js";
import { look, widenTimes, widenValues } from "./adaptation.js";
import { blockBytes, varintBytes, zigzag } from "./block-bytes.js";
import { identityAt, putUint, reasonCode, writeHeader, type BlockIdentity } from "./block-header.js";
import { blockLimits, checkBlockOptions, type BlockOptions } from "./block-options.js";
import { groupBits, groupsMax, groupSize, headBytes } from "./column.js";
import { sectionWriter } from "./section-writer.js";
import { countOf, series as newSeries, timing, type Series } from "./series.js";

/** All return false when the block is full and has not taken it: `finish`, and give it again. Times are whole ms since boot, 0 … 2^52. */
export interface BlockEncoder {
  /**
   * A function for each channel, in the options' order, that takes its value `x`, rounded to its resolution. NaN counts as missing
   * without a reason; what no multiple below 2^50 units of the last decimal can say, infinities included,
   * as missing for `range`.
   */
  readonly values: readonly ((x: number, atMs: number) => boolean)[];
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

/** 2^52 ms: no time lies beyond. */
const timeMax = 4503599627370496;
const sectionSamplesMax = 255;
/** In place of a time, to a channel's function. */
const park = -0.5;
const unpark = -0.25;
const settled = -0.75;

/** Failure `options`: channels or sizes out of bounds. */
export function blockEncoder(options: BlockOptions): Result<BlockEncoder, "options"> {
  const checked = checkBlockOptions(options);
  if (!checked.ok) return checked;
  const { bytesMax, identified = false } = options;
  const all: Series[] = [];
  for (let index = 0; index < options.channels.length; index++) all.push(newSeries(options.channels[index]!, index));
  const out = blockBytes(bytesMax);
  const sections = sectionWriter(out, all.length);
  let open = false;
  let named = false;
  /** Samples of the block, those that the sections under way may still get included. */
  let samples = 0;
  /** Bits reserved for what is staged, and bits that are free in the buffer. */
  let held = 0;
  let budget = 0;

  function measure(): void {
    budget = 8 * (bytesMax - 4 - out.at());
  }

  function begin(startMs: number): void {
    open = true;
    samples = 0;
    held = 0;
    for (let index = 0; index < all.length; index++) {
      const s = all[index]!;
      s.periodMs = s.paceMs;
      s.nextMs = startMs;
      s.last = 0;
    }
    writeHeader(out, all, startMs, identified, named);
    sections.begin();
    named = false;
    measure();
  }

  function flush(s: Series): void {
    held -= s.held + s.groupCount * s.bits + s.timeGroupCount * s.timeBits;
    samples -= s.apart + s.groupsLast * s.size - countOf(s);
    s.stalled = false;
    sections.write(s);
    measure();
  }

  /** A group was closed that is the section's last, or for whose successor there is no room. */
  function settle(s: Series): void {
    if (s.groupCount === s.groupsLast) {
      if (s.kind === 0) look(s);
      flush(s);
    } else if (held > budget) {
      s.stalled = true;
      s.radix = 0;
    }
  }

  function closeGroup(s: Series): void {
    s.groups[s.groupCount++] = s.number;
    s.number = 0;
    s.left = s.size;
    held += s.bits;
    settle(s);
  }

  function closeTimeGroup(s: Series): void {
    s.timeGroups![s.timeGroupCount++] = s.timeNumber;
    s.timeNumber = 0;
    s.timeLeft = s.timeSize;
    held += s.timeBits;
    settle(s);
  }

  /** The sample's time, `y` above the floor. */
  function takeTime(s: Series, y: number): void {
    s.timeFloorMs += s.periodMs;
    if (s.timing === timing.grid) return;
    if (s.timing === timing.spacing) s.timeFloorMs += y + s.timeLow;
    s.timeNumber = s.timeNumber * s.timeRadix + y;
    if (--s.timeLeft === 0) closeTimeGroup(s);
  }

  function takeDigit(s: Series, digit: number): void {
    s.floor += digit + s.low;
    s.number = s.number * s.ownRadix + digit;
    if (--s.left === 0) closeGroup(s);
  }

  /** Bits of a section that sets the channel's clock forward. */
  function clockBits(s: Series, offsetMs: number): number {
    return 8 * (2 + varintBytes(zigzag(offsetMs)) + varintBytes(s.paceMs));
  }

  function setClock(s: Series, offsetMs: number): void {
    sections.clock(s, offsetMs);
    s.periodMs = s.paceMs;
    s.nextMs += offsetMs;
    measure();
  }

  /** Begins a section with this sample, if there is room for the clock to be set, the section's heads and a group of each column. */
  function start(s: Series, kind: number, q: number, atMs: number): boolean {
    const isValue = kind === 0;
    const low = isValue ? s.nextLow : 0;
    const radix = isValue ? s.nextRadix : 1;
    const fromLast = isValue ? q - s.last : 0;
    const digit = fromLast - low;
    const apart = digit >= 0 && digit < radix ? 0 : 1;
    let offMs = atMs - s.nextMs;
    const { nextTimeLow: timeLow, nextTimeRadix: timeRadix } = s;
    const isTimed = s.nextTiming !== timing.grid;
    const isOff = s.paceMs !== s.periodMs || offMs < timeLow || offMs >= timeLow + timeRadix;
    // What the section before had worked out need not be worked out again.
    const isTimeKnown = timeRadix === s.timeRadix && s.timeSize !== 0;
    const timeSize = !isTimed ? 0 : isTimeKnown ? s.timeSize : groupSize(timeRadix);
    let digitsMax = sectionSamplesMax - apart;
    if (isTimed && groupsMax * timeSize - apart < digitsMax) digitsMax = groupsMax * timeSize - apart;
    const isKnown = radix === s.ownRadix && radix !== 1;
    let size = isKnown ? s.size : groupSize(radix);
    if (size > digitsMax) size = digitsMax;
    const bits = isKnown ? s.bits : groupBits(radix, size);
    const timeBits = !isTimed ? 0 : isTimeKnown ? s.timeBits : groupBits(timeRadix, timeSize);
    let headsBytes = 4;
    if (isValue) headsBytes += headBytes(low, radix);
    if (apart !== 0) headsBytes += varintBytes(zigzag(fromLast));
    if (isTimed) headsBytes += headBytes(timeLow, timeRadix);
    const wanted = 8 * headsBytes + bits + timeBits;
    if (held + wanted + (isOff ? clockBits(s, offMs) : 0) > budget) return false;
    let groupsLast = Math.floor(digitsMax / size);
    if (groupsLast > groupsMax) groupsLast = groupsMax;
    if (samples + apart + groupsLast * size > blockLimits.samplesMax) return false;
    if (isOff) {
      setClock(s, offMs);
      offMs = 0;
    }
    held += wanted;
    samples += apart + groupsLast * size;
    s.held = wanted;
    s.kind = kind;
    s.low = low;
    s.radix = isValue ? radix : 0;
    s.ownRadix = radix;
    s.size = size;
    s.bits = bits;
    s.left = size;
    s.number = 0;
    s.groupCount = 0;
    s.groupsLast = groupsLast;
    s.apart = apart;
    s.first = fromLast;
    s.timing = s.nextTiming;
    s.timeLow = timeLow;
    s.timeRadix = timeRadix;
    s.timeFloorMs = s.nextMs + timeLow;
    s.timeSize = timeSize;
    s.timeBits = timeBits;
    s.timeLeft = timeSize;
    s.timeNumber = 0;
    s.timeGroupCount = 0;
    if (isTimed) s.timeGroups ??= new Int32Array(groupsMax);
    s.floor = s.last + low;
    takeTime(s, offMs - timeLow);
    if (apart === 0) takeDigit(s, digit);
    else s.floor = q + low;
    return true;
  }

  /** All but the fast way of `value`. `kind` as in Series. */
  function append(s: Series, kind: number, q: number, atMs: number): boolean {
    invariant(atMs >= 0 && atMs <= timeMax && atMs % 1 === 0, "a sample's time is whole ms since boot");
    if (!open) begin(atMs);
    if (s.kind >= 0) {
      const y = atMs - s.timeFloorMs;
      const digit = kind === 0 ? q - s.floor : 0;
      const isKind = kind === s.kind;
      const isNear = digit >= 0 && digit < s.ownRadix;
      const isInTime = y >= 0 && y < s.timeRadix;
      if (isKind && isNear && isInTime) {
        if (s.stalled) return false;
        takeTime(s, y);
        takeDigit(s, digit);
        return true;
      }
      if (isKind && !isNear) widenValues(s, digit);
      if (!isInTime) widenTimes(s, y + s.timeLow);
      flush(s);
    }
    return start(s, kind, q, atMs);
  }

  /** What `value` does when the fast way is closed: q is `u`'s floor, unless no block can say it. */
  function appendValue(s: Series, x: number, atMs: number): boolean {
    const q = Math.floor((x * s.scale) / s.step + 0.5);
    if (q <= s.most && q >= -s.most) return append(s, 0, q, atMs);
    return append(s, 8 + reasonCode(x === x ? "range" : undefined), 0, atMs);
  }

  /**
   * A channel's own function, with what each sample needs in closure variables, which are several times
   * faster on XS than fields. All that is not fast is done on the fields: they are brought up to date before, and
   * read again after. `atMs` `park` and `unpark` do so for others.
   */
  function lane(s: Series): (x: number, atMs: number) => boolean {
    const { scale, step, groups } = s;
    let { floor, radix, low, periodMs, number, left, size, bits, groupCount, groupsLast } = s;
    let { timeRadix, timeNumber, timeLeft, timeGroups, timeGroupCount } = s;
    /** Off the grid: NaN, which no time equals. */
    let gridMs = 0;
    let timeFloorMs = 0;
    let isSpacing = false;
    return (x, atMs) => {
      let digit = (x * scale) / step + 0.5 - floor;
      if (digit >= 0 && digit < radix) {
        if (atMs === gridMs) {
          digit = digit | 0;
          floor += digit + low;
          number = number * radix + digit;
          gridMs += periodMs;
          if (--left !== 0) return true;
          groups[groupCount++] = number;
          number = 0;
          left = size;
          held += bits;
          if (held <= budget && groupCount !== groupsLast) return true;
          atMs = settled;
        } else if (gridMs !== gridMs) {
          const y = atMs - timeFloorMs;
          if (y >= 0 && y < timeRadix) {
            digit = digit | 0;
            floor += digit + low;
            number = number * radix + digit;
            timeNumber = timeNumber * timeRadix + y;
            timeFloorMs += periodMs;
            if (isSpacing) timeFloorMs += y + s.timeLow;
            if (--timeLeft === 0) {
              timeGroups![timeGroupCount++] = timeNumber;
              timeNumber = 0;
              timeLeft = s.timeSize;
              held += s.timeBits;
              if (held > budget) atMs = settled;
            }
            if (--left === 0) {
              groups[groupCount++] = number;
              number = 0;
              left = size;
              held += bits;
              if (held > budget || groupCount === groupsLast) atMs = settled;
            }
            if (atMs !== settled) return true;
          }
        }
      }
      let taken = true;
      if (atMs !== unpark) {
        s.floor = floor;
        s.number = number;
        s.left = left;
        s.groupCount = groupCount;
        s.timeFloorMs = gridMs === gridMs ? gridMs : timeFloorMs;
        s.timeNumber = timeNumber;
        s.timeLeft = timeLeft;
        s.timeGroupCount = timeGroupCount;
        if (atMs === park) return true;
        if (atMs === settled) settle(s);
        else taken = appendValue(s, x, atMs);
      }
      ({ floor, radix, low, periodMs, number, left, size, bits, groupCount, groupsLast } = s);
      ({ timeFloorMs, timeRadix, timeNumber, timeLeft, timeGroups, timeGroupCount } = s);
      gridMs = s.timing === timing.grid ? timeFloorMs : NaN;
      isSpacing = s.timing === timing.spacing;
      return taken;
    };
  }
  const lanes: ((x: number, atMs: number) => boolean)[] = [];
  for (let index = 0; index < all.length; index++) lanes.push(lane(all[index]!));

  return success({
    values: lanes,
    missing(index, error, atMs) {
      const run = lanes[index]!;
      run(NaN, park);
      const taken = append(all[index]!, 8 + reasonCode(error), 0, atMs);
      run(NaN, unpark);
      return taken;
    },
    gap(index, fromMs, toMs, count) {
      const s = all[index]!;
      lanes[index]!(NaN, park);
      invariant(fromMs >= 0 && fromMs % 1 === 0 && toMs >= fromMs && toMs % 1 === 0 && toMs <= timeMax, "a gap has whole ms");
      invariant(count >= 0 && count % 1 === 0 && count <= timeMax, "a gap counts whole samples");
      if (!open) begin(fromMs);
      if (s.kind >= 0) flush(s);
      lanes[index]!(NaN, unpark);
      const offMs = fromMs - s.nextMs;
      const isOff = offMs !== 0 || s.paceMs !== s.periodMs;
      const bits = 8 * (2 + varintBytes(count) + varintBytes(toMs - fromMs));
      if (held + bits + (isOff ? clockBits(s, offMs) : 0) > budget) return false;
      if (isOff) setClock(s, offMs);
      sections.gap(s, count, toMs - fromMs);
      s.nextMs = toMs;
      measure();
      return true;
    },
    introduce() {
      named = true;
    },
    finish(identity) {
      invariant((identity !== undefined) === identified, "a block's identity is given where its options want one");
      if (!open) return undefined;
      for (let index = 0; index < all.length; index++) {
        const s = all[index]!;
        lanes[index]!(NaN, park);
        if (s.kind >= 0) flush(s);
        lanes[index]!(NaN, unpark);
      }
      open = false;
      const end = out.at();
      putUint(out.bytes, 2, end + 4, 2);
      if (identity !== undefined) {
        putUint(out.bytes, identityAt, identity.install, 4);
        putUint(out.bytes, identityAt + 4, identity.boot, 4);
        putUint(out.bytes, identityAt + 8, identity.seq, 4);
      }
      putUint(out.bytes, end, crc32(out.bytes, 0, end), 4);
      return out.bytes.subarray(0, end + 4);
    },
  });
}
