import { describe, expect, test } from "vitest";
import {
  clamp,
  delta,
  exponential_moving_average,
  median,
  multiply,
  offset,
  summary,
  throttle,
  window,
} from "../../../firmware/pipeline/builders.js";
import { through } from "./channel.js";

describe("offset and multiply", () => {
  test("add and scale each sample", () => {
    expect(through([offset(-1.5)], [20, 0, -3]).values).toEqual([18.5, -1.5, -4.5]);
    expect(through([multiply(1.8), offset(32)], [0, 100, -40]).values).toEqual([32, 212, -40]);
  });

  test("make a missing reading of what overflows, and the stages behind never see it", () => {
    const { values, missing } = through([multiply(1e60), exponential_moving_average(0.5)], [1, 1e60, -1e60, 3]);
    expect(values).toEqual([1e60, 2e60]);
    expect(missing).toBe(2);
    expect(through([offset(1e100)], [1e100, -1e100])).toMatchObject({ values: [0], missing: 1 });
    expect(through([offset(-1e100)], [1e100, -1e100])).toMatchObject({ values: [0], missing: 1 });
    expect(through([multiply(-1e100)], [1, -1, 2, -2])).toMatchObject({ values: [-1e100, 1e100], missing: 2 });
  });
});

describe("clamp", () => {
  test("holds samples within its bounds", () => {
    expect(through([clamp({ min: 0, max: 100 })], [-1, 0, 50, 100, 101]).values).toEqual([0, 0, 50, 100, 100]);
    expect(through([clamp({ min: 0 })], [-1, 1e99]).values).toEqual([0, 1e99]);
    expect(through([clamp({ max: 0 })], [-1e99, 1]).values).toEqual([-1e99, 0]);
  });

  test("drops what lies outside when told to ignore it, and that is no missing reading", () => {
    const { values, missing } = through([clamp({ min: 0, max: 100, ignore_out_of_range: true })], [-1, 0, 50, 100, 101]);
    expect(values).toEqual([0, 50, 100]);
    expect(missing).toBe(0);
  });
});

describe("median", () => {
  test("takes single spikes out", () => {
    expect(through([median(3)], [20, 20, 70, 20, 21, 21]).values).toEqual([20, 20, 20, 20, 21, 21]);
    expect(through([median(5)], [20, 20, 70, 71, 20, 20]).values).toEqual([20, 20, 20, 20, 20, 20]);
  });

  test("starts with its window filled with the first sample", () => {
    for (const size of [3, 5, 7, 101]) expect(through([median(size)], [4, 9]).values).toEqual([4, 4]);
  });
});

describe("exponential_moving_average", () => {
  test("starts at the first sample and approaches the later ones", () => {
    expect(through([exponential_moving_average(0.5)], [8, 16, 16, 0]).values).toEqual([8, 12, 14, 7]);
  });

  test("passes samples unchanged at alpha 1", () => {
    expect(through([exponential_moving_average(1)], [8, 16, -2]).values).toEqual([8, 16, -2]);
  });
});

describe("delta", () => {
  test("passes the first sample and what differs by more than asked from the last passed", () => {
    expect(through([delta(0.5)], [0, 0.5, 0.75, 1, 0.25, 0.2]).values).toEqual([0, 0.75, 0.2]);
  });
});

describe("throttle", () => {
  test("passes a sample when its time has come, by the samples' grid", () => {
    expect(through([throttle(2000)], [1, 2, 3, 4, 5, 6], { timesMs: [0, 1000, 2000, 3999, 4000, 9000] }).values).toEqual([1, 3, 5, 6]);
  });

  test.each([2 ** 31, 2 ** 32, 2 ** 40])("keeps time across %i ms", (edgeMs) => {
    const timesMs = Array.from({ length: 10 }, (_, i) => edgeMs - 5000 + i * 1000);
    expect(through([throttle(3000)], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], { timesMs }).values).toEqual([0, 3, 6, 9]);
  });
});

describe("window", () => {
  const samples = [1, 2, 3, 4, 9, 5, 5, 5, 5];

  test.each([
    ["min", [1, 5]],
    ["max", [4, 9]],
    ["mean", [2.5, 6]],
    ["std", [Math.sqrt(1.25), Math.sqrt(3)]],
    ["count", [4, 4]],
  ] as const)("gives one %s a full window, and nothing of a window that is not full", (result, expected) => {
    expect(through([window(4, result)], samples).values).toEqual(expected);
  });

  test("of one sample gives that sample, and a deviation of 0", () => {
    expect(through([window(1, "mean")], samples).values).toEqual(samples);
    expect(through([window(1, "std")], [3, 7]).values).toEqual([0, 0]);
  });

  test("keeps the digits of a small spread on a great value", () => {
    expect(through([window(4, "std")], [1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 4]).values).toEqual([Math.sqrt(1.25)]);
  });

  test("stays finite at the greatest values", () => {
    const far = [1e100, -1e100, 1e100, -1e100];
    expect(through([window(4, "mean")], far).values).toEqual([0]);
    expect(through([window(4, "std")], far).values).toEqual([1e100]);
  });
});

describe("summary", () => {
  test("passes every sample on and reports each full window", () => {
    const { values, summaries } = through([summary(4)], [1, 2, 3, 4, 9, 5, 5, 5, 5]);
    expect(values).toEqual([1, 2, 3, 4, 9, 5, 5, 5, 5]);
    expect(summaries).toEqual([
      [1, 4, 2.5, Math.sqrt(1.25), 4],
      [5, 9, 6, Math.sqrt(3), 4],
    ]);
  });
});
