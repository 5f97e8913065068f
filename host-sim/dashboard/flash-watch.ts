/**
 * What a person sees of a board's journal, from outside: what stands in its flash partition, read by the independent reader
 * when the flash has changed, and the records on its wire. Bounded; the flash itself is looked at twice a second at most.
 */
import { decodeBlock } from "../blocks/decoder.js";
import { sampleCount } from "../blocks/block.js";
import { decodeGap, gapMagic } from "../blocks/gap.js";
import { type JournalImage, readJournalImage } from "../journal/image.js";
import type { ImageRecord } from "../journal/record.js";
import { type FlashPartition, sectorBytes } from "../world/flash-memory.js";
import type { History, SectorCell, SentBlock } from "../web/protocol.js";
import { sectorStates } from "../web/protocol.js";
import { LossList } from "./loss-list.js";

/** How often the flash is read anew at most, real ms. */
const readEveryMs = 500;
/** How long an erase is news, virtual ms: itself it lasts 45. */
const erasingMs = 1000;
const [free, waiting, newest, acknowledged, dirty, erasing] = sectorStates.map((_, index) => index) as [
  number,
  number,
  number,
  number,
  number,
  number,
];

/** What the firmware alone knows. */
export interface Told {
  /** Numbers of records that nobody has confirmed yet. */
  readonly waiting: number;
}

export class FlashWatch {
  readonly #partition: FlashPartition;
  readonly #nowMs: () => number;
  /** Virtual times, ms: when each sector was erased, and each offset programmed. */
  readonly #erasedMs = new Map<number, number>();
  readonly #writtenMs = new Map<number, number>();
  readonly #eraseCounts = new Map<number, number>();
  readonly #losses = new LossList();
  #image: JournalImage | undefined;
  #changed = true;
  #readAtMs = -Infinity;
  #sent = -1;
  #blocks = 0;
  #blockBytes = 0;
  #gaps = 0;
  #last: Uint8Array | undefined;

  constructor(partition: FlashPartition, nowMs: () => number) {
    this.#partition = partition;
    this.#nowMs = nowMs;
    partition.onTouched = () => {
      this.#changed = true;
    };
    partition.onProgrammed = (byteOffset) => {
      this.#changed = true;
      this.#writtenMs.set(byteOffset, nowMs());
    };
  }

  /** The wire carried it, not as a repetition of the same packet. */
  published(payload: Uint8Array): void {
    if (payload.length < 16) return;
    const seq = new DataView(payload.buffer, payload.byteOffset).getUint32(12, true);
    if (seq > this.#sent) this.#sent = seq;
    if (payload[0] !== gapMagic) {
      this.#blocks++;
      this.#blockBytes += payload.length;
      this.#last = payload;
      return;
    }
    this.#gaps++;
    const gap = decodeGap(payload);
    if (gap.ok) this.#losses.told(gap.value);
  }

  view(told: Told | undefined): History {
    const image = this.#read();
    const done = told === undefined ? image.done : Math.max(image.done, image.nextSeq - told.waiting);
    const partition = this.#partition;
    const left = image.waiting.filter(({ seq }) => seq >= done);
    const oldest = left[0];
    const oldestMs = oldest && this.#writtenMs.get(oldest.sector * sectorBytes + oldest.at);
    const last = this.#lastBlock();
    let erases = 0;
    for (const each of partition.erases.values()) erases += each;
    return {
      sectors: image.sectors.map((sector) => this.#cell(image, sector.index, done)),
      done,
      sent: this.#sent + 1,
      next: image.nextSeq,
      waiting: left.length,
      waitingBytes: left.reduce((sum, { payload }) => sum + payload.length, 0),
      waitingSamples: left.reduce((sum, { samples }) => sum + samples, 0),
      ...(oldestMs === undefined ? {} : { oldestMs: Math.round(oldestMs) }),
      programmedBytes: partition.programmedBytes,
      erases,
      blocksSent: this.#blocks,
      blockBytesSent: this.#blockBytes,
      gapsSent: this.#gaps,
      ...(last === undefined ? {} : { last }),
      losses: this.#losses.rows(),
      samplesLost: this.#losses.samples,
    };
  }

  #read(): JournalImage {
    const nowMs = performance.now();
    if (this.#image !== undefined && (!this.#changed || nowMs - this.#readAtMs < readEveryMs)) return this.#image;
    this.#changed = false;
    this.#readAtMs = nowMs;
    const partition = this.#partition;
    const bytes = new Uint8Array(partition.bytes).fill(0xff);
    // Not by `read`: that would draw for bits that waver, and change the run.
    for (const [index, sector] of partition.sectors) bytes.set(sector, index * sectorBytes);
    const image = readJournalImage(bytes);
    for (const { index } of image.sectors) this.#noteErase(index, this.#image !== undefined);
    for (const { kind, payload } of image.records) {
      const gap = kind === "gap" ? decodeGap(payload) : undefined;
      if (gap?.ok === true) this.#losses.found(gap.value);
    }
    for (const { from, to } of image.holes) this.#losses.missing(from, to);
    this.#image = image;
    return image;
  }

  /** An erase is seen by its count. */
  #noteErase(index: number, isNews: boolean): void {
    const erases = this.#partition.erases.get(index) ?? 0;
    if (erases === (this.#eraseCounts.get(index) ?? 0)) return;
    this.#eraseCounts.set(index, erases);
    if (isNews) this.#erasedMs.set(index, this.#nowMs());
  }

  #cell(image: JournalImage, index: number, done: number): SectorCell {
    const sector = image.sectors[index]!;
    const records = sector.pieces.filter((piece): piece is ImageRecord => piece.kind === "block" || piece.kind === "gap");
    const left = records.filter(({ seq }) => seq >= done).length;
    const isJustErased = this.#nowMs() - (this.#erasedMs.get(index) ?? -Infinity) < erasingMs;
    let state = left > 0 ? waiting : acknowledged;
    if (sector.state === "dirty") state = dirty;
    else if (sector.state !== "used") state = isJustErased ? erasing : free;
    else if (index === image.newest) state = newest;
    const { erases = -1, filled } = sector;
    const first = records[0]?.seq ?? -1;
    const last = records.at(-1)?.seq ?? -1;
    return [state, erases, first, last, records.length, left, filled, this.#partition.isWorn(index) ? 1 : 0];
  }

  #lastBlock(): SentBlock | undefined {
    const bytes = this.#last;
    const block = bytes && decodeBlock(bytes);
    if (block?.ok !== true) return undefined;
    const { identity, channels } = block.value;
    return { seq: identity?.seq ?? 0, samples: sampleCount(block.value), bytes: bytes!.length, channels: channels.length };
  }
}
