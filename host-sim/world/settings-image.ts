/**
 * A board's settings as they stand in its flash, read from outside by what firmware/config/FORMAT.md says and by none of the
 * firmware's code: what holds for good, what is on trial, and what became of the last trial.
 */
import { crc32 } from "../../firmware/base/crc32.js";
import type { FlashPartition } from "./flash-memory.js";
import { sectorBytes } from "./flash-memory.js";
import { random } from "./random.js";

/** By names such as `broker.host`: only what somebody set. */
export type SettingsText = Readonly<Record<string, unknown>>;

export interface SettingsImage {
  /** Holds for good. */
  readonly kept: SettingsText;
  /** Holds for the time being, in place of it. */
  readonly trial: SettingsText | undefined;
  /** What became of what was set last; `none`: it was never on trial, or nothing was set. */
  readonly state: "none" | "trial" | "kept" | "undone";
  /** Restarts that its marks count. */
  readonly boots: number;
  /** Of the mark that ended it: 16 … 19, see there. */
  readonly reason: number | undefined;
  /** Of the later slot: one more with each write. */
  readonly generation: number;
}

const slots = 2;
const magic = "MTC1";
const headerBytes = 32;
const textBytesMax = 3_072;
const marksAt = 3_840;
const markBytes = 16;
const marksMax = 16;
const bootsMax = 3;
const [kept, undoneFirst] = [2, 16];

interface Slot {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly generation: number;
}

/** Bits that waver are read as they may read, without a draw of the board's own. */
export function settingsImage(partition: FlashPartition): SettingsImage {
  const whole = new Uint8Array(slots * sectorBytes);
  partition.fork(random(1).split("image")).read(whole, 0);
  const found: Slot[] = [];
  for (let slot = 0; slot < slots; slot++) {
    const bytes = whole.subarray(slot * sectorBytes, (slot + 1) * sectorBytes);
    const view = new DataView(bytes.buffer, bytes.byteOffset, sectorBytes);
    if (String.fromCharCode(...bytes.subarray(0, 4)) !== magic || view.getUint32(28, true) !== crc32(bytes, 0, 28)) continue;
    const generation = view.getUint32(8, true);
    const length = view.getUint16(12, true);
    if (length > textBytesMax || crc32(bytes, headerBytes, headerBytes + length) !== view.getUint32(16, true)) continue;
    found.push({ bytes, view, generation });
  }
  found.sort((a, b) => (b.generation - a.generation) | 0);
  const [latest, before] = found;
  if (latest === undefined) return { kept: {}, trial: undefined, state: "none", boots: 0, reason: undefined, generation: 0 };
  const { generation } = latest;
  if (latest.bytes[14] !== 1) return { kept: textOf(latest), trial: undefined, state: "none", boots: 0, reason: undefined, generation };
  const marks = marksOf(latest);
  if (marks.state === "kept") return { kept: textOf(latest), trial: undefined, generation, ...marks };
  // Of two that were on trial, the earlier one was kept: else the later would have been written over it.
  const old = before === undefined ? {} : textOf(before);
  return { kept: old, trial: marks.state === "trial" ? textOf(latest) : undefined, generation, ...marks };
}

function marksOf({ bytes, view }: Slot): Pick<SettingsImage, "state" | "boots" | "reason"> {
  let boots = 0;
  for (let mark = 0; mark < marksMax; mark++) {
    const at = marksAt + mark * markBytes;
    const unit = bytes.subarray(at, at + markBytes);
    if (unit.every((byte) => byte === 0xff)) {
      return boots > bootsMax ? { state: "undone", boots, reason: 18 } : { state: "trial", boots, reason: undefined };
    }
    const isWhole = unit[0] === 0x4d && view.getUint32(at + 12, true) === crc32(bytes, at, at + 12);
    if (isWhole && unit[1] === kept) return { state: "kept", boots, reason: undefined };
    if (isWhole && unit[1]! >= undoneFirst) return { state: "undone", boots, reason: unit[1] };
    boots++;
  }
  return { state: "undone", boots, reason: 18 };
}

function textOf({ bytes, view }: Slot): SettingsText {
  const length = view.getUint16(12, true);
  const text = new TextDecoder().decode(bytes.subarray(headerBytes, headerBytes + length));
  const all: Record<string, unknown> = {};
  const groups = JSON.parse(text) as Record<string, Record<string, unknown>>;
  for (const group in groups) for (const name in groups[group]) all[`${group}.${name}`] = groups[group]![name];
  return all;
}
