/** The board's LED, blinking for a while so that a person sees which board it is. Its pin is let go afterwards. */
import type { Device, Digital, Timer } from "../device.js";
import { limits } from "../limits.js";

/** A class, since its methods stay in flash. */
export class Blinker {
  private readonly device: Pick<Device, "board" | "Digital" | "timers">;
  private pin: Digital | undefined;
  private timer: Timer;
  private left = 0;

  constructor(device: Pick<Device, "board" | "Digital" | "timers">) {
    this.device = device;
  }

  /** Again while it blinks: longer. False where there is no LED, or the app has its pin. */
  blink(): boolean {
    const { board, Digital, timers } = this.device;
    if (board.led === undefined) return false;
    this.left = limits.identifyMs / limits.blinkMs;
    if (this.pin !== undefined) return true;
    try {
      this.pin = new Digital({ pin: board.led, mode: Digital.Output, initialValue: 0 });
    } catch {
      return false;
    }
    this.timer = timers.set(() => this.turn(), limits.blinkMs);
    return true;
  }

  stop(): void {
    this.device.timers.clear(this.timer);
    this.pin?.write(0);
    this.pin?.close();
    this.pin = undefined;
  }

  private turn(): void {
    this.left--;
    if (this.left <= 0) return this.stop();
    this.pin?.write(this.left % 2 === 1 ? 1 : 0);
    this.timer = this.device.timers.set(() => this.turn(), limits.blinkMs);
  }
}
