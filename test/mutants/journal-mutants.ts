/** Mutants of the journal: what breaks its promise when the power goes, or when the flash loses bits. */
import type { Edit } from "./mutants.js";

export interface JournalMutant {
  readonly name: string;
  readonly edits: readonly Edit[];
  /** What is said of it; one of these words. */
  readonly breaks: RegExp;
}

function mutant(name: string, breaks: RegExp, ...edits: readonly (readonly [module: string, from: string, to: string])[]): JournalMutant {
  return { name, breaks, edits: edits.map(([module, from, to]) => ({ module: `journal/${module}`, from, to })) };
}

export const journalMutants: readonly JournalMutant[] = [
  mutant("the CRC of a payload is not looked at", /other bytes|never appended/, ["layout.ts", " && isSealed(bytes, 0, length - 4);", ";"]),
  mutant("the CRC of a record's header is not looked at", /./, [
    "layout.ts",
    "return header[0] === recordMagic && isSealed(header, 0, 12) ?",
    "return header[0] === recordMagic ?",
  ]),
  mutant(
    "the mark that a merged sector is whole is written before its records",
    /is not there|told as lost/,
    ["thinning.ts", "const isCopied = take(", "const isCopied = commit(into, first, end, level) && take("],
    ["thinning.ts", "|| !commit(into, first, end, level)) return false;", ") return false;"],
  ),
  mutant("a sector is erased before what is done is marked", /told as lost|is not there/, [
    "journal.ts",
    "|| map.end(sector) <= this.written || this.mark();",
    "|| map.end(sector) >= 0 || this.mark();",
  ]),
  mutant("the last number is given again after a start", /again|twice/, [
    "recovery.ts",
    "this.nextSeq = walk.seq + 1;",
    "this.nextSeq = walk.seq;",
  ]),
  mutant("numbers that cannot be read are given again", /again|twice/, ["recovery.ts", "this.nextSeq += walk.unreadable + this.lost;", ""]),
  mutant("a boot is counted again", /boot \d+ is given again/, ["journal.ts", "this.boot = found.boot + 1;", "this.boot = found.boot;"]),
  mutant("a sector is erased when it was read, and not acknowledged", /is not there|told as lost/, [
    "journal.ts",
    "this.map.end(oldest) > this.doneSeq) return -1;",
    "this.map.end(oldest) > this.cursor.want) return -1;",
  ]),
  mutant("no gap is written for what is dropped", /is not there|neither acknowledged|told as lost/, [
    "journal.ts",
    "this.hasRoom(recordHeaderBytes + gapBytes) && this.putGap(loss, reason.oldest);",
    "this.hasRoom(recordHeaderBytes + gapBytes);",
  ]),
  mutant("blocks are refused in silence", /no gap says/, [
    "journal.ts",
    "this.isRefusalTold = this.putGap(begun, why);",
    "this.isRefusalTold = true;",
  ]),
  mutant("records are written behind what was torn", /twice|other bytes|never appended|is not there/, [
    "walk.ts",
    "this.extent = medium.extent(this.sector, this.at);",
    "this.extent = this.at;",
  ]),
  mutant("a sector of another boot is used as it is", /programmed twice/, [
    "journal.ts",
    "if (this.map.stateOf(sector) === state.checked) return true;",
    "if (this.map.stateOf(sector) >= 0) return true;",
  ]),
  mutant("one more is taken for done than was acknowledged", /is not there|is due/, [
    "journal.ts",
    "this.doneSeq = seq + 1;",
    "this.doneSeq = seq + 2;",
  ]),
];
