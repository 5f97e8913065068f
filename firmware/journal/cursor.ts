/**
 * Reads a journal's records in the order of their numbers, each one once, and says in their places what is
 * missing (FORMAT.md, reasons 3 and 4). What it says follows from the flash alone: after a restart it says
 * the same.
 */
import type { Bytes } from "../device.js";
import type { JournalCounts } from "./contract.js";
import { gapBytes, gapFlag, kind, reason } from "./layout.js";
import { Loss } from "./loss.js";
import type { SectorMap } from "./sector-map.js";
import type { Walk } from "./walk.js";

export class Cursor {
  /** The number that comes next. */
  want = 0;
  /** The walk stands where this cursor left it. */
  private isPlaced = false;
  /** The last record read stands in the walk, and is not given yet. */
  private isAhead = false;
  private given: Bytes | undefined;
  /** The number behind those that the record stands for which was given. */
  behind = 0;
  private thinned = 0;
  private thinnedSamples = 0;
  /** Numbers below it were counted as damaged. */
  private counted = 0;
  private readonly map: SectorMap;
  private readonly walk: Walk;
  private readonly counts: JournalCounts;

  constructor(map: SectorMap, walk: Walk, counts: JournalCounts) {
    this.map = map;
    this.walk = walk;
    this.counts = counts;
  }

  moveTo(seq: number): void {
    this.want = seq;
    this.lose();
  }

  /** The sectors have changed, or somebody else has read: where it stands is to be found again. */
  lose(): void {
    this.isPlaced = false;
    this.isAhead = false;
    this.given = undefined;
  }

  /** What comes next, before `nextSeq`; a view of the scratch. */
  peek(install: number, nextSeq: number): Bytes | undefined {
    if (this.given !== undefined) return this.given;
    const { walk, map } = this;
    if (this.want >= nextSeq) return undefined;
    if (!this.isPlaced) this.enter(map.holding(this.want), install);
    while (this.isPlaced) {
      if (!this.isAhead && !this.read()) {
        const next = map.after(walk.sector);
        if (next < 0) break;
        const first = map.firsts[next]!;
        if (first > this.want) return this.missing(install, first);
        this.enter(next, install);
        continue;
      }
      if (walk.seq > this.want) return this.missing(install, walk.seq);
      this.behind = walk.seq + 1;
      this.given = walk.payload;
      return this.given;
    }
    return this.missing(install, nextSeq);
  }

  skip(): void {
    if (this.given === undefined) return;
    // The record behind a gap stands ready.
    if (this.given.buffer === this.walk.scratch.buffer) this.isAhead = false;
    this.given = undefined;
    this.want = this.behind;
    this.thinned = 0;
    this.thinnedSamples = 0;
  }

  private enter(sector: number, install: number): void {
    this.isAhead = false;
    this.thinned = 0;
    this.thinnedSamples = 0;
    this.isPlaced = sector >= 0;
    if (this.isPlaced) this.walk.begin(sector, install);
  }

  /** Comes to the next record of the sector that is wanted; false at the sector's end. */
  private read(): boolean {
    const { walk } = this;
    for (let what = walk.next(); what !== 0; what = walk.next()) {
      if (what === kind.thinned) {
        this.thinned += walk.first;
        this.thinnedSamples += walk.second;
      } else if (what !== kind.mark) {
        if (walk.seq >= this.want) {
          this.isAhead = true;
          return true;
        }
        this.thinned = 0;
        this.thinnedSamples = 0;
      }
    }
    return false;
  }

  /** The numbers from the wanted one until before `end` are not there. */
  private missing(install: number, end: number): Bytes {
    const { want } = this;
    const loss = new Loss();
    const gap: Bytes = new Uint8Array(gapBytes);
    const records = end - want;
    const isThinned = this.thinned === records;
    loss.first = want;
    loss.records = records;
    if (isThinned) loss.samples = this.thinnedSamples;
    else loss.flags = gapFlag.samplesUnknown;
    loss.write(gap, install, 0, want, isThinned ? reason.thinned : reason.damaged);
    if (!isThinned && end > this.counted) {
      this.counts.damaged += end - (want > this.counted ? want : this.counted);
      this.counted = end;
    }
    this.behind = end;
    this.given = gap;
    return gap;
  }
}
