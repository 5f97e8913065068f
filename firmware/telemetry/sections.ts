/**
 * The sections under way of a block, one a channel at most: where one begins, what room is reserved for it, and
 * where it ends. All samples that the channels' own functions cannot take come through here.
 */
import { invariant } from "../base/invariant.js";
import { look, widenTimes, widenValues } from "./adaptation.js";
import { BlockBytes, varintBytes, zigzag } from "./block-bytes.js";
import { reasonCode, writeEntry, writeHeader } from "./block-header.js";
import { blockLimits, type BlockOptions } from "./block-options.js";
import { bitsOf, combinationsOf, groupSize, headBytes } from "./column.js";
import { SectionWriter } from "./section-writer.js";
import { digitsOf, Series, timing } from "./series.js";

/** 2^52 ms: no time lies beyond. */
export const timeMax = 4503599627370496;
const sectionSamplesMax = 255;

export class Sections {
  readonly series: Series;
  readonly out: BlockBytes;
  /** A block is under way. */
  open = false;
  /** The next one carries names. */
  named = false;
  private readonly writer: SectionWriter;
  private readonly options: BlockOptions;
  /** Samples of the block, those included for which sections under way have room. */
  private samples = 0;
  /** Bits reserved for what is staged, and bits that are free in the buffer. */
  private held = 0;
  private budget = 0;

  constructor(options: BlockOptions) {
    this.options = options;
    this.series = new Series(options.channels, options.compact === true);
    this.out = new BlockBytes(options.bytesMax);
    this.writer = new SectionWriter(this.out, options.channels.length);
  }

  private measure(): void {
    this.budget = 8 * (this.options.bytesMax - 4 - this.out.at);
  }

  /** Begins a block, if none is under way. */
  begin(startMs: number): void {
    if (this.open) return;
    const { series: s, out, named, options } = this;
    const { channels, identified = false } = options;
    const { index: turn } = s;
    this.open = true;
    this.named = false;
    this.samples = 0;
    this.held = 0;
    writeHeader(out, channels.length, startMs, identified, named);
    for (let index = 0; index < channels.length; index++) {
      s.select(index);
      s.periodMs = s.plan.paceMs;
      s.nextMs = startMs;
      s.last = 0;
      writeEntry(out, channels[index]!, s.periodMs, named);
    }
    s.select(turn);
    this.writer.begin();
    this.measure();
  }

  flush(s: Series): void {
    this.held -= s.held;
    this.samples -= s.digits - digitsOf(s);
    s.stalled = 0;
    this.writer.write(s);
    this.measure();
  }

  /** The bits of a section's groups, the last of each column included as if it were full. */
  private groupsBits(s: Series, digits: number): number {
    const groups = ((digits + s.size - 1) / s.size) | 0;
    return groups * s.bits + (((s.apart + digits + s.timeSize - 1) / s.timeSize) | 0) * s.timeBits;
  }

  /** The room reserved for the section is used up: reserves more, this channel's share of what is free at most; or the section ends. */
  settle(s: Series): void {
    const { size } = s;
    const digits = s.digits;
    let group = (digits / size) | 0;
    if (digits === (s.at - s.base + 1) * size) {
      s.groups[s.at++] = s.number;
      s.number = 0;
    }
    // For the count, should the section end here.
    s.left = size - (digits - group * size);
    s.end = -1;
    let most = sectionSamplesMax - s.apart;
    const staged = (((s.groupsMax - 2) * size * s.timeSize) / (size + s.timeSize)) | 0;
    if (staged < most) most = staged;
    if (most > size) most -= most % size;
    if (digits >= most) {
      if (s.kind === 0) look(s);
      this.flush(s);
      return;
    }
    const free = this.budget - this.held;
    // Of what the sections under way may take, an equal part for each channel.
    const quota = this.budget / this.options.channels.length - s.held;
    const share = (quota < free ? quota : free) - s.bits - s.timeBits;
    const before = this.groupsBits(s, digits);
    let more = most - digits;
    if (more > blockLimits.samplesMax - this.samples) more = blockLimits.samplesMax - this.samples;
    const affordable = Math.floor(share / (s.bits / size + s.timeBits / s.timeSize));
    if (more > affordable) more = affordable;
    // Beyond the group under way, whole groups only.
    if (more > s.left) more -= (more - s.left) % size;
    let bits = more > 0 ? this.groupsBits(s, digits + more) - before : 0;
    if (more <= 0 && this.samples < blockLimits.samplesMax) {
      // The block is nearly full: this group to its end, or only one sample.
      for (more = s.left < most - digits ? s.left : most - digits; more > 0; more = more > 1 ? 1 : 0) {
        bits = this.groupsBits(s, digits + more) - before;
        if (bits <= free && this.samples + more <= blockLimits.samplesMax) break;
      }
    }
    if (more <= 0) {
      s.stalled = 1;
      return;
    }
    this.held += bits;
    s.held += bits;
    this.samples += more;
    s.digits = digits + more;
    group = ((s.digits - 1) / size) | 0;
    s.end = s.base + group;
    s.lastDigits = s.digits - group * size;
    if (s.at === s.end) s.left -= size - s.lastDigits;
  }

  /** The sample's time, `y` above the floor. */
  private takeTime(s: Series, y: number): void {
    s.timeFloorMs += s.periodMs;
    if (s.timing === timing.spacing) s.timeFloorMs += y + s.timeLow;
    s.timeNumber = s.timeNumber * s.timeRadix + y;
    if (s.timeNumber < s.timeFull) return;
    s.groups[s.timeAt--] = s.timeNumber - s.timeFull;
    s.timeNumber = 1;
  }

  private takeDigit(s: Series, digit: number): void {
    s.floor += digit + s.low;
    s.number = s.number * s.radix + digit;
    if (--s.left !== 0) return;
    if (s.at === s.end) this.settle(s);
    else {
      s.groups[s.at++] = s.number;
      s.number = 0;
      s.left = s.size;
    }
  }

  /** Bits of a section that sets the channel's clock forward. */
  private clockBits(s: Series, offsetMs: number): number {
    return 8 * (2 + varintBytes(zigzag(offsetMs)) + varintBytes(s.plan.paceMs));
  }

  private setClock(s: Series, offsetMs: number): void {
    this.writer.clock(s, offsetMs);
    s.periodMs = s.plan.paceMs;
    s.nextMs += offsetMs;
    this.measure();
  }

  /** Begins a section with this sample, if there is room for the clock to be set, the section's heads and a group of each column. */
  private start(s: Series, kind: number, q: number, atMs: number): boolean {
    const isValue = kind === 0;
    const { plan } = s;
    const low = isValue ? plan.low : 0;
    const radix = isValue ? plan.radix : 1;
    const fromLast = isValue ? q - s.last : 0;
    const digit = fromLast - low;
    const apart = digit >= 0 && digit < radix ? 0 : 1;
    const { timing: how, timeLow, timeRadix } = plan;
    let offMs = atMs - s.nextMs;
    const isOff = s.plan.paceMs !== s.periodMs || offMs < timeLow || offMs >= timeLow + timeRadix;
    s.apart = apart;
    // What the section before had worked out need not be worked out again.
    if (radix !== s.radix || s.size === 0) {
      s.radix = radix;
      s.size = groupSize(radix);
      s.bits = bitsOf(combinationsOf(radix, s.size));
    }
    if (timeRadix !== s.timeRadix || s.timeSize === 0) {
      s.timeRadix = timeRadix;
      s.timeSize = groupSize(timeRadix);
      const combinations = combinationsOf(timeRadix, s.timeSize);
      s.timeBits = bitsOf(combinations);
      s.timeFull = timeRadix === 1 ? Infinity : combinations;
    }
    let headsBytes = 4;
    if (isValue) headsBytes += headBytes(low, radix);
    if (apart !== 0) headsBytes += varintBytes(zigzag(fromLast));
    if (how !== timing.grid) headsBytes += headBytes(timeLow, timeRadix);
    const wanted = 8 * headsBytes + this.groupsBits(s, 1 - apart);
    if (this.held + wanted + (isOff ? this.clockBits(s, offMs) : 0) > this.budget || this.samples >= blockLimits.samplesMax) return false;
    if (isOff) {
      this.setClock(s, offMs);
      offMs = 0;
    }
    this.held += wanted;
    this.samples++;
    s.held = wanted;
    s.digits = 1 - apart;
    s.kind = kind;
    s.low = low;
    s.first = fromLast;
    s.timing = how;
    s.timeLow = timeLow;
    s.timeFloorMs = s.nextMs + timeLow;
    s.timeNumber = 1;
    s.timeAt = s.base + s.groupsMax - 1;
    s.at = s.base;
    s.number = 0;
    s.floor = q + low;
    if (apart === 0) s.number = digit;
    this.takeTime(s, offMs - timeLow);
    this.settle(s);
    return true;
  }

  /** Takes a sample whose channel has its turn. `kind` as in Series. */
  append(s: Series, kind: number, q: number, atMs: number): boolean {
    invariant(atMs >= 0 && atMs <= timeMax && atMs % 1 === 0, "a sample's time is whole ms since boot");
    this.begin(atMs);
    if (s.kind >= 0) {
      const y = atMs - s.timeFloorMs;
      const digit = kind === 0 ? q - s.floor : 0;
      const isKind = kind === s.kind;
      const isNear = digit >= 0 && digit < s.radix;
      const isInTime = y >= 0 && y < s.timeRadix;
      if (isKind && isNear && isInTime) {
        if (s.stalled !== 0) return false;
        this.takeTime(s, y);
        this.takeDigit(s, digit);
        return true;
      }
      if (isKind && !isNear) widenValues(s, digit);
      if (!isInTime) widenTimes(s, y + s.timeLow);
      this.flush(s);
    }
    return this.start(s, kind, q, atMs);
  }

  /** Takes a value `x` of `units` resolutions, as a missing one where no block can say it. */
  appendValue(s: Series, x: number, units: number, atMs: number): boolean {
    const q = Math.floor(units + 0.5);
    if (q <= s.most && q >= -s.most) return this.append(s, 0, q, atMs);
    return this.append(s, 8 + reasonCode(x === x ? "range" : undefined), 0, atMs);
  }

  /** From `fromMs` until `toMs` nothing was sampled. */
  gap(s: Series, fromMs: number, toMs: number, count: number): boolean {
    invariant(fromMs >= 0 && fromMs % 1 === 0 && toMs >= fromMs && toMs % 1 === 0 && toMs <= timeMax, "a gap has whole ms");
    invariant(count >= 0 && count % 1 === 0 && count <= timeMax, "a gap counts whole samples");
    this.begin(fromMs);
    if (s.kind >= 0) this.flush(s);
    const offMs = fromMs - s.nextMs;
    const isOff = offMs !== 0 || s.plan.paceMs !== s.periodMs;
    const bits = 8 * (2 + varintBytes(count) + varintBytes(toMs - fromMs));
    if (this.held + bits + (isOff ? this.clockBits(s, offMs) : 0) > this.budget) return false;
    if (isOff) this.setClock(s, offMs);
    this.writer.gap(s, count, toMs - fromMs);
    s.nextMs = toMs;
    this.measure();
    return true;
  }
}
