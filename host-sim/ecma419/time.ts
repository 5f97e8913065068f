/** The SDK's `time` module, as far as drivers use it: the millisecond counter, which wraps at 32 bits. */
import { board } from "./board.js";

const ticks = (): number => board().device.clock.nowMs() | 0;

const Time = {
  /** Milliseconds, signed 32 bits. */
  get ticks(): number {
    return ticks();
  },

  /** From `start` to `end`, or to now, ms, also across a wrap. */
  delta: (start: number, end: number = ticks()): number => (end - start) | 0,
};

export default Time;
