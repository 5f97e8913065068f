/** `embedded:io/analog` (ECMA-419 10.3) of the board that runs just now. */
import type { Analog as DeviceAnalog, AnalogOptions } from "../../firmware/device.js";
import { board } from "./board.js";

export default class Analog {
  readonly #io: DeviceAnalog;

  constructor(options: AnalogOptions) {
    this.#io = new (board().device.Analog)({ pin: options.pin });
  }

  /** Raw counts; undefined when the converter fails. */
  read(): number | undefined {
    return this.#io.read();
  }

  get resolution(): number {
    return this.#io.resolution;
  }

  get format(): string {
    return "number";
  }

  close(): void {
    this.#io.close();
  }
}
