/** The board's button, which pulls its pin low: a press that lasts, told once. Contacts that bounce, and a button that is stuck, are no second press. */
import type { Device, Digital, Timer } from "../device.js";
import { limits } from "../limits.js";

/** A class, since its methods stay in flash. */
export class Button {
  private readonly device: Pick<Device, "timers">;
  private readonly pin: Digital;
  private readonly onPress: () => void;
  private timer: Timer;
  private waiting = false;
  private down = false;

  /** Throws when the pin cannot be had. */
  constructor(device: Pick<Device, "board" | "Digital" | "timers">, onPress: () => void) {
    const { Digital, board } = device;
    this.device = device;
    this.onPress = onPress;
    this.pin = new Digital({
      pin: board.button,
      mode: Digital.InputPullUp,
      edge: Digital.Falling + Digital.Rising,
      onReadable: () => this.edge(),
    });
  }

  stop(): void {
    this.device.timers.clear(this.timer);
    this.pin.close();
  }

  private edge(): void {
    if (this.waiting) return;
    this.waiting = true;
    this.timer = this.device.timers.set(() => this.settled(), limits.buttonMs);
  }

  private settled(): void {
    this.waiting = false;
    const down = this.pin.read() === 0;
    const pressed = down && !this.down;
    this.down = down;
    if (pressed) this.onPress();
  }
}
