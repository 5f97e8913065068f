/**
 * Running totals that outlive restarts: each by its name, in key-value storage. A total is written at most
 * once in `everyMs`, not at all while it stays the same, and once more at an orderly stop;
 * for the first time that long after it was opened, so that a board which restarts again and again wears
 * nothing out. A power cut at any instant leaves a value that was kept, and the last of those kept
 * `everyMs` before the cut (and the second that the thread may be late) or a later one.
 *
 * Writes are done from a timer, one a turn of the thread, so that no sample waits for more than one: 2 ms,
 * and 45 ms each time that NVS erases a page, which is after 42 writes. Wear: `limits.totalsMax` totals
 * that change all the time, each written every five minutes, are 16 × 288 writes of 3 entries a day, which fill 110 pages of 126 entries.
 * NVS lets pages rest on which something rests; if two of its six do (the radio keeps its settings there),
 * each of the others is erased 27 times a day, and the 100,000 times that flash chips are sold for last ten
 * years. One total alone: 160.
 *
 * Storage that fails or is full is counted, never thrown: totals then run in RAM, and each is tried again
 * when its next turn comes. Totals of names that no app uses any more stay: NVS has room for some 200 in all.
 */
import type { Device, KeyValueStore, Timer } from "../device.js";
import { limits } from "../limits.js";
import { markOf } from "./names.js";
import { entryBytes, keyOf, readEntry, writeEntry } from "./total-entry.js";

/** The namespace in NVS. */
export const namespace = "mote.totals";

export interface Total {
  /** What was kept last, bit by bit; undefined when there is nothing that can be trusted. Asks the storage each time. */
  restore(): number | undefined;
  /** Takes note of a finite number. Cheap: called with each sample. */
  keep(x: number): void;
}

export interface Totals {
  /**
   * The total of that name; to be called once for each. The name is all that tells totals apart: whatever
   * changes what the number means (channel, place in it, unit) belongs into it. Beyond `limits.totalsMax`
   * a total is not kept, and counted as failed.
   */
  open(name: string): Total;
  /** Openings, reads and writes that the storage refused since boot. */
  readonly failures: number;
  /** The orderly end: writes what is not written yet (blocking, 0.2 s at most) and lets go. What is kept after it is not. */
  stop(): void;
}

interface Slot {
  readonly key: string;
  readonly mark: number;
  x: number;
  /** What was written last, or tried; undefined when that is not known. */
  written: number | undefined;
  waiting: boolean;
  /** When it may be written next. */
  nextMs: number;
}

/** Nothing of the storage is touched before the first total is opened. `everyMs`: how often each may be written, above 0. */
export function totals(device: Device, everyMs: number): Totals {
  const slots: Slot[] = [];
  const bytes = new Uint8Array(entryBytes);
  let store: KeyValueStore | undefined;
  let failures = 0;
  let stopped = false;
  let timer: Timer;
  let timerMs = Infinity;

  function storage(): KeyValueStore {
    if (store === undefined) store = device.keyValue.open({ path: namespace });
    return store;
  }

  /** One turn: writes the slot that waits longest, if it is due, and sees to the next. */
  function turn(): void {
    timerMs = Infinity;
    const due = earliest();
    if (due !== undefined && due.nextMs <= device.clock.nowMs()) write(due);
    schedule();
  }

  function earliest(): Slot | undefined {
    let first: Slot | undefined;
    for (let index = 0; index < slots.length; index += 1) {
      const slot = slots[index]!;
      if (slot.waiting && (first === undefined || slot.nextMs < first.nextMs)) first = slot;
    }
    return first;
  }

  function schedule(): void {
    const next = earliest();
    if (next === undefined || next.nextMs >= timerMs) return;
    if (timerMs < Infinity) device.timers.clear(timer);
    timerMs = next.nextMs;
    const delayMs = timerMs - device.clock.nowMs();
    timer = device.timers.set(turn, delayMs > 0 ? delayMs : 0);
  }

  function write(slot: Slot): void {
    slot.waiting = false;
    if (Object.is(slot.x, slot.written)) return;
    slot.nextMs = device.clock.nowMs() + everyMs;
    writeEntry(bytes, slot.mark, slot.x);
    try {
      storage().write(slot.key, bytes);
      slot.written = slot.x;
    } catch {
      failures += 1;
      slot.written = undefined;
      slot.waiting = true;
    }
  }

  return {
    get failures() {
      return failures;
    },
    open(name) {
      if (slots.length >= limits.totalsMax) {
        failures += 1;
        return { restore: () => undefined, keep() {} };
      }
      const nextMs = device.clock.nowMs() + everyMs;
      const slot: Slot = { key: keyOf(name), mark: markOf(name), x: 0, written: undefined, waiting: false, nextMs };
      slots.push(slot);
      return {
        restore() {
          try {
            const stored = storage().read(slot.key);
            if (stored !== undefined) slot.written = readEntry(stored, slot.mark);
          } catch {
            failures += 1;
          }
          return slot.written;
        },
        keep(x) {
          slot.x = x;
          if (slot.waiting || stopped || Object.is(x, slot.written)) return;
          slot.waiting = true;
          schedule();
        },
      };
    },
    stop() {
      stopped = true;
      if (timerMs < Infinity) device.timers.clear(timer);
      timerMs = Infinity;
      for (let index = 0; index < slots.length; index += 1) if (slots[index]!.waiting) write(slots[index]!);
      store?.close();
    },
  };
}
