/**
 * Wrong secrets, counted in key-value storage: one byte, how many there were. A guess is safe in flash before anybody looks
 * at it, so that neither a restart nor a power cut gives one back. Storage that fails, or holds anything else, allows none.
 */
import type { KeyValueStorage, KeyValueStore } from "../device.js";
import { limits } from "../limits.js";
import type { Guesses } from "./contract.js";

const key = "guesses";

export class KeptGuesses implements Guesses {
  private readonly storage: KeyValueStorage;

  constructor(storage: KeyValueStorage) {
    this.storage = storage;
  }

  /** Reads the storage each time: 50 µs. */
  get left(): number {
    return limits.guessesMax - this.used();
  }

  begin(): boolean {
    const used = this.used();
    return used < limits.guessesMax && this.write(used + 1);
  }

  takeBack(): void {
    const used = this.used();
    if (used > 0) this.write(used - 1);
  }

  clear(): void {
    if (this.used() > 0) this.write(0);
  }

  private used(): number {
    let store: KeyValueStore | undefined;
    try {
      store = this.open();
      const kept = store.read(key);
      if (kept === undefined) return 0;
      const bytes = new Uint8Array(kept);
      return bytes.length === 1 && bytes[0]! < limits.guessesMax ? bytes[0]! : limits.guessesMax;
    } catch {
      return limits.guessesMax;
    } finally {
      store?.close();
    }
  }

  private write(used: number): boolean {
    let store: KeyValueStore | undefined;
    try {
      store = this.open();
      store.write(key, new Uint8Array([used]));
      return true;
    } catch {
      return false;
    } finally {
      store?.close();
    }
  }

  private open(): KeyValueStore {
    return this.storage.open({ path: "mote.ble", mode: "r+", format: "buffer" });
  }
}
