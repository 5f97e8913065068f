/** A simulation's course from its start to the firmware's orderly end: in virtual time, or paced by the wall clock. */
import { setImmediate } from "node:timers/promises";
import type { Pacer } from "../node/pacer.js";
import type { Simulation } from "../simulation.js";
import type { Station } from "../station.js";
import type { Interruption } from "./interruption.js";
import type { Progress } from "./progress.js";

/** How long an orderly end may take, ms: longer than `limits.stopTimeoutMs`. */
const endWithinMs = 5000;
/** How long virtual time runs on before signals are looked for, real ms. */
const sliceMs = 50;

/** Until `durationMs` of virtual time or an interruption. */
export async function runVirtual(
  { scheduler, stations }: Simulation,
  durationMs: number,
  interruption: Interruption,
  shown: Progress,
): Promise<void> {
  const endUs = durationMs * 1000;
  let stepUs = 1e6;
  try {
    while (scheduler.nowUs < endUs && !interruption.requested) {
      const startedMs = performance.now();
      scheduler.runUntil(Math.min(endUs, scheduler.nowUs + stepUs));
      const tookMs = performance.now() - startedMs;
      stepUs = Math.min(3600e6, Math.max(1000, tookMs < sliceMs / 2 ? stepUs * 2 : tookMs > sliceMs ? stepUs / 2 : stepUs));
      shown.at(scheduler.nowUs / 1000);
      await setImmediate();
    }
  } finally {
    shown.end();
  }
  let stopped = false;
  stopAll(stations, () => {
    stopped = true;
  });
  const untilUs = scheduler.nowUs + endWithinMs * 1000;
  while (!stopped && scheduler.nowUs < untilUs) scheduler.runUntil(Math.min(untilUs, Math.max(scheduler.nowUs + 1000, scheduler.nextUs())));
  if (!stopped) throw new Error("the firmware did not come to its end");
  // What was sent last still reaches the broker.
  scheduler.runUntil(scheduler.nowUs + 100_000);
}

export interface Paced {
  /** Of virtual time; undefined: until an interruption. */
  readonly durationMs: number | undefined;
  readonly speed: number;
  readonly interruption: Interruption;
  /** Makes the pacer: virtual time begins to pass. */
  pace(onFailed: (error: unknown) => void): Pacer;
  onEnding(): void;
}

/** Throws what the world or the firmware threw; the pacer has stopped when this is over. */
export async function runPaced(simulation: Simulation, { durationMs, speed, interruption, pace, onEnding }: Paced): Promise<void> {
  let pacer: Pacer | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((done, failed) => {
      const running = pace(failed);
      pacer = running;
      let ending = false;
      const end = (): void => {
        if (ending) return;
        ending = true;
        onEnding();
        timer = setTimeout(() => failed(new Error("the firmware did not come to its end")), endWithinMs / Math.min(1, speed));
        stopAll(simulation.stations, done);
      };
      if (durationMs !== undefined) simulation.scheduler.at(durationMs * 1000, end);
      interruption.onRequested(() => running.inject(end));
      interruption.onUrgent(() => failed(new Error("it was ended at once, before the board could say goodbye")));
    });
  } finally {
    clearTimeout(timer);
    pacer?.stop();
  }
}

/** Has every station come to its orderly end. */
function stopAll(stations: readonly Station[], onStopped: () => void): void {
  let running = stations.length;
  for (const station of stations) {
    station.stop(() => {
      if (--running === 0) onStopped();
    });
  }
}
