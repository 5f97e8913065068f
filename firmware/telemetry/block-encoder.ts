/**
 * Encodes samples of several channels into blocks of bounded size, as FORMAT.md gives them. Samples go
 * straight into the one buffer, in sections of one channel each; only the section that each channel is
 * filling is staged, at most 32 whole numbers and, off the grid, as many times. For what is staged the
 * room is reserved, so a block can be closed at any moment and never overflows. A sample allocates nothing.
 */
import { crc32 } from "../base/crc32.js";
import { invariant } from "../base/invariant.js";
import type { ReadingError } from "../base/reading-error.js";
import { success, type Result } from "../base/result.js";
import type { Bytes } from "../device.js";
import { blockBytes, varintBytes, zigzag } from "./block-bytes.js";
import { identityAt, putUint, reasonCode, writeHeader, type BlockIdentity } from "./block-header.js";
import { blockLimits, checkBlockOptions, type BlockOptions } from "./block-options.js";
import { limitOf, overheadBits, reachMax, sectionSamplesMax, series as newSeries, stagedMax, widthOf, type Series } from "./series.js";
import { sectionWriter } from "./section-writer.js";

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

/** A number that needs so many bits more than those before it begins a section of its own. */
const leapBits = 6;
/** A section shorter than this is not ended for a leap, and does not say what the next one needs. */
const steadySamples = 8;
/** A section on the grid this short goes on off the grid; a longer one ends. */
const youngSamples = 4;

/** Failure `options`: channels or sizes out of bounds. */
export function blockEncoder(options: BlockOptions): Result<BlockEncoder, "options"> {
  const checked = checkBlockOptions(options);
  if (!checked.ok) return checked;
  const { bytesMax, samplesMax = blockLimits.samplesMax, identified = false } = options;
  const all: Series[] = [];
  for (let index = 0; index < options.channels.length; index++) all.push(newSeries(options.channels[index]!, index));
  const out = blockBytes(bytesMax);
  const sections = sectionWriter(out, all.length);
  let open = false;
  let named = false;
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
      s.expectedMs = startMs;
      s.last = 0;
    }
    writeHeader(out, all, startMs, identified, named);
    sections.begin();
    named = false;
    measure();
  }

  function flush(s: Series): void {
    held -= s.overhead + s.width * s.count;
    sections.write(s);
    measure();
  }

  /** Sets the channel's clock where it has to be set to meet `atMs`, and there is room for that and `bits` more. */
  function meet(s: Series, offsetMs: number, bits: number, always: boolean): boolean {
    const needed = always || s.paceMs !== s.periodMs || offsetMs !== 0;
    const clockBits = needed ? 8 * (2 + varintBytes(zigzag(offsetMs)) + varintBytes(s.paceMs)) : 0;
    if (held + clockBits + bits > budget) return false;
    if (!needed) return true;
    sections.clock(s, offsetMs);
    s.periodMs = s.paceMs;
    s.expectedMs += offsetMs;
    measure();
    return true;
  }

  /** Takes the sample into the section under way; the room for it is reserved. */
  function stage(s: Series, d: number, y: number): true {
    const n = s.count++;
    if (n < stagedMax) s.values[n] = d;
    if (s.timeLimit !== 0) s.times![n] = y;
    s.expectedMs += s.periodMs;
    samples++;
    if (n + 1 >= stagedMax && (n + 1 === sectionSamplesMax || s.width !== 0)) flush(s);
    return true;
  }

  function start(s: Series, kind: number, q: number, atMs: number): boolean {
    let y = atMs - s.expectedMs;
    const near = y === 0 || (s.nextTimeWidth !== 0 && y < reachMax && y > -reachMax && widthOf(y) <= s.nextTimeWidth + leapBits);
    const base = kind === 0 ? q : s.last;
    const valueWidth = kind === 0 ? s.nextValueWidth : 0;
    let timeWidth = s.nextTimeWidth;
    if (near && widthOf(y) > timeWidth) timeWidth = widthOf(y);
    const overhead = overheadBits(kind, base - s.last, valueWidth, timeWidth);
    const width = valueWidth + timeWidth;
    if (!meet(s, near ? 0 : y, overhead + width, false)) return false;
    if (!near) y = 0;
    held += overhead + width;
    s.kind = kind;
    s.base = base;
    s.startMs = s.expectedMs;
    s.count = 0;
    if (timeWidth !== 0) s.times ??= new Int32Array(stagedMax);
    setWidths(s, valueWidth, timeWidth, overhead);
    return stage(s, 0, y);
  }

  function setWidths(s: Series, valueWidth: number, timeWidth: number, overhead: number): void {
    s.valueWidth = valueWidth;
    s.limit = limitOf(valueWidth);
    s.timeWidth = timeWidth;
    s.timeLimit = limitOf(timeWidth);
    s.width = valueWidth + timeWidth;
    s.overhead = overhead;
  }

  /** A sample of the section's kind that is farther off than those before it. */
  function widen(s: Series, d: number, atMs: number): boolean {
    let y = atMs - s.expectedMs;
    const n = s.count;
    if (y !== 0 && n === 1 && s.timeLimit === 0 && atMs > s.startMs && (y < 0 ? -y : y) * 8 > s.periodMs && atMs - s.startMs <= reachMax) {
      // The second sample tells the channel's pace: the section under way is not written yet, so its clock can still be set.
      const pace = s.paceMs;
      s.paceMs = atMs - s.startMs;
      s.expectedMs = s.startMs;
      if (meet(s, 0, 0, true)) {
        s.expectedMs = atMs;
        y = 0;
      } else {
        s.paceMs = pace;
        s.expectedMs = s.startMs + s.periodMs;
      }
    }
    let valueWidth = widthOf(d);
    let timeWidth = widthOf(y);
    if (valueWidth < s.valueWidth) valueWidth = s.valueWidth;
    if (timeWidth < s.timeWidth) timeWidth = s.timeWidth;
    const overhead = overheadBits(s.kind, s.base - s.last, valueWidth, timeWidth);
    const width = valueWidth + timeWidth;
    const grown = overhead - s.overhead + (width - s.width) * n + width;
    if (held + grown > budget) return false;
    held += grown;
    if (timeWidth !== 0 && s.timeWidth === 0) (s.times ??= new Int32Array(stagedMax)).fill(0, 0, n);
    setWidths(s, valueWidth, timeWidth, overhead);
    return stage(s, d, y);
  }

  /** All but the fast way of `value`. `kind` as in Series. */
  function append(s: Series, kind: number, q: number, atMs: number): boolean {
    invariant(atMs >= 0 && atMs <= 4503599627370496 && atMs % 1 === 0, "a sample's time is whole ms since boot");
    if (!open) begin(atMs);
    if (samples >= samplesMax) return false;
    if (s.kind < 0) return start(s, kind, q, atMs);
    const d = kind === 0 ? q - s.base : 0;
    const y = atMs - s.expectedMs;
    const n = s.count;
    const leap =
      widthOf(d > reachMax || d < -reachMax ? reachMax : d) > s.valueWidth + leapBits && (n >= steadySamples || (n === 1 && s.leapt));
    const apart =
      kind !== s.kind ||
      d > reachMax ||
      d < -reachMax ||
      y > reachMax ||
      y < -reachMax ||
      (n >= stagedMax && (d !== 0 || y !== 0)) ||
      (y !== 0 && (s.timeLimit === 0 ? n >= youngSamples : n >= steadySamples && widthOf(y) > s.timeWidth + leapBits));
    if (!leap && !apart) return widen(s, d, atMs);
    flush(s);
    s.leapt = leap && n >= steadySamples;
    return start(s, kind, q, atMs);
  }

  function missing(index: number, error: ReadingError | undefined, atMs: number): boolean {
    return append(all[index]!, 8 + reasonCode(error), 0, atMs);
  }

  return success({
    value(index, x, atMs) {
      const s = all[index]!;
      const u = (x * s.scale) / s.step + 0.5;
      let q = 0;
      if (u < s.near && u > -s.near) {
        q = u | 0;
        if (q > u) q--;
      } else {
        q = Math.floor(u);
        if (!(q <= s.most && q >= -s.most)) return missing(index, x === x ? "range" : undefined, atMs);
      }
      const d = q - s.base;
      const y = atMs - s.expectedMs;
      if (s.kind !== 0 || d > s.limit || d < -s.limit || y > s.timeLimit || y < -s.timeLimit || samples >= samplesMax) {
        return append(s, 0, q, atMs);
      }
      held += s.width;
      if (held > budget) {
        held -= s.width;
        return false;
      }
      const n = s.count++;
      if (n < stagedMax) s.values[n] = d;
      if (s.timeLimit !== 0) s.times![n] = y;
      s.expectedMs += s.periodMs;
      samples++;
      if (n >= stagedMax - 1 && (s.width !== 0 || n === sectionSamplesMax - 1)) flush(s);
      return true;
    },
    missing,
    gap(index, fromMs, toMs, count) {
      const s = all[index]!;
      invariant(fromMs >= 0 && fromMs % 1 === 0 && toMs >= fromMs && toMs % 1 === 0 && toMs <= 4503599627370496, "a gap has whole ms");
      invariant(count >= 0 && count % 1 === 0 && count <= 9007199254740991, "a gap counts whole samples");
      if (!open) begin(fromMs);
      if (s.kind >= 0) flush(s);
      if (!meet(s, fromMs - s.expectedMs, 8 * (2 + varintBytes(count) + varintBytes(toMs - fromMs)), false)) return false;
      sections.gap(s, count, toMs - fromMs);
      s.expectedMs = toMs;
      measure();
      return true;
    },
    introduce() {
      named = true;
    },
    finish(identity) {
      invariant((identity !== undefined) === identified, "a block's identity is given where its options want one");
      if (!open) return undefined;
      for (let index = 0; index < all.length; index++) if (all[index]!.kind >= 0) sections.write(all[index]!);
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
