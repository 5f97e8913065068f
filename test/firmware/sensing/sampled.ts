/** The sampler on a simulated board's thread: a driver of the test's own, and what came of each sample. */
import type { Driver, ReadingError, Sample } from "../../../firmware/sensing/driver.js";
import { sampleOnGrid, type Grid } from "../../../firmware/sensing/sampler.js";
import { simulatedBoard } from "../simulated-board.js";

export interface Taken {
  readonly gridMs: number;
  /** When the sample was begun, and when it was handed over, ms with a fraction. */
  readonly begunMs: number;
  readonly overMs: number;
  readonly result: Sample | ReadingError;
}

export interface DriverScript {
  /** ms until the sample may be read. Throws to fail. Without it the driver measures in `sample`. */
  start?: (index: number) => number;
  sample?: (index: number) => Sample | undefined;
}

export const good: Sample = { thermometer: { temperature: 20 } };

export function sampled(grid: Grid, script: DriverScript = {}) {
  const board = simulatedBoard();
  const { device, scheduler, timers } = board;
  const { cpu } = board.board;
  const taken: Taken[] = [];
  let index = -1;
  let begunMs = 0;
  const nowMs = () => cpu.nowUs / 1000;
  const driver: Driver = {
    ...(script.start === undefined
      ? {}
      : {
          start: () => {
            index++;
            begunMs = nowMs();
            return script.start!(index);
          },
        }),
    sample() {
      if (script.start === undefined) {
        index++;
        begunMs = nowMs();
      }
      return script.sample === undefined ? good : script.sample(index);
    },
    close() {},
  };
  const sink = {
    sampled: (result: Sample, gridMs: number) => void taken.push({ gridMs, begunMs, overMs: nowMs(), result }),
    failed: (result: ReadingError, gridMs: number) => void taken.push({ gridMs, begunMs, overMs: nowMs(), result }),
  };
  const sampler = board.on(() => sampleOnGrid(driver, grid, device.clock, device.timers, sink));
  return {
    taken,
    sampler,
    counts: sampler.counts,
    timers,
    cpu,
    until: (ms: number) => scheduler.runUntil(ms * 1000),
    /** Something holds the thread up from `atMs` on. */
    holdUp: (atMs: number, forMs: number) => void scheduler.at(atMs * 1000, () => cpu.post(() => cpu.charge(forMs * 1000))),
  };
}
