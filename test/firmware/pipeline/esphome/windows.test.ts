/** ESPHome's filters over the last samples: outputs computed by hand from what its documentation and its newest release do. */
import { expect, test } from "vitest";
import {
  exponential_moving_average,
  max,
  median,
  min,
  quantile,
  sliding_window_moving_average,
} from "../../../../firmware/pipeline/builders.js";
import type { Stage } from "../../../../firmware/pipeline/stage.js";
import { compile } from "../../../../firmware/pipeline/compile.js";
import { bareGround } from "../../../../host-sim/bench/bare-ground.js";
import { expectAsFloats, none, outputs } from "./results.js";

type Row = readonly [stage: Stage, inputs: readonly number[], outputs: readonly (number | undefined)[]];

const upTo = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1);
/** Silence before the last of `count` outputs. */
const lastOf = (count: number, value: number): (number | undefined)[] => [...Array<undefined>(count - 1).fill(none), value];

test.each<Row>([
  // Its defaults: the first result with the first sample, then one for five, of the last five.
  [median(), [10, 20, 30, 90, 50, 60, 0], [10, none, none, none, none, 50, none]],
  [{ stage: "median" }, upTo(11), [1, none, none, none, none, 4, none, none, none, none, 9]],
  [quantile(), [1, 9, 2, 8, 3, 7], [1, none, none, none, none, 9]],
  [min(), [1, 5, 4, 3, 2, 9], [1, none, none, none, none, 2]],
  [max(), [99, 5, 4, 3, 2, 9], [99, none, none, none, none, 9]],
  [sliding_window_moving_average(), upTo(16), [1, ...lastOf(15, 9)]],
  [exponential_moving_average({ alpha: 0.5 }), [8, ...Array<number>(15).fill(16)], [8, ...lastOf(15, 16 - 8 / 2 ** 15)]],
  [exponential_moving_average(), [0, 10, ...Array<number>(14).fill(0)], [0, ...lastOf(15, 0.9 ** 14)]],
])("%j has ESPHome's defaults", (stage, inputs, expected) => {
  expectAsFloats(outputs(stage, inputs), expected);
});

test.each<Row>([
  // While the window is not full, of the samples that there are.
  [median({ window_size: 4, send_every: 1 }), [4, 1, 3, 2, 10], [4, 2.5, 3, 2.5, 2.5]],
  [quantile({ window_size: 4, send_every: 1, quantile: 0.5 }), [8, 2, 6, 4, 0], [8, 2, 6, 4, 2]],
  [min({ window_size: 3, send_every: 1 }), [5, 7, 6, 8, 9, 1], [5, 5, 5, 6, 6, 1]],
  [max(3), [5, 3, 4, 2, 1, 9], [5, 5, 5, 4, 4, 9]],
  [sliding_window_moving_average(3), [1, 2, 6, 7, 2], [1, 1.5, 3, 5, 5]],
  [quantile(3, 0.5), [3, 1, 2, 9], [3, 1, 2, 2]],
  // send_first_at, and results that come less often, as often, or more often than the window is long.
  [median({ window_size: 3, send_every: 3, send_first_at: 3 }), [3, 1, 2, 9, 7, 8], [none, none, 2, none, none, 8]],
  [min({ window_size: 7, send_every: 4, send_first_at: 3 }), [9, 8, 7, 6, 5, 4, 3], [none, none, 7, none, none, none, 3]],
  [min({ window_size: 3, send_every: 2 }), [5, 1, 6, 7, 8, 9], [5, none, 1, none, 6, none]],
  [min({ window_size: 2, send_every: 3, send_first_at: 3 }), [1, 5, 4, 0, 7, 6], [none, none, 4, none, none, 6]],
  [max({ window_size: 2, send_every: 3, send_first_at: 2 }), [9, 5, 8, 6, 7, 1], [none, 9, none, none, 7, none]],
  [max({ window_size: 3, send_every: 3, send_first_at: 2 }), [9, 5, 8, 6, 7, 1], [none, 9, none, none, 8, none]],
  [
    sliding_window_moving_average({ window_size: 2, send_every: 3, send_first_at: 1 }),
    [4, 99, 1, 3, 99, 5, 6],
    [4, none, none, 2, none, none, 5.5],
  ],
  [sliding_window_moving_average({ window_size: 1, send_every: 1 }), [3, NaN, 4], [3, NaN, 4]],
  [exponential_moving_average({ alpha: 0.5, send_every: 2, send_first_at: 2 }), [8, 16, 0, 2], [none, 12, none, 4]],
  [exponential_moving_average({ alpha: 1, send_every: 2 }), [1, 2, 3], [1, none, 3]],
])("%j of %j", (stage, inputs, expected) => {
  expectAsFloats(outputs(stage, inputs), expected);
});

test.each<Row>([
  // The place is ⌈n × quantile⌉ from the least, the product in 32 bits: in 64 bits 0.55 × 100 is above 55, and 0.1 × 30 above 3.
  [quantile({ window_size: 100, send_every: 100, send_first_at: 100, quantile: 0.55 }), upTo(100), lastOf(100, 55)],
  [quantile({ window_size: 30, send_every: 30, send_first_at: 30, quantile: 0.1 }), upTo(30).reverse(), lastOf(30, 3)],
  [quantile({ window_size: 10, send_every: 10, send_first_at: 10, quantile: 0.9 }), upTo(10), lastOf(10, 9)],
  [quantile({ window_size: 10, send_every: 10, send_first_at: 10, quantile: 0.91 }), upTo(10), lastOf(10, 10)],
  [quantile(4, 1), [3, 1, 2, 0], [3, 3, 3, 3]],
  [quantile(4, 0), [3, 1, 2, 0], [3, 1, 1, 0]],
  [quantile(4, 0.25), [4, 3, 2, 1], [4, 3, 2, 1]],
])("%j takes the sample at its place", (stage, inputs, expected) => {
  expect(outputs(stage, inputs)).toEqual(expected);
});

test.each<Row>([
  // A missing reading takes a place and is left out of the result; where there is nothing else the result is missing.
  [median({ window_size: 3, send_every: 1 }), [NaN, 5, NaN, 7, NaN, NaN, NaN, 1], [NaN, 5, 5, 6, 7, 7, NaN, 1]],
  [quantile({ window_size: 4, send_every: 1, quantile: 0.5 }), [8, NaN, 2, 6, NaN], [8, 8, 2, 6, 2]],
  [min(3), [NaN, 5, NaN, 7, NaN, NaN, NaN, 1], [NaN, 5, 5, 5, 7, 7, NaN, 1]],
  [max(3), [NaN, 5, NaN, 7, NaN, NaN, NaN, 1], [NaN, 5, 5, 7, 7, 7, NaN, 1]],
  [sliding_window_moving_average(3), [1, 2, 6, NaN, NaN, NaN, 4], [1, 1.5, 3, 4, 6, NaN, 4]],
  // It counts towards send_every, so that a result may come with it.
  [median({ window_size: 2, send_every: 2 }), [1, 2, NaN, NaN, NaN], [1, none, 2, none, NaN]],
  [min({ window_size: 2, send_every: 2 }), [1, 2, NaN, NaN, NaN], [1, none, 2, none, NaN]],
  [max({ window_size: 3, send_every: 2 }), [1, 2, NaN, NaN, NaN], [1, none, 2, none, NaN]],
  [
    sliding_window_moving_average({ window_size: 2, send_every: 2, send_first_at: 2 }),
    [NaN, 4, 6, NaN, NaN, NaN],
    [none, 4, none, 6, none, NaN],
  ],
  // The average of past samples is not told in its place.
  [exponential_moving_average(0.5), [8, NaN, 16, NaN], [8, NaN, 12, NaN]],
  [exponential_moving_average({ alpha: 0.5, send_every: 2 }), [8, 16, NaN, 0, NaN, 10, 8], [8, none, NaN, none, NaN, none, 8]],
  [exponential_moving_average({ alpha: 0.5, send_every: 2 }), [NaN, NaN, 4, NaN, 8], [NaN, none, 4, none, 6]],
])("%j of %j, with missing readings", (stage, inputs, expected) => {
  expectAsFloats(outputs(stage, inputs), expected);
});

test("Mote's own median begins filled with the first sample, and a missing reading goes past it and takes no place", () => {
  expect(outputs(median(3), [1, NaN, 9, 9])).toEqual([1, NaN, 1, 9]);
  expect(outputs(median(7), [1, NaN, 9, 9, 9, 9])).toEqual([1, NaN, 1, 1, 1, 9]);
});

test("windows count samples, not time: a gap changes nothing", () => {
  for (const stage of [median({ window_size: 3, send_every: 1 }), min(3), max(3), sliding_window_moving_average(3), quantile(3, 0.5)]) {
    const inputs = [3, 1, 2, 9];
    expect(outputs(stage, inputs, { timesMs: [0, 10, 3_600_000, 3_600_001] })).toEqual(outputs(stage, inputs));
  }
});

test("a moving average forgets a spike when it leaves the window, and a million samples leave no error behind", () => {
  expect(outputs(sliding_window_moving_average(3), [1e17, 1, 1, 1, 1]).slice(3)).toEqual([1, 1]);
  const inputs: number[] = [];
  for (let i = 0; i < 1_000_000; i++) inputs.push(((i * 7919) % 1000) * 0.1 + 1e6);
  const window = inputs.slice(-7);
  const { push, values } = collected(sliding_window_moving_average(7));
  for (const x of inputs) push(x);
  expect(Math.abs(values.at(-1)! - window.reduce((sum, x) => sum + x, 0) / 7)).toBeLessThan(1e-9);
});

/** Without keeping what a timeline would. */
function collected(stage: Stage) {
  const values: number[] = [];
  const compiled = compile("test", [stage], { periodMs: 1, regular: true, delayMs: 0 }, bareGround, {
    push: (x) => (values[0] = x),
    missing() {},
    summary() {},
  });
  if (!compiled.ok) throw new Error(compiled.error.message);
  return { push: compiled.value.push, values };
}
