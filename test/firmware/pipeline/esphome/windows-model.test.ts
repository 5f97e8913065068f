/**
 * The filters over the last samples against what ESPHome does, in the plainest words: keep the last
 * samples, missing or not, and when a result is due make it afresh of those that are there.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { max, median, min, quantile, sliding_window_moving_average } from "../../../../firmware/pipeline/builders.js";
import type { Stage } from "../../../../firmware/pipeline/stage.js";
import { outputs } from "./results.js";

interface Parameters {
  window_size: number;
  send_every: number;
  send_first_at: number;
}

const parameters = fc
  .record({ window_size: fc.integer({ min: 1, max: 12 }), send_every: fc.integer({ min: 1, max: 12 }), first: fc.nat(11) })
  .map(({ window_size, send_every, first }): Parameters => ({ window_size, send_every, send_first_at: 1 + (first % send_every) }));
const sample = fc.oneof({ arbitrary: fc.integer({ min: -20, max: 20 }), weight: 4 }, { arbitrary: fc.constant(NaN), weight: 1 });
const samples = fc.array(sample, { maxLength: 60 });

/** `result` gets at least one sample, ascending. */
function model({ window_size, send_every, send_first_at }: Parameters, inputs: readonly number[], result: (present: number[]) => number) {
  return inputs.map((_, i) => {
    const due = i + 1 - send_first_at;
    if (due < 0 || due % send_every !== 0) return undefined;
    const present = inputs.slice(Math.max(0, i + 1 - window_size), i + 1).filter((x) => !Number.isNaN(x));
    return present.length === 0 ? NaN : result(present.sort((a, b) => a - b));
  });
}

type Case = [name: string, make: (given: Parameters) => Stage, result: (present: number[]) => number];

test.each<Case>([
  ["min", min, (present) => present[0]!],
  ["max", max, (present) => present.at(-1)!],
  ["median", median, (present) => (present[(present.length - 1) >> 1]! + present[present.length >> 1]!) / 2],
  ["quantile of 0.7", (given) => quantile({ ...given, quantile: 0.7 }), (present) => present[Math.ceil((7 * present.length) / 10) - 1]!],
  ["mean", sliding_window_moving_average, (present) => present.reduce((sum, x) => sum + x, 0) / present.length],
])("%s over any window, sent at any spacing, is what it would be afresh", (_name, make, result) => {
  fc.assert(
    fc.property(parameters, samples, (given, inputs) => {
      const plain = (values: (number | undefined)[]) => values.map((x) => (x === undefined ? x : x + 0));
      expect(plain(outputs(make(given), inputs))).toEqual(plain(model(given, inputs, result)));
    }),
    { seed: 4, numRuns: 300 },
  );
});
