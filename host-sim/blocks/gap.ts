/**
 * Decodes gap records, which tell what a board's journal lost and why. firmware/journal/FORMAT.md, "A gap", is the format. Any bytes give a
 * gap or an error value.
 */
import { crc32 } from "../../firmware/base/crc32.js";
import { failure, success, type Result } from "../../firmware/base/result.js";
import { BlockReader, Refusal } from "./reader.js";

export const gapMagic = 0x47;
export const gapBytes = 64;
const version = 1;
const timeMax = 2 ** 52;
const numberMax = 2 ** 32 - 1;

/** Why records were lost. `unknown`: a reason younger than this decoder. */
export type LossReason = "oldest-dropped" | "newest-dropped" | "thinned-out" | "damaged" | "flash-failed" | "unknown";

const reasons: readonly LossReason[] = ["unknown", "oldest-dropped", "newest-dropped", "thinned-out", "damaged", "flash-failed"];

export interface Gap {
  readonly length: number;
  readonly identity: { readonly install: number; readonly boot: number; readonly seq: number };
  readonly reason: LossReason;
  /** Number of the first record lost, and how many, one number after the other; 0: none that had a number. */
  readonly first: number;
  readonly count: number;
  readonly samples: number;
  /** More than that may be lost. */
  readonly more: boolean;
  readonly samplesUnknown: boolean;
  readonly timesUnknown: boolean;
  /** Boots and times, ms since that boot, of the first and the last sample lost. */
  readonly from: { readonly boot: number; readonly ms: number };
  readonly to: { readonly boot: number; readonly ms: number };
}

/** The numbers that need not be waited for any more because of it: its own, and those of what was lost. */
export function explained({ identity, reason, first, count }: Gap): readonly { readonly from: number; readonly to: number }[] {
  const { seq } = identity;
  if (reason === "thinned-out" || reason === "damaged") return [{ from: seq, to: seq + Math.max(count, 1) - 1 }];
  const own = { from: seq, to: seq };
  return count === 0 ? [own] : [{ from: first, to: first + count - 1 }, own];
}

/** The gap that begins at `offset`; more bytes may follow it. The message begins "byte N: ", counted from the gap's first. */
export function decodeGap(bytes: Uint8Array, offset = 0): Result<Gap, "gap"> {
  try {
    return success(read(bytes.subarray(offset)));
  } catch (refusal) {
    if (refusal instanceof Refusal) return failure("gap", `byte ${refusal.at}: ${refusal.what}`);
    throw refusal;
  }
}

function read(bytes: Uint8Array): Gap {
  const reader = new BlockReader(bytes, 0, Math.min(bytes.length, gapBytes));
  const begin = reader.byte("its first byte");
  if (begin !== gapMagic) reader.refuse(`a gap begins with 47, not ${hex(begin)}`, 0);
  const flags = reader.byte("its version");
  if (flags >> 4 !== version) reader.refuse(`version ${flags >> 4} is not known here, only ${version}`, 1);
  const length = reader.uint(2, "its length");
  if (length !== gapBytes) reader.refuse(`a length of ${length} bytes: a gap has ${gapBytes}`, 2);
  if (bytes.length < gapBytes) reader.refuse(`a gap is ${gapBytes} bytes long, and only ${bytes.length} are there`, 2);
  const crc = new BlockReader(bytes, gapBytes - 4, gapBytes).uint(4, "the CRC");
  const right = crc32(bytes, 0, gapBytes - 4);
  if (crc !== right) reader.refuse(`the CRC is ${hex(crc, 8)} and must be ${hex(right, 8)}: bytes were damaged`, gapBytes - 4);

  const u32 = (what: string): number => reader.uint(4, what);
  const time = (what: string): number => {
    const at = reader.at;
    const ms = reader.uint(8, what);
    if (ms > timeMax) reader.refuse(`${what} is ${ms} ms, outside of all times`, at);
    return ms;
  };
  const identity = { install: u32("the install"), boot: u32("the boot"), seq: u32("the number") };
  const first = u32("the first number");
  const count = u32("the count");
  const samples = u32("the samples");
  const from = { boot: u32("the first boot"), ms: time("the first time") };
  const to = { boot: u32("the last boot"), ms: time("the last time") };
  const reason = reasons[reader.byte("the reason")] ?? "unknown";
  const gap: Gap = {
    length,
    identity,
    reason,
    first,
    count,
    samples,
    more: (flags & 1) !== 0,
    samplesUnknown: (flags & 2) !== 0,
    timesUnknown: (flags & 4) !== 0,
    from,
    to,
  };
  for (const range of explained(gap)) {
    if (range.to > numberMax) reader.refuse(`${count} records from ${range.from} on: no number is above ${numberMax}`, 16);
  }
  return gap;
}

function hex(x: number, digits = 2): string {
  return x.toString(16).padStart(digits, "0");
}
