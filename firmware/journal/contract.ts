/** What goes in and out of a journal (journal.ts): records as they go over the wire, and their numbers. */
import type { Result } from "../base/result.js";
import type { Bytes } from "../device.js";
import type { BlockIdentity } from "../telemetry/block-header.js";

/** What to do with a new block when everything is full of records that nobody has acknowledged. */
export type WhenFull = "drop-oldest" | "drop-newest" | "thin-out";

/** What became of a sector, for maps of the flash. `acknowledged`: used, and nothing in it needs delivering any more. */
export type SectorState = "erased" | "used" | "acknowledged" | "newest" | "dirty" | "worn";

/** Since boot. All but `waiting` only grow. */
export interface JournalCounts {
  /** Blocks appended, and bytes of theirs. */
  blocks: number;
  blockBytes: number;
  /** Samples given up because the journal was full, by whatever policy. */
  droppedSamples: number;
  /** Records that could not be read (told as gaps of reason 4). */
  damaged: number;
  /** Operations that the flash refused. */
  failures: number;
}

export interface Journal {
  readonly install: number;
  /** Of this start. */
  readonly boot: number;
  readonly counts: Readonly<JournalCounts>;
  /** The number that the next record gets. */
  readonly nextSeq: number;
  /** All records with lower numbers need no delivering any more. */
  readonly doneSeq: number;
  /** Bytes that a block may have at most, so that seven records fit a sector. */
  readonly blockBytesMax: number;

  /** For the block that is to be appended next. */
  identity(): BlockIdentity;
  /**
   * Takes a block with that identity. True: it is in flash, and survives. False: it was given up, and a gap tells of it. Blocks for
   * the write, about 1.5 ms; when the flash has no erased sector, for an erase as well.
   */
  append(block: Bytes, samples: number, startMs: number, endMs: number): boolean;

  // ---- reading, in the order of numbers: what the uplink does

  /** The record under the cursor, as it goes over the wire: a view that holds until the next call of whatever kind. Undefined: all were read. */
  peek(): Bytes | undefined;
  /** The last number that the record stands for which `peek` gave: its own, but for gaps of reason 3 and 4. What its acknowledgement covers. */
  readonly lastSeq: number;
  /** The number that `peek` comes to next. */
  readonly cursorSeq: number;
  /** Moves the cursor behind the record that `peek` gave. */
  skip(): void;
  /** Moves the cursor back to the first record that is not done. */
  rewind(): void;
  /** All records up to `seq`, and none behind, need no delivering any more. False, and nothing changes: this number was never given. */
  acknowledge(seq: number): boolean;

  // ---- flash care

  /** `tend` is perhaps of use. */
  readonly isNeedy: boolean;
  /**
   * Does at most one thing that is slow, if there is one to do: erases a sector ahead (45 ms typical, 400 ms at worst). To be
   * called when no sample is due for that long. True: there is more to do.
   */
  tend(): boolean;
  /** The orderly end: writes down what is acknowledged. Nothing may be called after it. */
  stop(): void;

  /** By index of the sector in the partition. */
  sectors(): readonly SectorState[];
}

/** `flash`: the partition cannot be opened, or has fewer than four sectors, or more than 1,024. */
export type OpenJournal = (options: { whenFull: WhenFull }) => Result<Journal, "flash">;
