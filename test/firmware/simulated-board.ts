/** A board in a world of its own whose timers and open I/O are counted, so that a test can see what is left running. */
import { boards } from "../../firmware/boards/board.js";
import type { Device } from "../../firmware/device.js";
import { nodeCrypto } from "../../host-sim/node/crypto.js";
import { SimulatedBoard } from "../../host-sim/world/board.js";
import { Lan } from "../../host-sim/world/lan.js";
import { random } from "../../host-sim/world/random.js";
import { Scheduler } from "../../host-sim/world/scheduler.js";
import { AccessPoint } from "../../host-sim/world/wifi.js";

export interface Line {
  readonly us: number;
  readonly what: string;
  readonly [field: string]: unknown;
}

export function simulatedBoard(seed = 1, ticksAtBoot = 0) {
  const scheduler = new Scheduler();
  const draws = random(seed);
  const lan = new Lan();
  const accessPoint = new AccessPoint("attic", "swordfish");
  const lines: Line[] = [];
  const traceSink = { line: (text: string) => void lines.push(JSON.parse(text) as Line) };
  const board = new SimulatedBoard(
    { scheduler, lan, accessPoint, random: draws, traceSink, crypto: nodeCrypto },
    { board: boards.esp32, index: 0, ticksAtBoot },
  );
  board.powerOn("power-on");
  const timers = new Set<unknown>();
  const open = new Set<unknown>();
  const device: Device = {
    ...board.device,
    timers: {
      set(callback, delayMs) {
        const timer = board.device.timers.set(() => {
          timers.delete(timer);
          callback();
        }, delayMs);
        timers.add(timer);
        return timer;
      },
      clear(timer) {
        timers.delete(timer);
        board.device.timers.clear(timer);
      },
    },
    I2C: counted(board.device.I2C, open),
    Analog: counted(board.device.Analog, open),
    Digital: counted(board.device.Digital, open),
    TCP: counted(board.device.TCP, open),
    WiFi: counted(board.device.WiFi, open),
  };
  return {
    scheduler,
    lan,
    accessPoint,
    board,
    device,
    lines,
    timers,
    /** Instances that were made and not closed. */
    open,
    /** Runs `handler` on the board's thread, and the world until that is free for it. */
    on<Value>(handler: () => Value): Value {
      let result: { value: Value } | undefined;
      board.cpu.post(() => {
        result = { value: handler() };
      });
      while (result === undefined) scheduler.runUntil(scheduler.nextUs());
      return result.value;
    },
    pass(ms: number): void {
      scheduler.runUntil(scheduler.nowUs + ms * 1000);
    },
  };
}

function counted<Class>(Class: Class, open: Set<unknown>): Class {
  const Base = Class as new (options: unknown) => { close(): void };
  class Counted extends Base {
    constructor(options: unknown) {
      super(options);
      open.add(this);
    }
    override close(): void {
      open.delete(this);
      super.close();
    }
  }
  return Counted as Class;
}
