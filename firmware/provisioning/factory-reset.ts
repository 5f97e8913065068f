/**
 * Forgets all that a board knows but its secret, and the guesses at it. It is asked for in flash, and done at the start of
 * the boot that follows, before anything else is opened; a power cut in the middle has the next boot begin it again.
 */
import { partition as settings } from "../config/store.js";
import type { Flash, FlashStorage, KeyValueStorage } from "../device.js";
import { namespace } from "./window.js";

const key = "reset";
/** The journal's partition: samples are as personal as passwords. */
const partitions: readonly string[] = Object.freeze([settings, "journal"]);

/** A storage that refuses leaves the board as it is. */
export function askForReset(storage: KeyValueStorage): void {
  write(storage, true);
}

/** True: everything was erased. Blocks for 45 ms a sector then, some 6 s for 512 KiB, once. */
export function resetWhereAsked(device: { readonly keyValue: KeyValueStorage; readonly flash: FlashStorage }): boolean {
  if (!isAsked(device.keyValue)) return false;
  for (const path of partitions) {
    try {
      const flash = device.flash.open({ path, mode: "r+" });
      const { blocks } = flash.status();
      for (let block = 0; block < blocks; block++) erase(flash, block);
      flash.close();
    } catch {
      // There is no such partition.
    }
  }
  return true;
}

/** One that cannot be erased is the next owner's to see; the others are erased. */
function erase(flash: Flash, block: number): void {
  try {
    flash.eraseBlock(block);
  } catch {
    // See above.
  }
}

/** All of it is forgotten: the next boot is an ordinary one. */
export function resetDone(storage: KeyValueStorage): void {
  write(storage, false);
}

function isAsked(storage: KeyValueStorage): boolean {
  try {
    const store = storage.open({ path: namespace, mode: "r" });
    const asked = store.read(key) !== undefined;
    store.close();
    return asked;
  } catch {
    return false;
  }
}

function write(storage: KeyValueStorage, asked: boolean): void {
  try {
    const store = storage.open({ path: namespace, mode: "r+" });
    if (asked) store.write(key, Uint8Array.of(1));
    else store.delete(key);
    store.close();
  } catch {
    // Told by nothing having happened.
  }
}
