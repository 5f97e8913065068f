/** What every part of the world stands on: a scheduler, a board's thread, and a record of what happened. */
import { Cpu } from "../../../host-sim/world/cpu.js";
import { random } from "../../../host-sim/world/random.js";
import { Scheduler } from "../../../host-sim/world/scheduler.js";
import { trace } from "../../../host-sim/world/trace.js";
import { Lan } from "../../../host-sim/world/lan.js";
import { Link } from "../../../host-sim/world/link.js";

/** One line of the trace. */
export interface Line {
  readonly us: number;
  readonly what: string;
  readonly [field: string]: unknown;
}

export function bench(seed = 1) {
  const scheduler = new Scheduler();
  const cpu = new Cpu(scheduler);
  const lan = new Lan();
  const link = new Link(lan, random(seed).split("link"));
  link.up = true;
  const lines: Line[] = [];
  const record = trace("board", { line: (text) => lines.push(JSON.parse(text) as Line) });
  return {
    scheduler,
    cpu,
    lan,
    link,
    lines,
    record,
    /** Runs `handler` on the board's thread at `atMs`, and the world until it is done. */
    at(atMs: number, handler: () => void): void {
      scheduler.at(atMs * 1000, () => cpu.post(handler));
      scheduler.runUntil(atMs * 1000);
    },
    /** Runs `handler` on the board's thread and returns its result and what it cost, µs. */
    timed<Value>(handler: () => Value): { value: Value; costUs: number } {
      let result: { value: Value; costUs: number } | undefined;
      // The thread may still be busy: from here on it is not.
      scheduler.runUntil(scheduler.nowUs + 10e6);
      cpu.post(() => {
        const beforeUs = cpu.nowUs;
        const value = handler();
        result = { value, costUs: cpu.nowUs - beforeUs };
      });
      return result!;
    },
    pass(ms: number): void {
      scheduler.runUntil(scheduler.nowUs + ms * 1000);
    },
  };
}
