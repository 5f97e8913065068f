/** Boards with power in one world, and handlers run on their threads: what the ECMA-419 modules stand on. */
import { aboard, runningBoard, trace } from "../../../host-sim/ecma419/ambient.js";
import { attach } from "../../../host-sim/ecma419/board.js";
import { boards } from "../../../firmware/boards/board.js";
import { nodeCrypto } from "../../../host-sim/node/crypto.js";
import { SimulatedBoard } from "../../../host-sim/world/board.js";
import { Lan } from "../../../host-sim/world/lan.js";
import { random } from "../../../host-sim/world/random.js";
import { Scheduler } from "../../../host-sim/world/scheduler.js";
import { AccessPoint } from "../../../host-sim/world/wifi.js";

export function world() {
  attach({ running: runningBoard, trace });
  const scheduler = new Scheduler();
  const lines: { us: number; board: string; what: string; [field: string]: unknown }[] = [];
  const shared = {
    scheduler,
    lan: new Lan(),
    accessPoint: new AccessPoint("mote", "simulated"),
    random: random(1),
    traceSink: { line: (text: string) => void lines.push(JSON.parse(text) as (typeof lines)[number]) },
    crypto: nodeCrypto,
  };
  let index = 0;
  return {
    scheduler,
    lines,
    /** One with its power on. */
    board(board = boards.esp32 as (typeof boards)[keyof typeof boards]): SimulatedBoard {
      const made = new SimulatedBoard(shared, { board, index: index++ });
      made.powerOn("power-on");
      made.cpu.post(() => aboard(made.device));
      return made;
    },
    /** Runs `handler` on a board's thread at `ms`. */
    at(ms: number, on: SimulatedBoard, handler: () => void): void {
      scheduler.at(ms * 1000, () => on.cpu.post(handler));
    },
    until(ms: number): void {
      scheduler.runUntil(ms * 1000);
    },
  };
}
