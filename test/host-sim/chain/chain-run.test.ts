import { describe, expect, test } from "vitest";
import { delta, median, summary, throttle } from "../../../firmware/pipeline/builders.js";
import { flowOf, resolutionOf, runChain, type ChainInput } from "../../../host-sim/chain/chain-run.js";
import { parseChain } from "../../../host-sim/chain/chain-text.js";
import type { Stage } from "../../../firmware/pipeline/stage.js";

function ran(stages: readonly Stage[], input: Partial<ChainInput>) {
  const values = input.values ?? [];
  const result = runChain(stages, { timesMs: values.map((_, index) => index * 1000), values, resolution: 0.01, ...input });
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

describe("a chain over a series", () => {
  test("gives what a board's channel would, with times and delays", () => {
    const out = ran([median(5), delta(1)], { values: [20, 20, 70, 20, 23, 23, 23] });
    expect(out).toMatchObject({ timesMs: [0, 5000], values: [20, 23] });
    expect(out.flows.map(({ delayMs, regular }) => [delayMs, regular])).toEqual([
      [0, true],
      [2000, true],
      [2000, false],
    ]);
  });

  test("rounds readings to the resolution, and passes missing ones as the stages do", () => {
    expect(ran([], { values: [1.26, NaN, 2], resolution: 0.1 })).toMatchObject({ values: [1.3, NaN, 2], timesMs: [0, 1000, 2000] });
    expect(ran([summary(2)], { values: [1, 2, 3] }).summaries).toEqual([{ atMs: 1000, min: 1, max: 2, mean: 1.5, std: 0.5, count: 2 }]);
  });

  test("runs the stages' timers, in the order in which they are due", () => {
    const chain = parseChain("heartbeat(2s)");
    const out = ran(chain.ok ? chain.value : [], { values: [1, 2, 3], timesMs: [0, 500, 5000] });
    expect(out).toMatchObject({ timesMs: [2000, 4000], values: [2, 2] });
  });

  test("refuses what a board would", () => {
    expect(runChain([throttle(0)], { timesMs: [0], values: [1], resolution: 1 })).toMatchObject({ ok: false });
  });
});

test("a series with holes is a grid, one of uneven times is none", () => {
  expect(flowOf([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 500, 510])).toEqual({ periodMs: 10, regular: true, delayMs: 0 });
  expect(flowOf([0, 10, 25, 31, 44, 60])).toEqual({ periodMs: 12, leastMs: 6, regular: false, delayMs: 0 });
});

test("the resolution is the finest decimal there is, as far as a channel can hold the values", () => {
  expect(resolutionOf([1, 2.5, 3.25, NaN])).toBe(0.01);
  expect(resolutionOf([1, 1 / 3])).toBe(1e-9);
  expect(resolutionOf([4e9, 1 / 3])).toBe(1e-5);
  expect(resolutionOf([])).toBe(1);
  expect(resolutionOf([1e99, 1.25, -1e100])).toBe(0.01);
});
