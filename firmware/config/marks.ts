/**
 * What became of a slot that was written on trial: a log behind its text (FORMAT.md), one unit of flash a mark, each written
 * once. A mark that the power cut off reads as damaged, counts as a restart, and the next unit is taken: nothing is programmed twice.
 */
import { crc32 } from "../base/crc32.js";
import type { Bytes, Flash } from "../device.js";
import { unitBytes } from "./slot.js";

/** Of a slot, where they begin; the text ends before. */
export const marksAt = 3_840;
const units = 16;
/** Restarts that a trial outlasts: with the next one it is over. */
export const trialBootsMax = 3;

/** Why a trial was undone. `time`: nobody has acknowledged it in time. `hand`: somebody wanted it so. `restarts`: the board restarted too often. `join`: the network was not to be joined. */
export type UndoReason = "time" | "hand" | "restarts" | "join";

const reasons: readonly UndoReason[] = Object.freeze(["time", "hand", "restarts", "join"] as const);
const kinds = Object.freeze({ boot: 1, kept: 2, undone: 16 });

export interface Marks {
  readonly state: "pending" | "kept" | "undone";
  readonly reason: UndoReason | undefined;
  /** Restarts during the trial. */
  readonly boots: number;
  /** Where the next mark goes. */
  readonly next: number;
}

/** `slotAt`: where the slot begins. Each byte is read once. */
export function readMarks(flash: Flash, slotAt: number): Marks {
  const unit = new Uint8Array(unitBytes);
  let boots = 0;
  let next = 0;
  for (; next < units; next++) {
    flash.read(unit, slotAt + marksAt + next * unitBytes);
    const kind = kindOf(unit);
    if (kind === blank) break;
    if (kind === kinds.kept) return { state: "kept", reason: undefined, boots, next: next + 1 };
    if (kind >= kinds.undone) return { state: "undone", reason: reasons[kind - kinds.undone] ?? "hand", boots, next: next + 1 };
    boots++;
  }
  const over = next === units || boots > trialBootsMax;
  return { state: over ? "undone" : "pending", reason: over ? "restarts" : undefined, boots, next };
}

const blank = 0;
const damaged = 15;

function kindOf(unit: Bytes): number {
  if (unit.every((byte) => byte === 0xff)) return blank;
  const view = new DataView(unit.buffer);
  return unit[0] === 0x4d && view.getUint32(12, true) === crc32(unit, 0, 12) ? unit[1]! : damaged;
}

/** Where the log is full, nothing is written: the trial is over then. */
export function writeMark(flash: Flash, slotAt: number, { next }: Marks, what: "boot" | "kept" | UndoReason): void {
  if (next >= units) return;
  const unit = new Uint8Array(unitBytes).fill(0xff);
  unit[0] = 0x4d;
  unit[1] = what === "boot" || what === "kept" ? kinds[what] : kinds.undone + reasons.indexOf(what);
  new DataView(unit.buffer).setUint32(12, crc32(unit, 0, 12), true);
  flash.write(unit, slotAt + marksAt + next * unitBytes);
}
