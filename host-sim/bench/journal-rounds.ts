/** The journal at work on flash in RAM, counted: what its blocks cost in bytes programmed, sectors erased, bytes read at a start, and heap. For Node and for XS. */
import { crc32 } from "../../firmware/base/crc32.js";
import type { Bytes, Flash } from "../../firmware/device.js";
import type { Journal, WhenFull } from "../../firmware/journal/contract.js";
import { openJournal } from "../../firmware/journal/journal.js";
import { putUint } from "../../firmware/telemetry/block-header.js";

const sectorBytes = 4096;
/** Where the header stands that is written when a sector is opened. */
const openedAt = 16;

/** A partition in RAM that counts. */
export class CountedFlash implements Flash {
  readonly bytes: Uint8Array;
  readBytes = 0;
  programmedBytes = 0;
  erases = 0;
  /** Sectors that were opened. */
  opened = 0;

  constructor(sectors: number) {
    this.bytes = new Uint8Array(sectors * sectorBytes).fill(0xff);
  }

  read(into: Bytes, at: number): number {
    this.readBytes += into.length;
    into.set(this.bytes.subarray(at, at + into.length));
    return into.length;
  }

  write(bytes: Bytes, at: number): void {
    this.programmedBytes += bytes.length;
    if (at % sectorBytes === openedAt) this.opened++;
    for (let i = 0; i < bytes.length; i++) this.bytes[at + i]! &= bytes[i]!;
  }

  eraseBlock(index: number): void {
    this.erases++;
    this.bytes.fill(0xff, index * sectorBytes, (index + 1) * sectorBytes);
  }

  status() {
    const { length } = this.bytes;
    return { size: length, blockLength: sectorBytes, blocks: length / sectorBytes, writeAlign: 4, eraseValue: 0xff };
  }

  close(): void {}
}

export function openOn(flash: Flash, whenFull: WhenFull): Journal {
  const opened = openJournal({ flash: { open: () => flash }, random: (into) => void into.fill(7) }, { whenFull });
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

/** A block of that length, sealed; of samples there is nothing in it. */
export function block(journal: Journal, length: number): Bytes {
  const bytes: Bytes = new Uint8Array(length);
  const { install, boot, seq } = journal.identity();
  bytes[0] = 0x4d;
  bytes[1] = 0x11;
  putUint(bytes, 2, length, 2);
  putUint(bytes, 4, install, 4);
  putUint(bytes, 8, boot, 4);
  putUint(bytes, 12, seq, 4);
  putUint(bytes, length - 4, crc32(bytes, 0, length - 4), 4);
  return bytes;
}

export interface Worked {
  /** Bytes programmed for each byte of a block; sectors erased for each that was opened. */
  readonly amplification: number;
  readonly erasesPerSector: number;
}

/** Appends blocks of that length to a ring that is full, or is drained as it fills: from its second round on until the fifth. */
export function work(flash: CountedFlash, whenFull: WhenFull, length: number, isDrained: boolean): Worked {
  const sectors = flash.bytes.length / sectorBytes;
  const journal = openOn(flash, whenFull);
  let before = { programmed: 0, erases: 0, opened: 0, blocks: 0 };
  while (flash.opened < 5 * sectors) {
    if (flash.opened <= sectors) {
      before = { programmed: flash.programmedBytes, erases: flash.erases, opened: flash.opened, blocks: journal.counts.blockBytes };
    }
    if (!journal.append(block(journal, length), 100, 1000, 2000)) throw new Error("a block was refused");
    journal.tend();
    if (!isDrained || journal.peek() === undefined) continue;
    const { lastSeq } = journal;
    journal.skip();
    journal.acknowledge(lastSeq);
  }
  return {
    amplification: (flash.programmedBytes - before.programmed) / (journal.counts.blockBytes - before.blocks),
    erasesPerSector: (flash.erases - before.erases) / (flash.opened - before.opened),
  };
}

/** Bytes that a start reads. */
export function startReads(flash: CountedFlash): number {
  flash.readBytes = 0;
  openOn(flash, "drop-oldest");
  return flash.readBytes;
}

export interface Room {
  readonly slots: number;
  readonly chunkBytes: number;
}

/** What an open journal takes of the heap, after a collection; in XS only. It has been at work: blocks were appended, read and acknowledged. */
export function roomOf(sectors: number): Room {
  const flash = new CountedFlash(sectors);
  work(flash, "drop-oldest", 512, true);
  // What was open before is let go of in two collections.
  collect();
  collect();
  const before = { slots: slotsInUse(), chunkBytes: chunkBytesInUse() };
  const journal = openOn(flash, "drop-oldest");
  for (let each = 0; each < 20; each++) {
    journal.append(block(journal, 512), 100, 1000, 2000);
    journal.peek();
    journal.skip();
  }
  collect();
  collect();
  const room = { slots: slotsInUse() - before.slots, chunkBytes: chunkBytesInUse() - before.chunkBytes };
  if (journal.identity().seq === 0) throw new Error("nothing was appended");
  return room;
}
