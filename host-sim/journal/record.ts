/**
 * The records of a journal's sector, read from its bytes as firmware/journal/FORMAT.md gives them. Any bytes give some records and
 * some damage; no bytes are refused.
 */
import { crc32 } from "../../firmware/base/crc32.js";

export const sectorBytes = 4096;
/** What begins anything begins at a multiple of this. */
export const grid = 16;
/** Where a sector's first record stands. */
export const recordsAt = 48;

const magic = 0x52;
const kinds = { 0x42: "block", 0x47: "gap", 0x41: "mark", 0x4c: "thinned" } as const;

/** A block or a gap: what needs delivering. */
export interface ImageRecord {
  readonly kind: "block" | "gap";
  /** Of the partition. */
  readonly sector: number;
  /** Of its header, in the sector. */
  readonly at: number;
  /** As it goes over the wire; a view. */
  readonly payload: Uint8Array;
  readonly install: number;
  readonly boot: number;
  readonly seq: number;
  /** Of a block. */
  readonly samples: number;
  /** When the last of them was taken, ms since boot. */
  readonly endMs: number;
}

export interface ImageMark {
  readonly kind: "mark";
  readonly at: number;
  readonly done: number;
}

/** Stands in a merged sector for records that were left out. */
export interface ImageThinned {
  readonly kind: "thinned";
  readonly at: number;
  /** How many numbers. */
  readonly count: number;
  readonly samples: number;
}

/** Bytes where something stands that is neither a record nor a mark. */
export interface Damage {
  readonly kind: "damage";
  readonly at: number;
  readonly end: number;
  /** Why: what is wrong with its header, or with its payload. */
  readonly what: string;
}

export type Piece = ImageRecord | ImageMark | ImageThinned | Damage;

export function u32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

export function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] !== 0xff) return false;
  return true;
}

/** How many bytes a payload of so many takes. */
function padded(bytes: number): number {
  return Math.ceil(bytes / grid) * grid;
}

/** All that stands in a sector from `from` on, in order, and where free flash begins. `install`: whose records count; undefined: anybody's. */
export function readPieces(sector: Uint8Array, index: number, install?: number, from = recordsAt): { pieces: Piece[]; end: number } {
  const pieces: Piece[] = [];
  let at = from;
  while (at + grid <= sector.length && !isBlank(sector, at, at + grid)) {
    const piece = pieceAt(sector, index, at, install);
    if (piece.kind !== "damage") {
      pieces.push(piece);
      at += piece.kind === "block" || piece.kind === "gap" ? grid + padded(piece.payload.length) : grid;
      continue;
    }
    const end = piece.end > at + grid ? piece.end : nextValid(sector, index, at + grid, install);
    pieces.push({ ...piece, end });
    at = end;
  }
  return { pieces, end: at };
}

/** The place of the next valid record, a mark or another, from `from` on; the sector's end where there is none. */
function nextValid(sector: Uint8Array, index: number, from: number, install: number | undefined): number {
  for (let at = from; at + grid <= sector.length; at += grid) {
    if (sector[at] === magic && pieceAt(sector, index, at, install).kind !== "damage") return at;
  }
  return sector.length;
}

/** The first block or gap on the grid: what a sector without a header is known by. */
export function firstRecord(sector: Uint8Array, index: number, install?: number): ImageRecord | undefined {
  for (let at = 0; at + grid <= sector.length; at += grid) {
    if (sector[at] !== magic) continue;
    const piece = pieceAt(sector, index, at, install);
    if (piece.kind === "block" || piece.kind === "gap") return piece;
  }
  return undefined;
}

/** Damage that ends after 16 bytes has no header to skip by. */
function pieceAt(sector: Uint8Array, index: number, at: number, install: number | undefined): Piece {
  const damage = (what: string, end = at + grid): Damage => ({ kind: "damage", at, end, what });
  if (crc32(sector, at, at + 12) !== u32(sector, at + 12)) return damage("the CRC of its header is wrong");
  const kind =
    sector[at] === magic ? (kinds as Readonly<Record<number, "block" | "gap" | "mark" | "thinned">>)[sector[at + 1]!] : undefined;
  if (kind === undefined) return damage("its header is of no kind that is known");
  const length = sector[at + 2]! | (sector[at + 3]! << 8);
  if (kind === "mark") return { kind, at, done: u32(sector, at + 4) };
  if (kind === "thinned") return { kind, at, count: u32(sector, at + 4), samples: u32(sector, at + 8) };
  const end = at + grid + padded(length);
  if (end > sector.length) return damage("it would cross the end of its sector");
  if (length < 20) return damage("its payload is too short to be sealed", end);
  const payload = sector.subarray(at + grid, at + grid + length);
  if ((payload[2]! | (payload[3]! << 8)) !== length) return damage("the lengths in header and payload differ", end);
  if (crc32(payload, 0, length - 4) !== u32(payload, length - 4)) return damage("the CRC of its payload is wrong", end);
  if (install !== undefined && u32(payload, 4) !== install) return damage("it is of another install", end);
  return {
    kind,
    sector: index,
    at,
    payload,
    install: u32(payload, 4),
    boot: u32(payload, 8),
    seq: u32(payload, 12),
    samples: kind === "gap" ? 0 : sector[at + 4]! | (sector[at + 5]! << 8),
    endMs: u32(sector, at + 6) + (sector[at + 10]! | (sector[at + 11]! << 8)) * 2 ** 32,
  };
}
