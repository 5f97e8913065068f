/**
 * Reads the bytes of a journal's partition as firmware/journal/FORMAT.md gives them, and knows nothing else of the firmware's journal:
 * what is in each sector, what is still to be delivered, and what is wrong. Any bytes give an image, in time and memory
 * bounded by their length. Flash whose bits waver must be read once, and this then applied to what was read.
 */
import { crc32 } from "../../firmware/base/crc32.js";
import { firstRecord, grid, type ImageRecord, isBlank, type Piece, readPieces, recordsAt, sectorBytes, u32 } from "./record.js";

const magic = 0x314a544d;
const none = 0xffffffff;

export interface ImageSector {
  readonly index: number;
  /** `blank`: all of it reads ff, without even the header of an erased one. `dirty`: to be erased before use. */
  readonly state: "blank" | "erased" | "used" | "dirty";
  /** Used, but its header cannot be read: known by its first record. */
  readonly salvaged: boolean;
  /** How often it was erased, where its header tells. */
  readonly erases: number | undefined;
  readonly install: number | undefined;
  /** In which it was opened. */
  readonly boot: number | undefined;
  readonly first: number | undefined;
  readonly done: number | undefined;
  /** Of a merged sector: the number behind the last that it stands for. */
  readonly end: number | undefined;
  readonly level: number;
  /** Empty unless it is used. */
  readonly pieces: readonly Piece[];
  /** Bytes from its beginning up to the free ones. */
  readonly filled: number;
}

/** Numbers that no record bears, `from` … `to` − 1: thinned out, lost, or left out at a start. */
export interface Hole {
  readonly from: number;
  readonly to: number;
}

export interface JournalImage {
  readonly sectors: readonly ImageSector[];
  /** Of the newest sector; undefined where no sector is used. */
  readonly install: number | undefined;
  readonly newest: number | undefined;
  /** No record with a lower number needs delivering. */
  readonly done: number;
  /** Highest number and boot that can be read, plus 1; 0 where none can. */
  readonly nextSeq: number;
  readonly nextBoot: number;
  /** What can be read, in the order of numbers, each number once. */
  readonly records: readonly ImageRecord[];
  /** Those of them that are not done. */
  readonly waiting: readonly ImageRecord[];
  /** Between what waits. */
  readonly holes: readonly Hole[];
  /** What is not as the format has it, one sentence each. A power cut leaves such as well. */
  readonly findings: readonly string[];
}

interface Header {
  erases: number | undefined;
  opened: { install: number; boot: number; first: number; done: number; end: number | undefined; level: number } | undefined;
  /** The part behind the first 16 bytes reads ff. */
  unopened: boolean;
}

/** `bytes`: the whole partition, a multiple of 4,096 bytes; of a rest nothing is read. */
export function readJournalImage(bytes: Uint8Array): JournalImage {
  const findings: string[] = [];
  const parts = Array.from({ length: Math.floor(bytes.length / sectorBytes) }, (_, index) =>
    bytes.subarray(index * sectorBytes, (index + 1) * sectorBytes),
  );
  const headers = parts.map(readHeader);
  const candidates = candidatesOf(parts, headers);
  const newest = candidates.reduce<Candidate | undefined>(
    (most, each) => (most === undefined || each.first > most.first ? each : most),
    undefined,
  );
  const install = newest?.install;
  const used = candidates.filter((each) => each.install === install && !isReplaced(each, candidates));

  const sectors = parts.map((part, index): ImageSector => {
    const { erases, opened, unopened } = headers[index]!;
    const candidate = used.find((each) => each.index === index);
    const { pieces, end } = candidate === undefined ? { pieces: [], end: 0 } : readPieces(part, index, install);
    const state =
      candidate !== undefined ? "used" : erases !== undefined && unopened ? "erased" : isBlank(part, 0, sectorBytes) ? "blank" : "dirty";
    const say = (what: string): void => void findings.push(`sector ${index}: ${what}`);
    if (state === "used" && opened === undefined) say("its header cannot be read; records of it can");
    if (state === "erased" && !isBlank(part, grid, sectorBytes)) say("behind the header of an erased sector stands something");
    for (const piece of pieces) if (piece.kind === "damage") say(`byte ${piece.at}: ${piece.what}`);
    if (state === "used" && !isBlank(part, end, sectorBytes)) say(`behind the end of its records, byte ${end}, stands something`);
    return {
      index,
      state,
      salvaged: state === "used" && opened === undefined,
      erases,
      install: opened?.install ?? candidate?.install,
      boot: opened?.boot,
      first: opened?.first ?? candidate?.first,
      done: opened?.done,
      end: opened?.end,
      level: opened?.level ?? 0,
      pieces,
      filled: state === "used" ? end : state === "erased" ? grid : 0,
    };
  });
  return { sectors, install, newest: newest?.index, ...contentOf(sectors), findings };
}

/** A sector that may be used. */
interface Candidate {
  readonly index: number;
  readonly install: number;
  readonly first: number;
  /** Of a merged sector. */
  readonly end: number | undefined;
  readonly level: number;
}

/** Those whose headers are right; then those that have a valid record, unless a sector with a header has its place in the order. */
function candidatesOf(parts: readonly Uint8Array[], headers: readonly Header[]): Candidate[] {
  const right: Candidate[] = [];
  for (const [index, { opened }] of headers.entries()) if (opened !== undefined) right.push({ index, ...opened });
  const lasts = right.map(({ index, install, end }) => {
    const seqs = readPieces(parts[index]!, index, install).pieces.map((piece) => ("seq" in piece ? piece.seq : -1));
    return Math.max(...seqs, (end ?? 0) - 1, -1);
  });
  const salvaged: Candidate[] = [];
  for (const [index, { erases, opened, unopened }] of headers.entries()) {
    if (opened !== undefined || (erases !== undefined && unopened)) continue;
    const record = firstRecord(parts[index]!, index);
    if (record === undefined) continue;
    const { install, seq } = record;
    const isThere = right.some((each, which) => each.install === install && each.first <= seq && seq <= lasts[which]!);
    if (!isThere) salvaged.push({ index, install, first: seq, end: undefined, level: 0 });
  }
  return [...right, ...salvaged];
}

/** A merged sector stands for it. */
function isReplaced({ index, install, first, level }: Candidate, candidates: readonly Candidate[]): boolean {
  return candidates.some(
    (other) =>
      other.index !== index &&
      other.install === install &&
      other.end !== undefined &&
      other.level > level &&
      first >= other.first &&
      first < other.end,
  );
}

type Content = Pick<JournalImage, "done" | "nextSeq" | "nextBoot" | "records" | "waiting" | "holes">;

function contentOf(sectors: readonly ImageSector[]): Content {
  const records = inOrder(sectors);
  let done = 0;
  let nextSeq = 0;
  let nextBoot = 0;
  for (const sector of sectors) {
    if (sector.state !== "used") continue;
    done = Math.max(done, sector.done ?? 0);
    nextSeq = Math.max(nextSeq, sector.first!, sector.end ?? 0);
    nextBoot = Math.max(nextBoot, (sector.boot ?? -1) + 1);
    for (const piece of sector.pieces) {
      if (piece.kind === "mark") done = Math.max(done, piece.done);
      else if (piece.kind === "block" || piece.kind === "gap") {
        // A gap for what was dropped to make room is a mark as well.
        if (piece.kind === "gap" && piece.payload.length === 64 && piece.payload[52] === 1) {
          done = Math.max(done, u32(piece.payload, 16) + u32(piece.payload, 20));
        }
        nextSeq = Math.max(nextSeq, piece.seq + 1);
        nextBoot = Math.max(nextBoot, piece.boot + 1);
      }
    }
  }
  const waiting = records.filter(({ seq }) => seq >= done);
  return { done, nextSeq, nextBoot, records, waiting, holes: holesBetween(waiting, done) };
}

function readHeader(sector: Uint8Array): Header {
  const unopened = isBlank(sector, grid, recordsAt);
  if (u32(sector, 0) !== magic || u32(sector, 8) !== none || crc32(sector, 0, 12) !== u32(sector, 12)) {
    return { erases: undefined, opened: undefined, unopened };
  }
  const right = !unopened && u32(sector, 40) === none && crc32(sector, 16, 44) === u32(sector, 44);
  const end = u32(sector, 32);
  return {
    erases: u32(sector, 4),
    unopened,
    opened: right
      ? {
          install: u32(sector, 16),
          boot: u32(sector, 20),
          first: u32(sector, 24),
          done: u32(sector, 28),
          end: end === none ? undefined : end,
          level: u32(sector, 36),
        }
      : undefined,
  };
}

/** Each number once. */
function inOrder(sectors: readonly ImageSector[]): ImageRecord[] {
  const byNumber = new Map<number, ImageRecord>();
  for (const { pieces } of sectors) {
    for (const piece of pieces) {
      if (piece.kind !== "block" && piece.kind !== "gap") continue;
      if (!byNumber.has(piece.seq)) byNumber.set(piece.seq, piece);
    }
  }
  return [...byNumber.values()].sort((a, b) => a.seq - b.seq);
}

/** Numbers that are missing between what waits, thinned out or not. */
function holesBetween(waiting: readonly ImageRecord[], done: number): Hole[] {
  const holes: Hole[] = [];
  let next = done;
  for (const { seq } of waiting) {
    if (seq > next) holes.push({ from: next, to: seq });
    next = seq + 1;
  }
  return holes;
}
