/**
 * The computer for which limits in absolute time were set, and how this one compares with it just now: its speed varies
 * twofold within a minute, so such a figure is told as it would be there.
 */
import { failure, success, type Result } from "../../firmware/base/result.js";
import { runInXs } from "../xs/run.js";
import { median } from "./benchmark.js";
import { sampleCount } from "./p1.js";

/** What P1's loop by hand takes on XS there, ns a sample. */
export const referenceNs = 424;

export const there = `where P1 by hand takes ${referenceNs} ns`;

const passes = 7;

/** How many times as long P1 by hand takes here and now. */
function slowness(): Result<number> {
  const ran = runInXs({
    source: `import { fused, signal } from "host-sim/bench/p1";
      const samples = signal();
      const us = [];
      for (let pass = 0; pass < ${passes}; pass++) {
        const start = nowUs();
        fused(samples, 1);
        us.push(nowUs() - start);
      }
      report(us);`,
  });
  if (!ran.ok) return failure(ran.error.kind, ran.error.message);
  return success((median(ran.value.value as number[]) * 1000) / sampleCount / referenceNs);
}

/** A speed measured `run` by `run`, as it would be there: how slow this computer is, is measured before and after each. The median of `rounds`. */
export function speedThere(rounds: number, run: () => Result<number>): Result<{ readonly here: number; readonly there: number }> {
  const here: number[] = [];
  const scaled: number[] = [];
  let before = slowness();
  for (let round = 0; round < rounds; round++) {
    if (!before.ok) return before;
    const speed = run();
    if (!speed.ok) return speed;
    const after = slowness();
    if (!after.ok) return after;
    here.push(speed.value);
    scaled.push((speed.value * (before.value + after.value)) / 2);
    before = after;
  }
  return success({ here: Math.max(...here), there: median(scaled) });
}
