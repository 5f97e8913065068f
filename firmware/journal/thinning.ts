/**
 * Thins out: of two neighbouring sectors every second block is kept, copied into a third one, which stands for
 * both from when its header is written (FORMAT.md, "Thinned out"). Two become one, and are dirty then. The
 * neighbours that were thinned out least go first, of these the oldest, so that what is old and what is young
 * are kept equally dense, up to a factor of two.
 */
import type { JournalCounts } from "./contract.js";
import { kind, padded, recordHeaderBytes, recordsAt, sectorBytes, writeNote, writeRecordHeader } from "./layout.js";
import type { Medium } from "./medium.js";
import { levelMax, state, type SectorMap } from "./sector-map.js";
import type { Walk } from "./walk.js";

/** What a copy has come to. */
interface Copy {
  readonly sector: number;
  at: number;
  /** The number that comes next. */
  next: number;
  /** Blocks seen. */
  seen: number;
  lostRecords: number;
  lostSamples: number;
}

/** Writes the header that commits a merged sector. */
type Commit = (sector: number, first: number, end: number, level: number) => boolean;

/** False: there are no two, no erased sector, or the flash refused. */
export function thin(
  map: SectorMap,
  medium: Medium,
  walk: Walk,
  install: number,
  done: number,
  counts: JournalCounts,
  isReady: (sector: number) => boolean,
  commit: Commit,
): boolean {
  const older = leastThinned(map);
  if (older < 0) return false;
  const younger = map.after(older);
  const into = map.round((each) => map.isErased(each));
  if (into < 0) return false;
  if (!isReady(into)) {
    map.set(into, state.worn);
    return false;
  }
  map.set(into, state.dirty);
  const first = map.firsts[older]!;
  const end = map.end(younger);
  const level = (map.levelOf(older) > map.levelOf(younger) ? map.levelOf(older) : map.levelOf(younger)) + 1;
  const copy: Copy = { sector: into, at: recordsAt, next: done > first ? done : first, seen: 0, lostRecords: 0, lostSamples: 0 };
  const isCopied = take(copy, older, walk, medium, install, counts) && take(copy, younger, walk, medium, install, counts);
  if (!isCopied || !finishLost(copy, medium) || !commit(into, first, end, level)) return false;
  map.set(into, state.used, level);
  map.firsts[into] = first;
  map.set(older, state.dirty);
  map.set(younger, state.dirty);
  return true;
}

function leastThinned(map: SectorMap): number {
  let best = -1;
  let bestLevel = levelMax;
  let older = map.after(-1);
  while (older >= 0) {
    const younger = map.after(older);
    if (younger < 0 || younger === map.newest) break;
    const level = map.levelOf(older) > map.levelOf(younger) ? map.levelOf(older) : map.levelOf(younger);
    if (level < bestLevel) {
      best = older;
      bestLevel = level;
    }
    older = younger;
  }
  return best;
}

/** Takes the records of a sector over: gaps all, of blocks the first, third and so on as far as there is room. */
function take(copy: Copy, sector: number, walk: Walk, medium: Medium, install: number, counts: JournalCounts): boolean {
  walk.begin(sector, install);
  for (let what = walk.next(); what !== 0; what = walk.next()) {
    if (what === kind.mark) continue;
    if (what === kind.thinned) {
      copy.lostRecords += walk.first;
      copy.lostSamples += walk.second;
      continue;
    }
    if (walk.seq < copy.next) {
      copy.lostRecords = 0;
      copy.lostSamples = 0;
      continue;
    }
    const isKept = what === kind.gap || copy.seen++ % 2 === 0;
    // What was thinned out is told in a note, and there may be one more at the end.
    const bytes = recordHeaderBytes + padded(walk.payload.length) + 2 * recordHeaderBytes;
    if (isKept && copy.at + bytes <= sectorBytes) {
      if (!finishLost(copy, medium) || !write(copy, what, walk, medium)) return false;
    } else {
      // A gap is never left out: these two stay as they are.
      if (what === kind.gap) return false;
      copy.lostRecords++;
      copy.lostSamples += walk.samples;
      counts.droppedSamples += walk.samples;
    }
  }
  return true;
}

function write(copy: Copy, what: number, walk: Walk, medium: Medium): boolean {
  const { sector, at } = copy;
  const { payload } = walk;
  writeRecordHeader(medium.unit, what, payload.length, walk.samples, walk.endMs);
  if (!medium.program(medium.unit, sector, at) || !medium.programPadded(payload, sector, at + recordHeaderBytes)) return false;
  copy.at = at + recordHeaderBytes + padded(payload.length);
  copy.next = walk.seq + 1;
  return true;
}

/** Notes how many were left out before the next one. */
function finishLost(copy: Copy, medium: Medium): boolean {
  if (copy.lostRecords === 0) return true;
  writeNote(medium.unit, kind.thinned, copy.lostRecords, copy.lostSamples);
  if (!medium.program(medium.unit, copy.sector, copy.at)) return false;
  copy.at += recordHeaderBytes;
  copy.lostRecords = 0;
  copy.lostSamples = 0;
  return true;
}
