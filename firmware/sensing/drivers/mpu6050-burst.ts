/** One axis of an MPU-6050 as a burst: turns what stood in the chip's FIFO into accelerations. */
import type { Bytes } from "../../device.js";
import type { Burst } from "../driver.js";

export class AxisBurst implements Burst {
  /** Grows with the longest burst there has been, and is not shortened. */
  readonly values: number[] = [];
  count = 0;
  readonly periodMs: number;
  lost = 0;

  constructor(periodMs: number) {
    this.periodMs = periodMs;
  }

  /** Puts 16-bit numbers in two's complement, the higher byte first, at `at` and each `step` bytes after it, times `unit`, to places `to` and on. */
  take(bytes: Bytes, at: number, step: number, unit: number, to: number): void {
    const { values } = this;
    const length = bytes.length;
    let x = 0;
    for (; at < length; at += step) {
      x = (((bytes[at]! << 24) >> 16) | bytes[at + 1]!) * unit;
      if (to < values.length) values[to] = x;
      else values.push(x);
      to++;
    }
  }
}
