/** What ecma419/board.ts is on Node: the board under an app's ECMA-419 modules. A machine has one board, its own. */
import type { RunningBoard } from "../ecma419/board.js";
import { device } from "./device.js";
import { operation } from "./operations.js";

const own: RunningBoard = {
  device,
  delay(ms) {
    hostCall(operation.delay, ms);
  },
};

export function board(): RunningBoard {
  return own;
}

export function say(text: string): void {
  hostCall(operation.trace, text);
}
