/**
 * A walk over the records of one sector, in their order. What cannot be read is stepped over and counted:
 * by its header's length where the header is right, else to the next valid record on the grid of units.
 */
import type { Bytes } from "../device.js";
import {
  bootOf,
  isBlank,
  isPayload,
  kind,
  kindOf,
  padded,
  recordHeaderBytes,
  recordsAt,
  sectorBytes,
  seqOf,
  uint16,
  uint32,
  uint48,
  unitBytes,
} from "./layout.js";
import type { Medium } from "./medium.js";

export class Walk {
  sector = -1;
  /** Where the next header stands. */
  at = recordsAt;
  /** Of the record come to; 0 at the end. */
  kind = 0;
  payload: Bytes;
  samples = 0;
  endMs = 0;
  boot = 0;
  seq = 0;
  /** The two numbers of a mark or of what was thinned out. */
  first = 0;
  second = 0;
  /** How many records may stand, since `begin` or the last valid record, where none can be read. */
  unreadable = 0;
  /** At the end: from `at` on, all reads as erased. */
  isBlankBehind = false;
  private readonly medium: Medium;
  private install = 0;
  /** Behind it all reads as erased; 0: not looked for yet. */
  private extent = 0;
  private rubbleUnits = 0;

  constructor(medium: Medium) {
    this.medium = medium;
    this.payload = medium.scratch;
  }

  begin(sector: number, install: number): void {
    this.sector = sector;
    this.install = install;
    this.at = recordsAt;
    this.kind = 0;
    this.unreadable = 0;
    this.isBlankBehind = false;
    this.extent = 0;
    this.rubbleUnits = 0;
  }

  /** Comes to the next valid record and returns its kind; 0 when there is none. The payload is in the medium's scratch. */
  next(): number {
    const { medium } = this;
    const { header } = medium;
    while (this.at + recordHeaderBytes <= sectorBytes && (this.extent === 0 || this.at < this.extent)) {
      if (!medium.read(header, this.sector, this.at)) return this.end(false);
      const what = kindOf(header);
      if (what === 0) {
        if (this.extent === 0 && isBlank(header, 0, unitBytes)) {
          this.extent = medium.extent(this.sector, this.at);
          if (this.extent === this.at) return this.end(true);
        }
        this.rubble();
        continue;
      }
      if (what === kind.mark || what === kind.thinned) {
        this.first = uint32(header, 4);
        this.second = uint32(header, 8);
        this.at += unitBytes;
        this.kind = what;
        return what;
      }
      const length = uint16(header, 2);
      const end = this.at + recordHeaderBytes + padded(length);
      if ((what !== kind.block && what !== kind.gap) || length > medium.scratch.length || end > sectorBytes) {
        this.rubble();
        continue;
      }
      if (this.load(what, length)) {
        this.at = end;
        return what;
      }
      this.unreadable++;
      this.at = end;
    }
    return this.end(this.extent > 0);
  }

  private load(what: number, length: number): boolean {
    const { medium } = this;
    const { header } = medium;
    const payload = medium.scratch.subarray(0, length);
    if (!medium.read(payload, this.sector, this.at + recordHeaderBytes)) return false;
    if (!isPayload(payload, length, this.install) || payload[0] !== (what === kind.block ? 0x4d : 0x47)) return false;
    this.kind = what;
    this.payload = payload;
    this.samples = uint16(header, 4);
    this.endMs = uint48(header, 6);
    this.boot = bootOf(payload);
    this.seq = seqOf(payload);
    this.unreadable = 0;
    this.rubbleUnits = 0;
    return true;
  }

  /** A unit that is no record's header. */
  private rubble(): void {
    if (!isBlank(this.medium.header, 0, unitBytes)) {
      if (this.rubbleUnits++ % 2 === 0) this.unreadable++;
    }
    this.at += unitBytes;
  }

  /** More may be written there, and is then come to. */
  private end(isBlankBehind: boolean): number {
    this.isBlankBehind = isBlankBehind;
    this.extent = 0;
    this.kind = 0;
    return 0;
  }
}
