/** What a table of a filter's inputs and outputs is checked with. */
import { expect } from "vitest";
import type { Stage } from "../../../../firmware/pipeline/stage.js";
import { type Run, through } from "../channel.js";

/** In a table of outputs: nothing comes out. */
export const none = undefined;

/** What comes out for each sample (NaN: a missing reading), a second apart unless `run` says otherwise; `none` where nothing does. */
export function outputs(stage: Stage, inputs: readonly number[], run: Run = {}): (number | undefined)[] {
  const timesMs = run.timesMs ?? inputs.map((_, i) => i * 1000);
  const { all } = through([stage], inputs, { ...run, timesMs });
  return timesMs.map((atMs) => all.find(([, ms]) => ms === atMs)?.[0]);
}

/** Within what a 32-bit float holds, which is what ESPHome computes with: 24 bits, and a few roundings. */
export function expectAsFloats(actual: readonly (number | undefined)[], expected: readonly (number | undefined)[]): void {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    if (value === undefined || Number.isNaN(value)) expect(actual[i]).toBe(value);
    else expect(Math.abs(actual[i]! - value)).toBeLessThanOrEqual(Math.max(1, Math.abs(value)) * 1e-6);
  });
}
