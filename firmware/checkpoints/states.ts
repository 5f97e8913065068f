/**
 * States of stages that outlive restarts: each a bounded list of numbers, in key-value storage. They are
 * written in rounds, one state a turn of the thread, not those that are as they were written; the first round
 * comes as long after the start as the others after each other (`roundMs`), so that a board which
 * restarts again and again wears nothing out; once more at an orderly stop. A power cut at any instant
 * leaves for each state one that it once had, and none older than a round, its own duration and the second that
 * the thread may be late. Between rounds nothing is done, and nothing at all for a sample.
 *
 * A state is found by its channel and stage, and used when it also means the same: unit, source and all
 * parameters up to its stage. If not, or if it is damaged, it is counted and begun anew. Keys of states
 * that the app has no more are deleted in the first round; a list of those in use (`index`) remembers them.
 *
 * Storage that fails or is full is counted, never thrown; the next round tries again. A write holds the thread up
 * for 0.3 ms an entry, old and new: 1.5 ms for a short state, 65 ms for the longest, and 45 ms more when
 * NVS erases a page.
 */
import { crc32 } from "../base/crc32.js";
import { invariant } from "../base/invariant.js";
import type { Device, KeyValueStore, Timer } from "../device.js";
import { limits } from "../limits.js";
import { hashOf, hex, markOf } from "./names.js";
import { entriesOf, roundMs, valueBytesMax } from "./room.js";
import { frameBytes, StateBytes } from "./state-entry.js";

/** The namespace in NVS. */
export const namespace = "mote.states";
export const indexKey = "index";

export interface StateCounts {
  /** States taken over from before the restart. */
  restored: number;
  /** States that were there and could not be used: damaged, of another meaning, or of a time that was lost with the power. */
  refused: number;
  /** Openings, reads, writes and deletes that the storage refused. */
  failures: number;
}

interface Slot {
  readonly hash: number;
  readonly mark: number;
  readonly bytes: number;
  readonly walk: (state: StateBytes) => void;
  /** CRC-32 of what was written last; −1 when that is not known. */
  written: number;
}

/** A class: its methods stay in flash. Nothing of the storage is touched before the first state is opened. */
export class States {
  readonly counts: StateCounts = { restored: 0, refused: 0, failures: 0 };
  private readonly device: Device;
  private readonly everyMs: number;
  private readonly timeLost: boolean;
  private readonly slots: Slot[] = [];
  private store: KeyValueStore | undefined;
  private entries = 0;
  /** Which one is written next. */
  private next = 0;
  /** The list of keys in use is the one in the storage. */
  private listed = false;
  private timer: Timer;
  private stopped = false;

  constructor(device: Device, everyMs: number) {
    this.device = device;
    this.everyMs = everyMs;
    const { resetReason } = device.power;
    // Only these keep the power, so that the pause is some seconds.
    this.timeLost = resetReason !== "software" && resetReason !== "panic" && resetReason !== "watchdog";
  }

  /** How often each is written, ms. */
  get everyRoundMs(): number {
    return roundMs(this.everyMs, this.entries);
  }

  /**
   * Restores what `walk` goes over, if there is something to be trusted, and keeps it from now on. `name` tells
   * states apart, and is the same after a restart; `meaning` is whatever makes their numbers mean something else. With
   * `needsTime` nothing is restored when the power was lost, because nobody knows for how long.
   */
  open(name: string, meaning: string, bytes: number, walk: (state: StateBytes) => void, needsTime: boolean): void {
    invariant(this.slots.length < limits.statesMax && bytes + frameBytes <= valueBytesMax, "channels were checked for their states");
    const slot: Slot = { hash: hashOf(name), mark: markOf(meaning), bytes, walk, written: -1 };
    this.slots.push(slot);
    this.entries += entriesOf(bytes + frameBytes);
    this.restore(slot, needsTime);
    this.clear();
    this.wait(this.everyRoundMs);
  }

  /** The orderly end: writes what is not written (blocking, 0.4 s at most) and lets go. */
  stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    this.clear();
    if (this.slots.length > 0 && this.list()) for (const slot of this.slots) this.write(slot);
    this.store?.close();
  }

  private storage(): KeyValueStore {
    this.store ??= this.device.keyValue.open({ path: namespace });
    return this.store;
  }

  private restore(slot: Slot, needsTime: boolean): void {
    let stored: ArrayBuffer | undefined;
    try {
      stored = this.storage().read(keyOf(slot.hash));
    } catch {
      this.counts.failures += 1;
    }
    if (stored === undefined) return;
    const { mark, bytes, walk } = slot;
    if (!(needsTime && this.timeLost) && StateBytes.take(stored, mark, bytes, this.timeLost, walk)) this.counts.restored += 1;
    else this.counts.refused += 1;
  }

  private wait(delayMs: number): void {
    this.timer = this.device.timers.set(() => this.turn(), delayMs);
  }

  private clear(): void {
    if (this.timer !== undefined) this.device.timers.clear(this.timer);
    this.timer = undefined;
  }

  /** Of a round: one state, or the list. */
  private turn(): void {
    this.timer = undefined;
    if (!this.listed) {
      this.wait(this.list() ? 0 : this.everyRoundMs);
      return;
    }
    this.write(this.slots[this.next]!);
    this.next += 1;
    const more = this.next < this.slots.length;
    if (!more) this.next = 0;
    this.wait(more ? 0 : this.everyRoundMs);
  }

  private write(slot: Slot): void {
    const entry = StateBytes.entry(slot.mark, slot.bytes, slot.walk);
    // Not over its own CRC: that makes all alike.
    const crc = crc32(entry, 0, entry.length - 4);
    if (crc === slot.written) return;
    slot.written = -1;
    try {
      this.storage().write(keyOf(slot.hash), entry);
      slot.written = crc;
    } catch {
      this.counts.failures += 1;
    }
  }

  /** Before the first state is written: drops those that the app has no more, and lists those that it has. False when the storage fails. */
  private list(): boolean {
    if (this.listed) return true;
    try {
      const store = this.storage();
      const { slots } = this;
      const stored = store.read(indexKey);
      const old = new DataView(stored ?? new ArrayBuffer(0));
      const count = old.byteLength >> 2;
      let same = count === slots.length;
      for (let i = 0; i < count; i += 1) {
        const hash = old.getUint32(4 * i, true);
        same = same && slots[i]!.hash === hash;
        if (slots.every((slot) => slot.hash !== hash)) store.delete(keyOf(hash));
      }
      if (!same) {
        const list = new DataView(new ArrayBuffer(4 * slots.length));
        for (let i = 0; i < slots.length; i += 1) list.setUint32(4 * i, slots[i]!.hash, true);
        store.write(indexKey, new Uint8Array(list.buffer));
      }
      this.listed = true;
    } catch {
      this.counts.failures += 1;
    }
    return this.listed;
  }
}

/** `s` and eight hex digits. */
/** Of the state with that name. */
export function stateKey(name: string): string {
  return keyOf(hashOf(name));
}

export function keyOf(hash: number): string {
  return "s" + hex(hash);
}
