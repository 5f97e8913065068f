/** States on a simulated board that a test opens, changes, and boots again. */
import type { ResetReason } from "../../../firmware/device.js";
import { hashOf } from "../../../firmware/checkpoints/names.js";
import type { StateBytes } from "../../../firmware/checkpoints/state-entry.js";
import { keyOf, namespace, States } from "../../../firmware/checkpoints/states.js";
import { simulatedBoard } from "../simulated-board.js";

export const everyMs = 300_000;

/** A state of `count` numbers, which a test sets. */
export class Numbers {
  readonly x: number[];
  constructor(count = 1) {
    this.x = Array<number>(count).fill(0);
  }
  readonly walk = (state: StateBytes): void => {
    for (let i = 0; i < this.x.length; i++) this.x[i] = state.number(this.x[i]!);
  };
  get bytes(): number {
    return 8 * this.x.length;
  }
}

export function rig(reason: ResetReason = "software") {
  const made = simulatedBoard();
  const { board, on, lines, pass } = made;
  board.powerOff();
  board.powerOn(reason);
  const boot = (): States => on(() => new States({ ...made.device, ...board.device, timers: made.device.timers }, everyMs));
  const open = (states: States, name: string, numbers = new Numbers(), meaning = "m", needsTime = false): Numbers => {
    on(() => states.open(name, meaning, numbers.bytes, numbers.walk, needsTime));
    return numbers;
  };
  return {
    ...made,
    pass,
    boot,
    open,
    /** Times of writes, ms. */
    writes: (name: string): number[] =>
      lines.filter(({ what, key }) => what === "key-value.write" && key === keyOf(hashOf(name))).map(({ us }) => us / 1000),
    operations: (): string[] =>
      lines.filter(({ what }) => what.startsWith("key-value")).map(({ what, key }) => `${what.slice(10)} ${String(key)}`),
    storage: () => on(() => board.device.keyValue.open({ path: namespace })),
    /** What the next boot would find. */
    restored: (name: string, count = 1, meaning = "m"): number[] | undefined => {
      const next = boot();
      const numbers = open(next, name, new Numbers(count), meaning);
      return next.counts.restored === 1 ? numbers.x : undefined;
    },
  };
}
