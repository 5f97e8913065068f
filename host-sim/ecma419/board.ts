/**
 * The board that runs just now, for the ECMA-419 modules of an app on Node, where many boards share
 * them: whoever loads an app tells here how to find it. On XS, where each board has a machine of its
 * own, xs/own-board.ts stands in its place.
 */
import type { Device } from "../../firmware/device.js";

export interface RunningBoard {
  readonly device: Device;
  /** Blocks the board's thread, ms. */
  delay(ms: number): void;
}

export interface Surroundings {
  /** Undefined while none runs. */
  running(): RunningBoard | undefined;
  /** A line, or part of one, for the developer. */
  trace(text: string): void;
}

let surroundings: Surroundings = { running: () => undefined, trace() {} };

export function attach(found: Surroundings): void {
  surroundings = found;
}

export function board(): RunningBoard {
  const found = surroundings.running();
  if (found === undefined) {
    throw new Error("no board runs while an app's files are loaded: use timers, pins and the bus within a driver");
  }
  return found;
}

export function say(text: string): void {
  surroundings.trace(text);
}
