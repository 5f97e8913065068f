/** Writes sections: what one channel has staged, settings of its clock, and gaps. */
import { zigzag, type BlockBytes } from "./block-bytes.js";
import { writeGroups, writeHead } from "./column.js";
import { countOf, timing, type Series } from "./series.js";

const channelFlag = 0x80;
const countFlag = 0x40;
const timesShift = 4;
const deltasBody = 1;
const ownDeltasBody = 2;
const gapBody = 4;
const clockBody = 5;
/** What a block's first section compares its count with. */
const firstCount = 32;

export interface SectionWriter {
  /** A block begins. */
  begin(): void;
  /** What is staged; then no section of the channel is under way, and its clock stands where FORMAT.md says. */
  write(s: Series): void;
  clock(s: Series, offsetMs: number): void;
  gap(s: Series, count: number, lengthMs: number): void;
}

/** After a section about the grid, the grid moves to the middle of its range; the next range stays where it was, and holds the grid itself. */
function moveGrid(s: Series, byMs: number): void {
  s.nextMs += byMs;
  if (s.nextTiming !== timing.about) return;
  const end = s.nextTimeLow + s.nextTimeRadix - byMs;
  s.nextTimeLow = s.nextTimeLow < byMs ? s.nextTimeLow - byMs : 0;
  s.nextTimeRadix = (end > 1 ? end : 1) - s.nextTimeLow;
}

export function sectionWriter(out: BlockBytes, channels: number): SectionWriter {
  let next = 0;
  let count = firstCount;

  function tag(s: Series, samples: number, times: number, body: number): void {
    const channel = s.index === next ? 0 : channelFlag;
    out.byte(channel | (samples === count ? 0 : countFlag) | (times << timesShift) | body);
    if (channel !== 0) out.byte(s.index);
    if (samples !== count) out.byte(samples);
    count = samples;
    next = s.index + 1 === channels ? 0 : s.index + 1;
  }

  return {
    begin() {
      next = 0;
      count = firstCount;
    },
    write(s) {
      const samples = countOf(s);
      const isValues = s.kind === 0;
      const isTimed = s.timing !== timing.grid;
      tag(s, samples, s.timing, isValues ? (s.apart === 0 ? deltasBody : ownDeltasBody) : s.kind);
      if (isTimed) writeHead(out, s.timeLow, s.timeRadix);
      if (isValues) writeHead(out, s.low, s.ownRadix);
      if (s.apart !== 0) out.varint(zigzag(s.first));
      if (isTimed) {
        writeGroups(out, s.timeGroups!, s.timeGroupCount, s.timeBits, s.timeRadix, s.timeNumber, s.timeSize - s.timeLeft);
      }
      if (isValues) {
        writeGroups(out, s.groups, s.groupCount, s.bits, s.ownRadix, s.number, s.size - s.left);
        s.last = s.floor - s.low;
      }
      out.endBits();
      s.nextMs = s.timeFloorMs - s.timeLow;
      if (s.timing === timing.about) moveGrid(s, s.timeLow + Math.floor(s.timeRadix / 2));
      s.kind = -1;
      s.radix = 0;
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
