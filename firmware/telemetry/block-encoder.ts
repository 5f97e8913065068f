/**
 * Encodes samples of several channels into blocks of bounded size, as FORMAT.md gives them. A sample
 * becomes a digit in its channel's section as soon as it comes; all that is staged of a section are at
 * most 32 numbers of several digits each, and as many for times off the grid. For what is staged the room
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
import { series as newSeries, timing, type Series } from "./series.js";

/** All return false when the block is full and has not taken it: `finish`, and give it again. Times are whole ms since boot, 0 … 2^52. */
export interface BlockEncoder {
  /**
   * `x` of the channel at this place in the options, rounded to its resolution. NaN counts as missing
   * without a reason; what no multiple below 2^50 units of the last decimal can say, infinities included,
   * as missing for `range`.
   */
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

/** 2^52 ms: no time lies beyond. */
const timeMax = 4503599627370496;
const sectionSamplesMax = 255;

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
  /** Samples that the block has room for in the groups that were begun. */
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
    held -= s.held;
    if (!s.stalled) samples -= s.left;
    s.stalled = false;
    sections.write(s);
    measure();
  }

  function stall(s: Series): void {
    s.stalled = true;
    s.radix = 0;
  }

  /** A group of digits is full. */
  function closeGroup(s: Series): void {
    s.groups[s.groupCount++] = s.number;
    s.number = 0;
    s.left = s.size;
    if (s.groupCount === s.groupsLast) {
      if (s.kind === 0) look(s);
      s.stalled = true;
      flush(s);
    } else if (held + s.bits > budget || samples + s.size > blockLimits.samplesMax) stall(s);
    else {
      held += s.bits;
      s.held += s.bits;
      samples += s.size;
    }
  }

  function closeTimeGroup(s: Series): void {
    s.timeGroups![s.timeGroupCount++] = s.timeNumber;
    s.timeNumber = 0;
    s.timeLeft = s.timeSize;
    if (held + s.timeBits > budget) stall(s);
    else {
      held += s.timeBits;
      s.held += s.timeBits;
    }
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
    const timeSize = isTimed ? groupSize(timeRadix) : 0;
    let digitsMax = sectionSamplesMax - apart;
    if (isTimed && groupsMax * timeSize - apart < digitsMax) digitsMax = groupsMax * timeSize - apart;
    let size = groupSize(radix);
    if (size > digitsMax) size = digitsMax;
    const bits = groupBits(radix, size);
    const timeBits = isTimed ? groupBits(timeRadix, timeSize) : 0;
    let headsBytes = 4;
    if (isValue) headsBytes += headBytes(low, radix);
    if (apart !== 0) headsBytes += varintBytes(zigzag(fromLast));
    if (isTimed) headsBytes += headBytes(timeLow, timeRadix);
    const wanted = 8 * headsBytes + bits + timeBits;
    if (held + wanted + (isOff ? clockBits(s, offMs) : 0) > budget || samples + size + apart > blockLimits.samplesMax) return false;
    if (isOff) {
      setClock(s, offMs);
      offMs = 0;
    }
    held += wanted;
    samples += size + apart;
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
    s.groupsLast = Math.floor(digitsMax / size);
    if (s.groupsLast > groupsMax) s.groupsLast = groupsMax;
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

  function missing(index: number, error: ReadingError | undefined, atMs: number): boolean {
    return append(all[index]!, 8 + reasonCode(error), 0, atMs);
  }

  return success({
    value(index, x, atMs) {
      const s = all[index]!;
      const u = (x * s.scale) / s.step + 0.5;
      let q = u | 0;
      if (q > u) q--;
      const digit = q - s.floor;
      const { radix } = s;
      // Beyond 32 bits q is not the floor of u, and NaN is near nothing.
      if (digit >= 0 && digit < radix && q <= u && u - q < 1) {
        const y = atMs - s.timeFloorMs;
        const { timeRadix } = s;
        if (y >= 0 && y < timeRadix) {
          s.floor = q + s.low;
          s.timeFloorMs += s.periodMs;
          s.number = s.number * radix + digit;
          if (s.timing !== timing.grid) {
            s.timeNumber = s.timeNumber * timeRadix + y;
            if (s.timing === timing.spacing) s.timeFloorMs += y + s.timeLow;
            if (--s.timeLeft === 0) closeTimeGroup(s);
          }
          if (--s.left === 0) closeGroup(s);
          return true;
        }
      }
      q = Math.floor(u);
      if (!(q <= s.most && q >= -s.most)) return missing(index, x === x ? "range" : undefined, atMs);
      return append(s, 0, q, atMs);
    },
    missing,
    gap(index, fromMs, toMs, count) {
      const s = all[index]!;
      invariant(fromMs >= 0 && fromMs % 1 === 0 && toMs >= fromMs && toMs % 1 === 0 && toMs <= timeMax, "a gap has whole ms");
      invariant(count >= 0 && count % 1 === 0 && count <= timeMax, "a gap counts whole samples");
      if (!open) begin(fromMs);
      if (s.kind >= 0) flush(s);
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
      for (let index = 0; index < all.length; index++) if (all[index]!.kind >= 0) flush(all[index]!);
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
