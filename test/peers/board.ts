/** What the uplink needs of a board, on real time and real sockets: every callback comes from one queue, as on a board. */
import { randomFillSync } from "node:crypto";
import { performance } from "node:perf_hooks";
import type { Device } from "../../firmware/device.js";
import { tcpClass } from "../../host-sim/node/tcp.js";

export type UplinkDevice = Pick<Device, "TCP" | "resolve" | "clock" | "timers" | "random">;

export interface RealBoard {
  readonly device: UplinkDevice;
  /** Errors thrown by callbacks: there must be none. */
  readonly thrown: unknown[];
}

/** Names resolve through `names` only; time runs `speed` times as fast for the firmware as for the world. */
export function realBoard(names: Readonly<Record<string, string>> = {}, speed = 1): RealBoard {
  const thrown: unknown[] = [];
  let inside = false;
  const later = (callback: () => void) =>
    setImmediate(() => {
      if (inside) thrown.push(new Error("a callback ran inside another"));
      inside = true;
      try {
        callback();
      } catch (error) {
        thrown.push(error);
      }
      inside = false;
    });
  const start = performance.now();
  return {
    thrown,
    device: {
      TCP: tcpClass(later),
      resolve: (name, onResolved) => later(() => onResolved(names[name])),
      clock: { nowMs: () => Math.floor((performance.now() - start) * speed) },
      timers: {
        set(callback, delayMs) {
          const timer = { cleared: false, handle: undefined as NodeJS.Timeout | undefined };
          // Node may fire a millisecond early.
          const waitMs = Math.ceil(delayMs / speed) + 1;
          timer.handle = setTimeout(() => later(() => timer.cleared || callback()), waitMs);
          return timer;
        },
        clear(timer) {
          const set = timer as { cleared: boolean; handle: NodeJS.Timeout };
          set.cleared = true;
          clearTimeout(set.handle);
        },
      },
      random: (into) => void randomFillSync(into),
    },
  };
}
