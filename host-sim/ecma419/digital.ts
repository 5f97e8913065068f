/**
 * `embedded:io/digital` (ECMA-419 10.4) of the board that runs just now. Modes are numbered here as the
 * SDK numbers them, and handed on by name: a Device may number its own otherwise.
 */
import type { Digital as DeviceDigital, DigitalConstructor, DigitalOptions } from "../../firmware/device.js";
import { board } from "./board.js";

type Mode = "Input" | "InputPullUp" | "InputPullDown" | "Output" | "OutputOpenDrain";

export default class Digital {
  static readonly Input = 0;
  static readonly InputPullUp = 1;
  static readonly InputPullDown = 2;
  static readonly Output = 8;
  static readonly OutputOpenDrain = 9;
  static readonly Rising = 1;
  static readonly Falling = 2;
  readonly #io: DeviceDigital;

  constructor(options: DigitalOptions) {
    const Pin: DigitalConstructor = board().device.Digital;
    const { mode, edge, onReadable, initialValue } = options;
    const named: DigitalOptions = { pin: options.pin, mode: Pin[modeOf(mode)] };
    if (edge !== undefined) named.edge = (edge & Digital.Rising ? Pin.Rising : 0) + (edge & Digital.Falling ? Pin.Falling : 0);
    // ECMA-419 calls it as a method of the instance.
    if (onReadable !== undefined) named.onReadable = () => onReadable.call(this);
    if (initialValue !== undefined) named.initialValue = initialValue ? 1 : 0;
    this.#io = new Pin(named);
  }

  read(): number {
    return this.#io.read();
  }

  write(value: number | boolean): void {
    this.#io.write(value ? 1 : 0);
  }

  get format(): string {
    return "number";
  }

  close(): void {
    this.#io.close();
  }
}

const modes: readonly Mode[] = ["Input", "InputPullUp", "InputPullDown", "Output", "OutputOpenDrain"];

function modeOf(mode: number): Mode {
  const found = modes.find((name) => Digital[name] === mode);
  if (found === undefined)
    throw new RangeError(`a digital pin has no mode ${mode}: it is one of Digital.Input, Digital.Output and their kin`);
  return found;
}
