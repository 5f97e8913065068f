/** Writes sections: what one channel has staged, settings of its clock, and gaps. */
import { zigzag, type BlockBytes } from "./block-bytes.js";
import { bitsOf, combinationsOf, writeHead } from "./column.js";
import { digitsOf, timeGroupsOf, timing, type Series } from "./series.js";

const channelFlag = 0x80;
const countFlag = 0x40;
const timesShift = 4;
const deltasBody = 1;
const ownDeltasBody = 2;
const gapBody = 4;
const clockBody = 5;
/** What a block's first section compares its count with. */
const firstCount = 32;

/** After a section about the grid, the grid moves to the middle of its range; the next range stays where it was, and holds the grid itself. */
function moveGrid(s: Series, byMs: number): void {
  s.nextMs += byMs;
  if (s.plan.timing !== timing.about) return;
  const end = s.plan.timeLow + s.plan.timeRadix - byMs;
  s.plan.timeLow = s.plan.timeLow < byMs ? s.plan.timeLow - byMs : 0;
  s.plan.timeRadix = (end > 1 ? end : 1) - s.plan.timeLow;
}

export class SectionWriter {
  readonly out: BlockBytes;
  private readonly channels: number;
  private next = 0;
  private count = firstCount;

  constructor(out: BlockBytes, channels: number) {
    this.out = out;
    this.channels = channels;
  }

  /** A block begins. */
  begin(): void {
    this.next = 0;
    this.count = firstCount;
  }

  private tag(index: number, samples: number, times: number, body: number): void {
    const { out } = this;
    const channel = index === this.next ? 0 : channelFlag;
    out.byte(channel | (samples === this.count ? 0 : countFlag) | (times << timesShift) | body);
    if (channel !== 0) out.byte(index);
    if (samples !== this.count) out.byte(samples);
    this.count = samples;
    this.next = index + 1 === this.channels ? 0 : index + 1;
  }

  /** What is staged; then no section of the channel is under way, and its clock stands where FORMAT.md says. */
  write(s: Series): void {
    const { out } = this;
    const digits = digitsOf(s);
    const { kind, radix, bits, timeRadix, groups, apart, base } = s;
    const how = s.timing;
    const isValues = kind === 0;
    this.tag(s.index, apart + digits, how, isValues ? (apart === 0 ? deltasBody : ownDeltasBody) : kind);
    if (how !== timing.grid) writeHead(out, s.timeLow, timeRadix);
    if (isValues) writeHead(out, s.low, radix);
    if (apart !== 0) out.varint(zigzag(s.first));
    out.beginBits();
    if (timeRadix > 1) {
      const count = timeGroupsOf(s);
      const combinations = combinationsOf(timeRadix, apart + digits - count * s.timeSize);
      out.groups(groups, base + s.groupsMax - 1, -1, count, s.timeBits, s.timeNumber - combinations, bitsOf(combinations));
    }
    if (bits > 0) {
      const count = s.at - base;
      out.groups(groups, base, 1, count, bits, s.number, bitsOf(combinationsOf(radix, digits - count * s.size)));
    }
    out.endBits();
    if (isValues) s.last = s.floor - s.low;
    s.nextMs = s.timeFloorMs - s.timeLow;
    if (how === timing.about) moveGrid(s, s.timeLow + Math.floor(timeRadix / 2));
    s.kind = -1;
  }

  clock(s: Series, offsetMs: number): void {
    this.tag(s.index, this.count, 0, clockBody);
    this.out.varint(zigzag(offsetMs));
    this.out.varint(s.plan.paceMs);
    this.next = s.index;
  }

  gap(s: Series, lost: number, lengthMs: number): void {
    const onGrid = lengthMs === lost * s.periodMs;
    this.tag(s.index, this.count, onGrid ? 0 : 1, gapBody);
    this.out.varint(lost);
    if (!onGrid) this.out.varint(lengthMs);
  }
}
