/** A board's settings and their trial without the rest of the board: its flash, and time that passes when it is told to. */
import { Trial } from "../../../firmware/config/trial.js";
import type { FlashStorage } from "../../../firmware/device.js";
import type { Config, PartialConfig } from "../../../firmware/settings.js";
import { Scheduler } from "../../../host-sim/world/scheduler.js";

/** Just started. `applied`: what was put to work, `states`: what was told, the newest last. `pass`: ms. */
export function trialBoard(flash: FlashStorage, seed: PartialConfig = {}) {
  const scheduler = new Scheduler();
  const applied: Config[] = [];
  const states: string[] = [];
  const device = {
    flash,
    clock: { nowMs: () => scheduler.nowUs / 1000 },
    timers: {
      set: (callback: () => void, delayMs: number) => scheduler.at(scheduler.nowUs + delayMs * 1000, callback),
      clear: (timer: unknown) => void (timer !== undefined && scheduler.cancel(timer as never)),
    },
  };
  const trial = new Trial(
    device,
    seed,
    (config) => void applied.push(config),
    () => void states.push(trial.state),
  );
  return { trial, opened: trial.opened(), applied, states, pass: (ms: number): void => scheduler.runUntil(scheduler.nowUs + ms * 1000) };
}
