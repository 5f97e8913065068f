/** What the device contract needs of an adapter: a device, its loop, and a place where nobody listens. */
import type { Device } from "../../firmware/device.js";

export interface DeviceAdapter {
  readonly device: Device;
  /** Runs `handler` as the firmware runs, on the board's loop, and returns its result. */
  on<Value>(handler: () => Value): Promise<Value>;
  /** Lets the board's time go by, as if on the clock on the wall. */
  pass(ms: number): Promise<void>;
  /** Milliseconds of a clock that is not the device's, for both to be compared. */
  otherClockMs(): number;
  /** An address and port where a connection is refused. */
  readonly nobody: { address: string; port: number };
  /** A partition that may be erased and written, or undefined where there is no flash: why. */
  readonly partition: { path: string } | { without: string };
  /** Why there is no I²C, or undefined where there is. */
  readonly withoutI2C?: string;
  /** Why there is no Bluetooth, or undefined where there is. */
  readonly withoutBluetooth?: string;
}
