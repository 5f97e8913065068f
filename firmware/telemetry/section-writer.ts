/** Writes sections: what one channel has staged, as few bytes as its columns can be said in, and settings of its clock, and gaps. */
import { zigzag, type BlockBytes } from "./block-bytes.js";
import { coding, planColumn, type Plan } from "./column.js";
import { stagedMax, widthOf, type Series } from "./series.js";

const channelFlag = 0x80;
const countFlag = 0x40;
const timesShift = 4;
/** How a section says its times: on the grid, as a column (its code added), as the section before. */
const times = { grid: 0, column: 1, before: 3 } as const;
const gapBody = 4;
const clockBody = 5;
/** What a block's first section compares its count with. */
const firstCount = 32;
/** A shorter section does not say what the next one needs. */
const steadySamples = 8;
const paceMax = 4294967295;

export interface SectionWriter {
  /** A block begins. */
  begin(): void;
  /** What is staged; then no section of the channel is under way, and its clock stands where the next sample is expected. */
  write(s: Series): void;
  clock(s: Series, offsetMs: number): void;
  gap(s: Series, count: number, lengthMs: number): void;
}

function plan(): Plan {
  return { code: 0, low: 0, radix: 1, first: 0, second: 0, farthest: 0, bits: 0 };
}

export function sectionWriter(out: BlockBytes, channels: number): SectionWriter {
  const value = plan();
  const time = plan();
  let next = 0;
  let count = firstCount;
  /** Times of the section before, where it had a column of them: on the grid from `beforeMs`, each so far off. */
  let before: Int32Array | undefined;
  let beforeCount = 0;
  let beforeMs = 0;
  let beforePeriodMs = 0;
  let beforeNextMs = 0;

  function tag(s: Series, samples: number, timesCode: number, body: number): void {
    const channel = s.index === next ? 0 : channelFlag;
    out.byte(channel | (samples === count ? 0 : countFlag) | (timesCode << timesShift) | body);
    if (channel !== 0) out.byte(s.index);
    if (samples !== count) out.byte(samples);
    count = samples;
    next = s.index + 1 === channels ? 0 : s.index + 1;
  }

  function head({ low, radix }: Plan): void {
    if (radix <= 15 && low >= -8 && low <= 7) {
      out.byte(((radix - 1) << 4) | (low + 8));
      return;
    }
    out.byte(0xf0);
    out.varint(radix - 1);
    out.varint(zigzag(low));
  }

  function sameTimes(s: Series): boolean {
    const n = s.count;
    if (before === undefined || n !== beforeCount || s.startMs !== beforeMs || s.periodMs !== beforePeriodMs) return false;
    const own = s.times!;
    for (let i = 0; i < n; i++) if (own[i] !== before[i]) return false;
    return true;
  }

  /** Plans the column of times, or finds that none is needed. */
  function timesCode(s: Series): number {
    if (s.timeLimit === 0) return times.grid;
    planColumn(time, s.times!, s.count, 0, false);
    if (time.radix === 1 && time.low === 0 && time.code === coding.level) return times.grid;
    return sameTimes(s) ? times.before : times.column + time.code;
  }

  /** Puts the channel's clock where FORMAT.md says that it stands after such a section. */
  function advance(s: Series, code: number): void {
    const { count: n, periodMs } = s;
    if (code === times.grid) {
      before = undefined;
      s.nextTimeWidth = 0;
      return;
    }
    s.nextTimeWidth = widthOf(time.farthest);
    if (code === times.before) {
      s.expectedMs = beforeNextMs;
      return;
    }
    const own = s.times!;
    if (code === times.column) s.expectedMs += time.low + Math.floor(time.radix / 2);
    else {
      s.expectedMs += own[n - 1]!;
      const paceMs = periodMs + time.low;
      if (time.radix === 1 && paceMs > 0 && paceMs <= paceMax) s.paceMs = paceMs;
    }
    s.times = before;
    before = own;
    beforeCount = n;
    beforeMs = s.startMs;
    beforePeriodMs = periodMs;
    beforeNextMs = s.expectedMs;
  }

  return {
    begin() {
      next = 0;
      count = firstCount;
      before = undefined;
    },
    write(s) {
      const n = s.count;
      const inTimes = timesCode(s);
      const isColumn = inTimes === times.column || inTimes === times.column + 1;
      if (s.kind === 0) {
        const carry = s.last - s.base;
        const staged = n < stagedMax ? n : stagedMax;
        const { values } = s;
        planColumn(value, values, staged, carry, true);
        tag(s, n, inTimes, value.code);
        if (isColumn) head(time);
        head(value);
        const { code, low, radix } = value;
        if (code >= coding.ownDeltas) out.varint(zigzag(value.first));
        if (code === coding.curve) out.varint(zigzag(value.second));
        if (isColumn) out.pack(s.times!, 0, n, time.code, time.low, time.radix, 0, 0);
        if (code === coding.level) out.pack(values, 0, n, 0, low + carry, radix, 0, 0);
        else if (code === coding.deltas) out.pack(values, 0, n, 1, low, radix, carry, 0);
        else if (code === coding.ownDeltas) out.pack(values, 1, n, 1, low, radix, 0, 0);
        else out.pack(values, 2, n, 2, low, radix, 2 * value.second, value.second);
        s.last = s.base + values[staged - 1]!;
        if (n >= steadySamples) s.nextValueWidth = widthOf(value.farthest);
      } else {
        tag(s, n, inTimes, s.kind);
        if (isColumn) {
          head(time);
          out.pack(s.times!, 0, n, time.code, time.low, time.radix, 0, 0);
        }
      }
      out.endPack();
      advance(s, inTimes);
      s.kind = -1;
      s.count = 0;
      s.leapt = false;
    },
    clock(s, offsetMs) {
      tag(s, count, 0, clockBody);
      out.varint(zigzag(offsetMs));
      out.varint(s.paceMs);
      next = s.index;
    },
    gap(s, lost, lengthMs) {
      const onGrid = lengthMs === lost * s.periodMs;
      tag(s, count, onGrid ? 0 : 1, gapBody);
      out.varint(lost);
      if (!onGrid) out.varint(lengthMs);
    },
  };
}
