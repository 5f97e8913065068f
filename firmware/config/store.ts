/**
 * Two slots in flash, a sector each; the later whole one holds. A write goes to the other slot: erase, text, and last
 * the header, which commits it. So a power cut at any instant leaves the old text or the new one, never a mix.
 * What is written on trial holds for the time being; the slot before it stays untouched until the trial is kept.
 * Each byte is read once, into RAM, and judged there: bits of a sector whose erase was cut off may read differently
 * each time. Reading writes nothing. Errors of the flash are values; nothing here throws.
 */
import { crc32 } from "../base/crc32.js";
import { failure, type Failure } from "../base/result.js";
import type { Bytes, Flash, FlashStorage } from "../device.js";
import { type Marks, readMarks, type UndoReason, writeMark } from "./marks.js";
import { documentBytesMax, schemaVersion } from "./schema.js";
import { formatVersion, keptFormat, type Header, headerBytes, isLater, paddedBytes, readHeader, writeHeader } from "./slot.js";

/** The partition's label. */
export const partition = "config";
const slots = 2;
const sectorBytes = 4_096;
/** Compared at a time, when what was written is read again. */
const pieceBytes = 64;
/** Characters made at a time: they pass through the device's small stack. */
const codesAtOnce = 24;
const depthMax = 4;

/** What one slot holds, and of which version; the text is undefined when it is from a later Mote. */
export interface Held {
  readonly slot: number;
  readonly text: string | undefined;
  readonly schema: number;
}

export interface Reading {
  /** Holds for good; undefined when none does. */
  readonly kept: Held | undefined;
  /** Holds for now, over the other. */
  readonly trial: (Held & { readonly marks: Marks }) | undefined;
  /** The last trial was undone, and why. */
  readonly undone: UndoReason | undefined;
  /** The highest that stands in a whole header; 0 when there is none. */
  readonly generation: number;
  /** Slots that hold something which cannot be read. */
  readonly damaged: number;
  /** `flash`: it cannot be read. `newer`: a later Mote wrote it. */
  readonly problem: Failure<"flash" | "newer"> | undefined;
}

const nothing: Reading = Object.freeze({
  kept: undefined,
  trial: undefined,
  undone: undefined,
  generation: 0,
  damaged: 0,
  problem: undefined,
});

/** Has `use` done with the partition; what the flash throws there becomes a failure. */
export function withFlash(storage: FlashStorage, mode: "r" | "r+", use: (flash: Flash) => void): Failure<"flash"> | undefined {
  let flash: Flash | undefined;
  try {
    flash = storage.open({ path: partition, mode });
    const { blocks, blockLength } = flash.status();
    if (blocks < slots || blockLength < sectorBytes) return refused("its partition is too small for two slots");
    use(flash);
  } catch (thrown) {
    return refused(thrown instanceof Error ? thrown.message : "no reason given");
  } finally {
    flash?.close();
  }
  return undefined;
}

function refused(why: string): Failure<"flash"> {
  return { kind: "flash", message: "the flash for settings (partition " + partition + ") does not work: " + why };
}

export function readStore(storage: FlashStorage): Reading {
  let reading = nothing;
  const problem = withFlash(storage, "r", (flash) => {
    reading = readSlots(flash);
  });
  return problem === undefined ? reading : { ...nothing, problem };
}

function readSlots(flash: Flash): Reading {
  const headers: (Header | "blank" | "damaged")[] = [];
  const bytes = new Uint8Array(headerBytes);
  const { blockLength } = flash.status();
  for (let slot = 0; slot < slots; slot++) {
    flash.read(bytes, slot * blockLength);
    headers.push(readHeader(bytes));
  }
  let damaged = headers.filter((header) => header === "damaged").length;
  let generation: number | undefined;
  let trial: Reading["trial"];
  let undone: Reading["undone"];
  for (const slot of latestFirst(headers)) {
    const header = headers[slot] as Header;
    const { schema } = header;
    generation ??= header.generation;
    if (header.format > formatVersion || schema > schemaVersion) {
      // What was tried over it holds for now all the same.
      const problem = trial === undefined ? newer(header) : undefined;
      return { ...nothing, kept: { slot, text: undefined, schema }, trial, undone, generation, damaged, problem };
    }
    const text = readText(flash, slot * blockLength + headerBytes, header);
    if (text === undefined) {
      damaged++;
      continue;
    }
    const marks = header.onTrial ? readMarks(flash, slot * blockLength) : undefined;
    if (marks === undefined || marks.state === "kept") {
      return { kept: { slot, text, schema }, trial, undone, generation, damaged, problem: undefined };
    }
    // Only the later slot can be on trial: the one before it was kept, or nothing was set.
    if (trial !== undefined || undone !== undefined) continue;
    if (marks.state === "undone") undone = marks.reason;
    else trial = { slot, text, schema, marks };
  }
  return { ...nothing, trial, undone, generation: generation ?? 0, damaged };
}

function latestFirst(headers: readonly (Header | "blank" | "damaged")[]): number[] {
  const order: number[] = [];
  for (let slot = 0; slot < slots; slot++) if (typeof headers[slot] === "object") order.push(slot);
  return order.sort((a, b) => (isLater((headers[b] as Header).generation, (headers[a] as Header).generation) ? 1 : -1));
}

function newer({ format, schema }: Header): Failure<"newer"> {
  const [what, theirs, ours] = format > formatVersion ? ["format", format, formatVersion] : ["version", schema, schemaVersion];
  return {
    kind: "newer",
    message: `the stored settings are from a later Mote (${what} ${theirs}; this one knows ${ours}): they are left alone, and do not count until something is set anew`,
  };
}

function readText(flash: Flash, at: number, { length, textCrc, schema }: Header): string | undefined {
  if (length > documentBytesMax || schema < 1) return undefined;
  const bytes = new Uint8Array(paddedBytes(length));
  if (length > 0) flash.read(bytes, at);
  if (crc32(bytes, 0, length) !== textCrc || !isShallow(bytes, length)) return undefined;
  const parts: string[] = [];
  for (let from = 0; from < length; from += codesAtOnce) {
    // `apply` takes anything like an array: no array of numbers is made for it.
    const piece = bytes.subarray(from, from + codesAtOnce < length ? from + codesAtOnce : length);
    parts.push(String.fromCharCode.apply(undefined, piece as unknown as number[]));
  }
  return parts.join("");
}

/** What is nested deeper than groups of values, somebody forged: reading it could end the stack. */
function isShallow(bytes: Bytes, length: number): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < length; at++) {
    const byte = bytes[at]!;
    if (byte === 0x22) quoted = !quoted;
    else if (quoted) at += byte === 0x5c ? 1 : 0;
    else if (byte === 0x7b || byte === 0x5b) depth++;
    else if (byte === 0x7d || byte === 0x5d) depth--;
    if (depth > depthMax) return false;
  }
  return true;
}

/**
 * Writes `text`, which is ASCII, as what follows `reading`. Undefined when it is safe in flash; else what was there holds.
 * Blocks for an erase (45 ms typical, 400 ms at worst) and a few ms. Nothing is erased when the text is too long.
 */
export function writeStore(
  storage: FlashStorage,
  reading: Reading,
  text: string,
  onTrial = false,
): Failure<"settings" | "flash"> | undefined {
  const { length } = text;
  if (length > documentBytesMax) {
    return {
      kind: "settings",
      message: `all settings together must be at most ${documentBytesMax} bytes of JSON, not ${length}: shorten a text`,
    };
  }
  const bytes = new Uint8Array(paddedBytes(length)).fill(0xff);
  for (let at = 0; at < length; at++) bytes[at] = text.charCodeAt(at);
  const generation = (reading.generation + 1) >>> 0;
  const header = writeHeader({
    format: onTrial ? formatVersion : keptFormat,
    schema: schemaVersion,
    generation,
    length,
    textCrc: crc32(bytes, 0, length),
    onTrial,
  });
  const slot = reading.kept?.slot === 0 ? 1 : 0;
  let kept = false;
  const problem = withFlash(storage, "r+", (flash) => {
    const at = slot * flash.status().blockLength;
    flash.eraseBlock(slot);
    if (length > 0) flash.write(bytes, at + headerBytes);
    if (!holds(flash, at + headerBytes, bytes)) return;
    flash.write(header, at);
    kept = holds(flash, at, header);
  });
  // Its header may stand though the flash has complained: the next boot would take it, and so it counts.
  if (problem !== undefined) return readStore(storage).generation === generation ? undefined : problem;
  return kept
    ? undefined
    : failure("flash", "the flash for settings did not keep what was written to it: the settings from before hold").error;
}

/** Says what becomes of the trial that `reading` has found. Blocks for less than 1 ms. A flash that fails leaves it on trial. */
export function markTrial(storage: FlashStorage, { trial }: Reading, what: "boot" | "kept" | UndoReason): Failure<"flash"> | undefined {
  if (trial === undefined) return undefined;
  let written = false;
  const problem = withFlash(storage, "r+", (flash) => {
    const at = trial.slot * flash.status().blockLength;
    writeMark(flash, at, trial.marks, what);
    const { state, boots } = readMarks(flash, at);
    written =
      what === "boot" ? boots > trial.marks.boots || state !== "pending" : (state === "kept") === (what === "kept") && state !== "pending";
  });
  if (problem !== undefined || written) return problem;
  return refused("it did not keep what was written to it");
}

function holds(flash: Flash, at: number, bytes: Bytes): boolean {
  const piece = new Uint8Array(pieceBytes);
  for (let from = 0; from < bytes.length; from += pieceBytes) {
    const read = piece.subarray(0, Math.min(pieceBytes, bytes.length - from));
    flash.read(read, at + from);
    if (read.some((byte, index) => byte !== bytes[from + index])) return false;
  }
  return true;
}
