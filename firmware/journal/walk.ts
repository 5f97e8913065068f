/**
 * A walk over the records of one sector, in their order. What cannot be read is stepped over and counted:
 * by its header's length where the header is right, else to the next valid record on the grid of units.
 */
import type { Bytes } from "../device.js";
import {
  bootOf,
  isBlank,
  isGap,
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
  }

  // Of the record come to, until anything else is read: nothing of it is kept twice.

  get scratch(): Bytes {
    return this.medium.scratch;
  }

  /** Block or gap, in the scratch. */
  get payload(): Bytes {
    const { scratch, header } = this.medium;
    return scratch.subarray(0, uint16(header, 2));
  }

  get boot(): number {
    return bootOf(this.medium.scratch);
  }

  get seq(): number {
    return seqOf(this.medium.scratch);
  }

  get samples(): number {
    return uint16(this.medium.header, 4);
  }

  get endMs(): number {
    return uint48(this.medium.header, 6);
  }

  /** The two numbers of a mark or of what was thinned out. */
  get first(): number {
    return uint32(this.medium.header, 4);
  }

  get second(): number {
    return uint32(this.medium.header, 8);
  }

  begin(sector: number, install: number): void {
    this.sector = sector;
    this.install = install;
    this.at = recordsAt;
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
        this.at += unitBytes;
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
    const payload = medium.scratch.subarray(0, length);
    if (!medium.read(payload, this.sector, this.at + recordHeaderBytes)) return false;
    if (!isPayload(payload, length, this.install) || payload[0] !== (what === kind.block ? 0x4d : 0x47)) return false;
    if (what === kind.gap && !isGap(payload)) return false;
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
    return 0;
  }
}
