/**
 * What key-value storage holds, and how often what is in it may be written. NVS is a log of entries of 32
 * bytes in six pages of 126; a value takes its bytes' entries and two more. One page is always free, and
 * two are left to the radio's own values, so all that stages keep shares three.
 *
 * Room: a page makes way for a new value of e entries when at most 126 − e of its entries still hold. So
 * that there is such a page wherever the values lie, values of more than 126 − e entries may have
 * at most two of the three pages, and the others together at most 126 − e entries for each page left. NVS itself
 * may split a value over pages; nothing here relies on it. Altogether they take at most `entriesMax`, half of the
 * three pages, so that a page that is erased gives back half of its entries or more.
 *
 * Wear: states are written in rounds, at most once in `everyMs`, and with many or long ones less often: a
 * round takes 12.5 s for each entry, which makes 6,912 entries a day, half of what 16 totals write in five
 * minutes each. docs/decisions/checkpoints.md has what that wears.
 */
import { limits } from "../limits.js";
import { entryBytes as totalBytes } from "./total-entry.js";

const pageEntries = 126;
const entryBytes = 32;
const ownPages = 3;
const entriesMax = 189;
const entryMs = 12_500;

/** The longest value, bytes: one page. */
export const valueBytesMax = (pageEntries - 2) * entryBytes;

/** Of a value of so many bytes. */
export function entriesOf(bytes: number): number {
  return 2 + Math.ceil(bytes / entryBytes);
}

/** All that an app keeps. */
export interface Kept {
  totals: number;
  /** Bytes of each state's value. */
  readonly states: number[];
}

/** What is wrong with it, and what would be right; undefined when all of it can be kept and written anew, again and again. */
export function roomMistake({ totals, states }: Kept): string | undefined {
  if (states.length === 0) return undefined;
  if (states.length > limits.statesMax) {
    return `with its stages ${states.length} keep their state over a restart, at most ${limits.statesMax} can: choose restore: false for some`;
  }
  let bytes = 0;
  let longest = 0;
  for (const each of states) {
    bytes += each;
    if (each > longest) longest = each;
  }
  if (longest <= valueBytesMax && haveRoom(entriesOfAll(totals, states))) return undefined;
  const size = `with its stages, what all keep over a restart is ${bytes} bytes in ${states.length} states (the longest ${longest})`;
  return `${size}, more than the board's storage has room for: choose restore: false for one of them, or shorter ones`;
}

/** Of each value, and of what the storage needs beside them: a name for each kind, the list of states. */
function entriesOfAll(totals: number, states: readonly number[]): number[] {
  const all = [1, entriesOf(4 * states.length)];
  if (totals > 0) all.push(1);
  for (let i = 0; i < totals; i++) all.push(entriesOf(totalBytes));
  for (const bytes of states) all.push(entriesOf(bytes));
  return all;
}

/** Whether values of so many entries each find room wherever they lie. */
export function haveRoom(values: readonly number[]): boolean {
  let greatest = 0;
  let sum = 0;
  for (const entries of values) {
    sum += entries;
    if (entries > greatest) greatest = entries;
  }
  const beside = pageEntries - greatest;
  let great = 0;
  let small = 0;
  for (const entries of values) {
    if (entries > beside) great += 1;
    else small += entries;
  }
  // Two values that need a page each may be more than half of the pages: they are gone from theirs when these are erased.
  return great < ownPages && small <= (ownPages - great) * beside && (great === 2 || sum <= entriesMax);
}

/** How often the states of an app are written, ms, where they take so many entries together: in the fullest app every 46 minutes. */
export function roundMs(everyMs: number, entries: number): number {
  const leastMs = entries * entryMs;
  return everyMs > leastMs ? everyMs : leastMs;
}
