/**
 * What a journal finds in its partition when it starts (FORMAT.md, "After a start"). It only reads, so that it
 * can be cut off and done again. Whatever the flash holds, it comes to an end and to a journal that works.
 */
import type { Bytes } from "../device.js";
import { at, gapFlag, installOf, isBlank, isErasedHeader, isOpenedHeader, kind, none, reason, recordsAt, uint32 } from "./layout.js";
import type { Medium } from "./medium.js";
import { state, type SectorMap } from "./sector-map.js";
import type { Walk } from "./walk.js";

/** In place of an install: none known yet. */
const unknown = -1;

export class Recovery {
  /** Below 0: there is no journal in the partition. */
  install = unknown;
  /** The highest that was found; of this start is the one behind it. */
  boot = 0;
  nextSeq = 0;
  /** As it stands in flash. */
  done = 0;
  /** Where the next record of the newest sector goes; 0: nowhere, a sector is to be opened. */
  writeAt = 0;
  /** The last record is a gap that says that more may be lost: the journal was full. */
  isRefusing = false;
  private readonly medium: Medium;
  private readonly map: SectorMap;
  private readonly walk: Walk;
  private readonly header: Bytes = new Uint8Array(recordsAt);
  /** Of the newest sector so far. */
  private first = -1;
  /** Records that there may have been in sectors of which nothing can be read. */
  private lost = 0;

  constructor(medium: Medium, map: SectorMap, walk: Walk) {
    this.medium = medium;
    this.map = map;
    this.walk = walk;
    for (let sector = 0; sector < map.count; sector++) this.readHeader(sector);
    for (let sector = 0; sector < map.count; sector++) if (map.stateOf(sector) === state.dirty) this.salvage(sector);
    for (let sector = 0; sector < map.count; sector++) if (map.stateOf(sector) === state.used) this.reconsider(sector);
    if (map.newest >= 0) this.readNewest(map.newest);
    if (this.nextSeq < this.done) this.nextSeq = this.done;
  }

  private readHeader(sector: number): void {
    const { header, map } = this;
    if (!this.medium.read(header, sector, 0) || !isErasedHeader(header)) return;
    if (isBlank(header, at.install, recordsAt)) map.set(sector, state.erased);
    else if (isOpenedHeader(header)) {
      const level = uint32(header, at.level);
      const boot = uint32(header, at.boot);
      const end = uint32(header, at.end);
      map.set(sector, state.used, level);
      if (boot > this.boot) this.boot = boot;
      this.take(sector, uint32(header, at.first), uint32(header, at.install));
      if (end !== none && end > this.nextSeq) this.nextSeq = end;
    }
  }

  private take(sector: number, first: number, install: number): void {
    const { map } = this;
    map.firsts[sector] = first;
    if (first <= this.first) return;
    this.first = first;
    this.install = install;
    map.newest = sector;
  }

  /** A sector whose header is damaged: its records are not, or those that are can be told. */
  private salvage(sector: number): void {
    const { header, map, medium, walk } = this;
    if (!medium.read(header, sector, 0) || isBlank(header, 0, recordsAt)) return;
    walk.begin(sector, this.install);
    let what = walk.next();
    while (what === kind.mark || what === kind.thinned) what = walk.next();
    if (what === 0) {
      // It was opened, and records were lost with its header: they had numbers, and perhaps a boot of their own.
      if (isErasedHeader(header)) this.lost += walk.unreadable;
      return;
    }
    const { seq, boot } = walk;
    const install = installOf(walk.payload);
    // A copy that was not committed, or what was copied: the sector that holds these numbers is there.
    const holder = map.holding(seq);
    if (holder >= 0 && map.firsts[holder]! <= seq && this.lastOf(holder, install) >= seq) return;
    if (boot > this.boot) this.boot = boot;
    map.set(sector, state.used);
    this.take(sector, seq, install);
  }

  /** The highest number in the sector; −1 without any. */
  private lastOf(sector: number, install: number): number {
    const { walk } = this;
    let last = -1;
    walk.begin(sector, install);
    for (let what = walk.next(); what !== 0; what = walk.next()) if (what === kind.block || what === kind.gap) last = walk.seq;
    return last;
  }

  /** Sectors of before a format, and those that were merged into another, are of no use. */
  private reconsider(sector: number): void {
    const { header, map } = this;
    if (!this.medium.read(header, sector, 0) || !isErasedHeader(header) || !isOpenedHeader(header)) return;
    if (uint32(header, at.install) !== this.install) {
      map.set(sector, state.dirty);
      return;
    }
    const done = uint32(header, at.done);
    if (done > this.done) this.done = done;
    const end = uint32(header, at.end);
    if (end === none) return;
    const first = map.firsts[sector]!;
    const level = map.levelOf(sector);
    for (let other = 0; other < map.count; other++) {
      const isInside = map.firsts[other]! >= first && map.firsts[other]! < end && map.levelOf(other) < level;
      if (other === sector || map.stateOf(other) !== state.used || !isInside) continue;
      map.set(other, state.dirty);
      if (map.newest === other) map.newest = sector;
    }
  }

  private readNewest(newest: number): void {
    const { map, walk, medium, header } = this;
    const first = map.firsts[newest]!;
    if (first > this.nextSeq) this.nextSeq = first;
    walk.begin(newest, this.install);
    for (let what = walk.next(); what !== 0; what = walk.next()) {
      if (what === kind.mark) this.finished(walk.first);
      if (what !== kind.block && what !== kind.gap) continue;
      if (walk.boot > this.boot) this.boot = walk.boot;
      if (walk.seq >= this.nextSeq) this.nextSeq = walk.seq + 1;
      const { payload } = walk;
      this.isRefusing = what === kind.gap && payload[52] !== reason.oldest && (payload[1]! & gapFlag.more) !== 0;
      if (what === kind.gap && payload[52] === reason.oldest) this.finished(uint32(payload, 16) + uint32(payload, 20));
    }
    this.nextSeq += walk.unreadable + this.lost;
    this.boot += walk.unreadable + this.lost;
    const isOpen = walk.isBlankBehind && medium.read(header, newest, 0) && isErasedHeader(header) && isOpenedHeader(header);
    if (isOpen && uint32(header, at.end) === none) this.writeAt = walk.at;
  }

  private finished(done: number): void {
    if (done > this.done) this.done = done;
  }
}
