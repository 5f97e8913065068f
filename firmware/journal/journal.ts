/**
 * The journal: blocks of samples in raw flash until somebody has confirmed them, over power cuts at any
 * instant. FORMAT.md gives the bytes and the order of things; contract.ts what a caller is promised.
 */
import { failure, success, type Result } from "../base/result.js";
import type { Bytes, Device } from "../device.js";
import type { BlockIdentity } from "../telemetry/block-header.js";
import type { Journal, JournalCounts, SectorState, WhenFull } from "./contract.js";
import { Cursor } from "./cursor.js";
import {
  at,
  erasedHeaderBytes,
  gapBytes,
  gapFlag,
  kind,
  none,
  openedHeaderBytes,
  padded,
  payloadBytesMax,
  reason,
  recordHeaderBytes,
  recordsAt,
  recordsPerSector,
  renumber,
  reservedBytes,
  sectorBytes,
  seqOf,
  uint32,
  writeNote,
  writeOpened,
  writeRecordHeader,
} from "./layout.js";
import { Loss } from "./loss.js";
import { Medium } from "./medium.js";
import { Recovery } from "./recovery.js";
import { lossOf } from "./sector-loss.js";
import { SectorMap, state } from "./sector-map.js";
import { thin } from "./thinning.js";
import { Walk } from "./walk.js";

const sectorsMin = 4;
const sectorsMax = 1024;
/** Sectors that are kept erased, so that appending never waits for an erase; one of them may become a merged one. */
const sectorsAhead = 2;

/** A class, since its methods stay in flash. */
class FlashJournal implements Journal {
  readonly install: number;
  readonly boot: number;
  readonly counts: JournalCounts;
  nextSeq: number;
  doneSeq: number;
  private readonly whenFull: WhenFull;
  private readonly medium: Medium;
  private readonly map: SectorMap;
  private readonly walk: Walk;
  private readonly cursor: Cursor;
  /** Where the next record of the newest sector goes; 0: nowhere. */
  private writeAt: number;
  /** What `done` is in flash. */
  private written: number;
  /** Blocks that were refused and are not told of yet, and why. */
  private refused: Loss | undefined;
  private refusedWhy = 0;
  /** The last record says that more may be lost. */
  private isRefusalTold: boolean;
  /** What was given up with the sector that is opened next. */
  private owed: Loss | undefined;
  private isStopped = false;

  constructor(medium: Medium, sectors: number, counts: JournalCounts, whenFull: WhenFull, drawInstall: () => number) {
    const map = new SectorMap(sectors);
    const walk = new Walk(medium);
    const found = new Recovery(medium, map, walk);
    this.medium = medium;
    this.counts = counts;
    this.whenFull = whenFull;
    this.map = map;
    this.walk = walk;
    this.install = found.install < 0 ? drawInstall() : found.install;
    this.boot = found.boot + 1;
    this.nextSeq = found.nextSeq;
    this.doneSeq = found.done;
    this.written = found.done;
    this.writeAt = found.writeAt;
    this.isRefusalTold = found.isRefusing;
    this.cursor = new Cursor(map, walk, counts);
    this.cursor.moveTo(found.done);
  }

  get blockBytesMax(): number {
    return payloadBytesMax;
  }

  // ---- appending

  identity(): BlockIdentity {
    return { install: this.install, boot: this.boot, seq: this.nextSeq };
  }

  append(block: Bytes, samples: number, startMs: number, endMs: number): boolean {
    // A sector whose writes fail is left; one more is tried.
    for (let tries = 0; tries < 2; tries++) {
      if (!this.makeRoom(recordHeaderBytes + padded(block.length))) return this.refuse(reason.newest, samples, startMs, endMs);
      if (this.refused !== undefined && !this.tellRefused(this.refused)) continue;
      if (seqOf(block) !== this.nextSeq) renumber(block, this.nextSeq);
      if (!this.put(kind.block, block, samples, endMs)) continue;
      this.isRefusalTold = false;
      this.counts.blocks++;
      this.counts.blockBytes += block.length;
      return true;
    }
    return this.refuse(reason.flash, samples, startMs, endMs);
  }

  /** Room for so many bytes in the newest sector beside what is reserved there, perhaps in another one than before. */
  private makeRoom(bytes: number): boolean {
    const told = this.refused === undefined ? 0 : recordHeaderBytes + gapBytes;
    if (this.hasRoom(bytes + told + reservedBytes)) return true;
    if (this.map.erased === 0) {
      this.cursor.lose();
      this.reclaim();
    }
    if (!this.openSector()) return false;
    const { owed } = this;
    this.owed = undefined;
    if (owed !== undefined && this.putGap(owed, reason.oldest)) this.giveUp(owed.first + owed.records);
    return this.hasRoom(bytes + told + reservedBytes);
  }

  private hasRoom(bytes: number): boolean {
    return this.writeAt > 0 && this.writeAt + bytes <= sectorBytes;
  }

  private openSector(): boolean {
    const { map } = this;
    for (let tries = 0; tries < map.count; tries++) {
      const sector = map.round((each) => map.isErased(each));
      if (sector < 0) return false;
      if (this.isReady(sector) && this.writeOpened(sector, this.nextSeq, none, 0)) {
        map.open(sector, this.nextSeq);
        this.writeAt = recordsAt;
        this.written = this.doneSeq;
        return true;
      }
      map.set(sector, state.worn);
    }
    return false;
  }

  /** A sector that was erased before this boot may have been written to since. */
  private isReady(sector: number): boolean {
    if (this.map.stateOf(sector) === state.checked) return true;
    this.cursor.lose();
    return this.medium.extent(sector, erasedHeaderBytes) === erasedHeaderBytes || this.erase(sector);
  }

  private writeOpened(sector: number, first: number, end: number, level: number): boolean {
    const header: Bytes = new Uint8Array(openedHeaderBytes);
    writeOpened(header, { install: this.install, boot: this.boot, first, done: this.doneSeq, end, level });
    return this.medium.program(header, sector, erasedHeaderBytes);
  }

  /** Writes a record behind the last one; it takes a number whether or not that succeeds. */
  private put(what: number, payload: Bytes, samples: number, endMs: number): boolean {
    const { medium, writeAt } = this;
    const sector = this.map.newest;
    this.nextSeq++;
    writeRecordHeader(medium.unit, what, payload.length, samples, endMs);
    const isWritten = medium.program(medium.unit, sector, writeAt) && medium.programPadded(payload, sector, writeAt + recordHeaderBytes);
    this.writeAt = isWritten ? writeAt + recordHeaderBytes + padded(payload.length) : 0;
    return isWritten;
  }

  private putGap(loss: Loss, why: number): boolean {
    const gap: Bytes = new Uint8Array(gapBytes);
    loss.write(gap, this.install, this.boot, this.nextSeq, why);
    return this.put(kind.gap, gap, 0, 0);
  }

  // ---- giving up

  private refuse(why: number, samples: number, startMs: number, endMs: number): false {
    const { counts } = this;
    // Said at once that more is to come: the counts are lost if the power goes before they are written.
    if (!this.isRefusalTold && this.hasRoom(recordHeaderBytes + gapBytes + recordHeaderBytes)) {
      const begun = new Loss();
      begun.flags = gapFlag.more;
      begun.block(0, this.boot, startMs, startMs);
      this.isRefusalTold = this.putGap(begun, why);
    }
    this.refusedWhy = why;
    this.refused ??= new Loss();
    this.refused.block(samples, this.boot, startMs, endMs);
    counts.droppedSamples += samples;
    return false;
  }

  private tellRefused(refused: Loss): boolean {
    if (!this.putGap(refused, this.refusedWhy)) return false;
    this.refused = undefined;
    this.isRefusalTold = false;
    return true;
  }

  /** Gives the oldest sector up, and says so; −1 when there is none, or not now. */
  private dropOldest(): number {
    const { map, counts } = this;
    const oldest = map.after(-1);
    if (oldest < 0 || oldest === map.newest) return -1;
    const end = map.end(oldest);
    const loss = lossOf(this.walk, oldest, this.install, this.doneSeq, end);
    const isTold = this.hasRoom(recordHeaderBytes + gapBytes) && this.putGap(loss, reason.oldest);
    // There will be room in the next sector.
    if (!isTold && map.erased > 0) return -1;
    counts.droppedSamples += loss.blockSamples;
    if (isTold) this.giveUp(end);
    else this.owed = loss;
    return oldest;
  }

  private giveUp(end: number): void {
    this.doneSeq = end;
    this.written = end;
    if (this.cursor.want < end) this.cursor.moveTo(end);
  }

  // ---- flash care

  /** Makes one sector erased, or tries to; false: there is none that may be. */
  private reclaim(): boolean {
    const { map } = this;
    let sector = map.has(state.dirty) ? map.round((each) => map.stateOf(each) === state.dirty) : -1;
    if (sector < 0) sector = this.acknowledgedSector();
    if (sector < 0 && this.whenFull === "thin-out" && map.erased > 0) {
      const isReady = (into: number): boolean => this.isReady(into);
      const commit = (into: number, first: number, end: number, level: number): boolean => this.writeOpened(into, first, end, level);
      if (thin(map, this.medium, this.walk, this.install, this.doneSeq, this.counts, isReady, commit)) return true;
    }
    if (sector < 0 && this.whenFull !== "drop-newest") sector = this.dropOldest();
    if (sector < 0) return false;
    const isMarked = map.stateOf(sector) !== state.used || map.end(sector) <= this.written || this.mark();
    // Where no mark can be written and nothing is erased, nothing could ever be written again: records may come twice then.
    if (!isMarked && map.erased > 0) return false;
    map.set(sector, this.erase(sector) ? state.checked : state.worn);
    return true;
  }

  /** A used sector in which nothing needs delivering any more; never the newest. */
  private acknowledgedSector(): number {
    const oldest = this.map.after(-1);
    if (oldest < 0 || oldest === this.map.newest || this.map.end(oldest) > this.doneSeq) return -1;
    return oldest;
  }

  private erase(sector: number): boolean {
    const { medium } = this;
    medium.read(medium.unit, sector, 0);
    const count = uint32(medium.unit, at.eraseCount);
    return medium.erase(sector, count > 0x0fff_ffff ? 0 : count);
  }

  /** Writes down what is done. */
  private mark(): boolean {
    const { medium, map } = this;
    if (!this.hasRoom(recordHeaderBytes)) return false;
    writeNote(medium.unit, kind.mark, this.doneSeq, none);
    if (!medium.program(medium.unit, map.newest, this.writeAt)) {
      this.writeAt = 0;
      return false;
    }
    this.writeAt += recordHeaderBytes;
    this.written = this.doneSeq;
    return true;
  }

  get isNeedy(): boolean {
    const { map } = this;
    if (this.isStopped || map.erased >= sectorsAhead) return false;
    return this.whenFull !== "drop-newest" || this.acknowledgedSector() >= 0 || map.has(state.dirty);
  }

  tend(): boolean {
    if (!this.isNeedy) return false;
    this.cursor.lose();
    return this.reclaim() && this.isNeedy;
  }

  // ---- reading

  peek(): Bytes | undefined {
    return this.cursor.peek(this.install, this.nextSeq);
  }

  get lastSeq(): number {
    return this.cursor.behind - 1;
  }

  get cursorSeq(): number {
    return this.cursor.want;
  }

  skip(): void {
    this.cursor.skip();
  }

  rewind(): void {
    this.cursor.moveTo(this.doneSeq);
  }

  acknowledge(seq: number): boolean {
    if (!(seq >= 0 && seq < this.nextSeq)) return false;
    if (seq < this.doneSeq) return true;
    this.doneSeq = seq + 1;
    if (this.cursor.want < this.doneSeq) this.cursor.moveTo(this.doneSeq);
    if (this.doneSeq - this.written >= recordsPerSector && this.hasRoom(recordHeaderBytes + reservedBytes)) this.mark();
    return true;
  }

  stop(): void {
    if (this.isStopped) return;
    this.isStopped = true;
    if (this.refused !== undefined && this.hasRoom(2 * (recordHeaderBytes + gapBytes) + recordHeaderBytes)) {
      // It is full, and stays so beyond the restart.
      this.refused.flags |= gapFlag.more;
      this.tellRefused(this.refused);
    }
    if (this.doneSeq > this.written) this.mark();
  }

  sectors(): readonly SectorState[] {
    const { map, doneSeq } = this;
    const states: SectorState[] = [];
    for (let sector = 0; sector < map.count; sector++) {
      const each = map.stateOf(sector);
      if (each === state.worn) states.push("worn");
      else if (each === state.dirty) states.push("dirty");
      else if (each !== state.used) states.push("erased");
      else if (sector === map.newest) states.push("newest");
      else states.push(map.end(sector) <= doneSeq ? "acknowledged" : "used");
    }
    return states;
  }
}

/** `flash`: the partition `journal` cannot be opened, or is not made of 4 to 1,024 sectors of 4,096 bytes. */
export function openJournal(device: Pick<Device, "flash" | "random">, options: { readonly whenFull: WhenFull }): Result<Journal, "flash"> {
  const counts: JournalCounts = {
    blocks: 0,
    blockBytes: 0,
    droppedSamples: 0,
    damaged: 0,
    failures: 0,
  };
  try {
    const flash = device.flash.open({ path: "journal" });
    const { blockLength, blocks } = flash.status();
    if (blockLength !== sectorBytes || !(blocks >= sectorsMin && blocks <= sectorsMax)) {
      const bounds = `${sectorsMin} to ${sectorsMax} sectors of ${sectorBytes} are right`;
      return failure("flash", `flash partition "journal": ${blocks} sectors of ${blockLength} bytes; ${bounds} (partitions.csv)`);
    }
    const medium = new Medium(flash, payloadBytesMax, counts);
    return success(
      new FlashJournal(medium, blocks, counts, options.whenFull, () => {
        const four: Bytes = new Uint8Array(4);
        device.random(four);
        return uint32(four, 0);
      }),
    );
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : "no reason given";
    return failure("flash", `flash partition "journal" cannot be opened: ${why} (partitions.csv must have it)`);
  }
}
