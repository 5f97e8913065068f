/**
 * When a board lets itself be configured: the window opens by a press of its button, or at a power-up while nothing is set,
 * and closes by time. A restart that somebody with a session asked for hands on what was left of it, in key-value storage.
 */
import type { Clock, KeyValueStorage, Timer, Timers } from "../device.js";
import { limits } from "../limits.js";

/** Namespace of all that provisioning keeps. */
export const namespace = "mote.ble";
const key = "window";

export interface WindowDevice {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly keyValue: KeyValueStorage;
}

/** A class, since its methods stay in flash. */
export class Window {
  private readonly device: WindowDevice;
  private readonly onChanged: (open: boolean) => void;
  private timer: Timer;
  private endsMs = -1;

  constructor(device: WindowDevice, onChanged: (open: boolean) => void) {
    this.device = device;
    this.onChanged = onChanged;
  }

  get isOpen(): boolean {
    return this.endsMs >= 0;
  }

  /** Until it closes, s. */
  get leftS(): number {
    return this.isOpen ? Math.ceil((this.endsMs - this.device.clock.nowMs()) / 1000) : 0;
  }

  /** For so long from now, and never shorter than it already was. */
  open(forMs: number): void {
    const { clock, timers } = this.device;
    const endsMs = clock.nowMs() + forMs;
    if (endsMs <= this.endsMs) return;
    const wasOpen = this.isOpen;
    this.endsMs = endsMs;
    timers.clear(this.timer);
    this.timer = timers.set(() => this.close(), forMs);
    if (!wasOpen) this.onChanged(true);
  }

  close(): void {
    if (!this.isOpen) return;
    this.endsMs = -1;
    this.device.timers.clear(this.timer);
    this.onChanged(false);
  }

  /** The next boot opens it again. Where the flash does not take it, the button does. */
  handOn(): void {
    const leftS = this.leftS * 1000 > limits.windowAgainMs ? this.leftS : limits.windowAgainMs / 1000;
    write(this.device.keyValue, Uint8Array.of(leftS & 0xff, leftS >> 8));
  }

  stop(): void {
    this.device.timers.clear(this.timer);
    this.endsMs = -1;
  }
}

/** At boot: for how long the boot before wants it open again, ms; 0: not at all. It is said once. */
export function takeOver(storage: KeyValueStorage): number {
  let forMs = 0;
  try {
    const store = storage.open({ path: namespace, mode: "r", format: "buffer" });
    const stored = store.read(key);
    store.close();
    if (stored === undefined) return 0;
    const bytes = new Uint8Array(stored);
    if (bytes.length === 2) forMs = (bytes[0]! + 256 * bytes[1]!) * 1000;
  } catch {
    // Nobody has ever written there.
    return 0;
  }
  write(storage, undefined);
  return forMs <= limits.windowMs ? forMs : 0;
}

function write(storage: KeyValueStorage, bytes: Uint8Array<ArrayBuffer> | undefined): void {
  try {
    const store = storage.open({ path: namespace, mode: "r+", format: "buffer" });
    if (bytes === undefined) store.delete(key);
    else store.write(key, bytes);
    store.close();
  } catch {
    // Without it the window stays closed, and the button opens it.
  }
}
