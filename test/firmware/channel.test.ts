import { expect, test } from "vitest";
import { channel, type ChannelGround } from "../../firmware/channel.js";
import type { ChannelDeclaration } from "../../firmware/declaration.js";
import { delta, multiply, offset, summary, throttle, window } from "../../firmware/mote.js";
import type { ReadingError, Sample } from "../../firmware/sensing/driver.js";
import { StageClock } from "../../firmware/stage-clock.js";

/** Nothing here sets a timer or keeps a total. */
function ground(): ChannelGround {
  const clock = new StageClock({ nowMs: () => 0 }, { set: () => undefined, clear: () => {} });
  return {
    flow: { periodMs: 1000, regular: true, delayMs: 0 },
    clock,
    total: () => ({ restore: () => undefined, keep: () => {} }),
    settled: () => {},
  };
}

function make(declaration: Partial<ChannelDeclaration> = {}) {
  const out: unknown[] = [];
  const made = channel("warm", { from: "climate.thermometer.temperature", resolution: 0.1, ...declaration }, ground(), {
    value: (x, atMs) => out.push([x, atMs]),
    failed: (error, atMs) => out.push([error, atMs]),
    summary: (min, max, mean, std, count, atMs) => out.push([min, max, mean, std, count, atMs]),
  });
  if (!made.ok) throw new Error(made.error.message);
  return {
    out: () => out.splice(0),
    failed: (error: ReadingError, gridMs: number) => made.value.failed(error, gridMs),
    take: (temperature: number | undefined, gridMs = 0, error?: ReadingError) =>
      made.value.take({ thermometer: { temperature } }, error, gridMs),
    takeWhole: (sample: Sample, error: ReadingError | undefined, gridMs: number) => made.value.take(sample, error, gridMs),
  };
}

test("a reading is rounded before its stages, and their result again, each with the sample's own time", () => {
  const { take, out } = make({ stages: [multiply(0.5), offset(0.01)] });
  expect([take(21.26, 1000), take(-0.04, 2000)]).toEqual([true, true]);
  // 21.3 × 0.5 + 0.01 = 10.66; 0 × 0.5 + 0.01.
  expect(out()).toEqual([
    [10.7, 1000],
    [0, 2000],
  ]);
  const plain = make();
  plain.take(-0.04);
  expect(plain.out()).toStrictEqual([[0, 0]]);
});

test("what a window or a summary gives out carries the time of the sample that ended it", () => {
  const { take, out } = make({ resolution: 1, stages: [summary(3), window(2, "mean")] });
  for (const [index, x] of [1, 2, 6].entries()) take(x, index * 1000);
  expect(out()).toEqual([
    [2, 1000],
    [1, 6, 3, 2, 3, 2000],
  ]);
});

test("a quantity that is missing is told with the driver's reason, or as absent, and meets the stages as one", () => {
  const { take, takeWhole, failed, out } = make({ stages: [offset(1)] });
  expect([
    take(20),
    take(undefined, 1, "checksum"),
    take(undefined, 2),
    takeWhole({}, "bus", 3),
    takeWhole({ thermometer: undefined }, undefined, 4),
  ]).toEqual([true, false, false, false, false]);
  failed("bus", 5);
  take(24, 6);
  take(26, 7);
  expect(out()).toEqual([
    [21, 0],
    ["checksum", 1],
    ["absent", 2],
    ["bus", 3],
    ["absent", 4],
    ["bus", 5],
    [25, 6],
    [27, 7],
  ]);
  const once = make({ stages: [delta(5)] });
  once.take(20);
  once.take(undefined, 1, "checksum");
  once.failed("bus", 2);
  once.take(21, 3);
  once.take(26, 4);
  expect(once.out()).toEqual([
    [20, 0],
    ["checksum", 1],
    [21, 3],
  ]);
});

test("an error of another quantity does not touch this one", () => {
  const { take, out } = make();
  expect(take(20, 5, "checksum")).toBe(true);
  expect(out()).toEqual([[20, 5]]);
});

test("NaN, infinities and numbers beyond any quantity are out of range and never reach a stage", () => {
  const { take, out } = make({ resolution: 1, stages: [window(2, "max")] });
  for (const x of [NaN, Infinity, -Infinity, 2e15, -2e15]) expect(take(x)).toBe(false);
  expect(out()).toEqual(Array.from({ length: 5 }, () => ["range", 0]));
  take(1);
  take(2);
  expect(out()).toEqual([[2, 0]]);
  expect(take(1e15)).toBe(true);
});

test("what a stage makes too large to be rounded is out of range, since engines print it differently", () => {
  const { take, out } = make({ resolution: 0.01, stages: [summary(2), multiply(1e13)] });
  take(2.5);
  take(1e12);
  expect(out()).toEqual([
    ["range", 0],
    [2.5, 1e12, 500000000001.25, 499999999998.75, 2, 0],
    ["range", 0],
  ]);
});

test("a group that is null, or a quantity that is no number, cannot be read", () => {
  const { takeWhole, out } = make();
  const odd: unknown[] = [{ thermometer: null }, { thermometer: 7 }, { thermometer: { temperature: null } }];
  for (const sample of odd) expect(takeWhole(sample as Sample, undefined, 5)).toBe(false);
  for (const temperature of [5n, "21", {}])
    expect(takeWhole({ thermometer: { temperature } } as unknown as Sample, undefined, 5)).toBe(false);
  expect(out()).toEqual([...Array.from({ length: 3 }, () => ["absent", 5]), ...Array.from({ length: 3 }, () => ["range", 5])]);
});

test("a throttle keeps time by the samples' grid, not by a clock", () => {
  const { take, out } = make({ stages: [throttle(2000)] });
  for (let index = 0; index < 5; index++) take(index, 7 + index * 1000);
  expect(out()).toEqual([
    [0, 7],
    [2, 2007],
    [4, 4007],
  ]);
});
