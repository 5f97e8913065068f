/** Where channels meet: when a join gives a result, of which values, and at what time. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ReadingError } from "../../firmware/base/reading-error.js";
import type { Channel } from "../../firmware/channel.js";
import { junction } from "../../firmware/junction.js";
import type { Flow } from "../../firmware/pipeline/flow.js";

const every = (periodMs: number): Flow => ({ periodMs, regular: true, delayMs: 0 });
const now_and_then: Flow = { periodMs: 1000, regular: false, delayMs: 0 };

/** A join whose results are its values in an array. `give` takes the index of a channel, its value or error, and the time. */
function meeting(...flows: Flow[]) {
  const out: unknown[] = [];
  let seen: number[] = [];
  const doors = junction(
    flows,
    (values) => {
      seen = [...values];
      return 0;
    },
    {
      value: (_x: number, atMs: number) => out.push([...seen, atMs]),
      failed: (error: ReadingError, atMs: number) => out.push([error, atMs]),
    } as unknown as Channel,
    (settle) => settle,
  );
  const give = (index: number, what: number | ReadingError, atMs: number): void => {
    if (typeof what === "number") doors[index]!.value(what, atMs);
    else doors[index]!.failed(what, atMs);
  };
  return { give, out: () => out.splice(0) };
}

describe("channels of one rate", () => {
  test("give one result for each of their samples, whichever comes first", () => {
    const { give, out } = meeting(every(1000), every(1000));
    give(0, 1, 0);
    expect(out()).toEqual([]);
    give(1, 2, 0);
    give(1, 4, 1000);
    give(0, 3, 1000);
    expect(out()).toEqual([
      [1, 2, 0],
      [3, 4, 1000],
    ]);
  });

  test("that are out of step give results at the later one's time", () => {
    const { give, out } = meeting(every(1000), every(1000));
    for (let i = 0; i < 3; i++) {
      give(0, i, i * 1000);
      give(1, -i, i * 1000 + 500);
    }
    expect(out()).toEqual([
      [0, -0, 500],
      [1, -1, 1500],
      [2, -2, 2500],
    ]);
  });

  test("stay together after one of them missed a sample without a word", () => {
    for (const [first, second] of [
      [0, 1],
      [1, 0],
    ] as const) {
      const { give, out } = meeting(every(1000), every(1000));
      give(first, 0, 0);
      give(second, 0, 0);
      give(second, 1, 1000);
      for (const at of [2, 3]) {
        give(first, at, at * 1000);
        give(second, at, at * 1000);
      }
      expect(out()).toEqual([
        [0, 0, 0],
        [2, 2, 2000],
        [3, 3, 3000],
      ]);
    }
  });

  test("three of them too", () => {
    const { give, out } = meeting(every(10), every(10), every(10));
    for (const index of [0, 1, 2]) give(index, 0, 0);
    for (const index of [1, 2]) give(index, 1, 10);
    for (const index of [0, 1, 2]) give(index, 2, 20);
    expect(out()).toEqual([
      [0, 0, 0, 0],
      [2, 2, 2, 20],
    ]);
  });

  test("a period that is no whole number of ms is not waited for in vain", () => {
    const { give, out } = meeting(every(10 / 3), every(10 / 3));
    for (const atMs of [0, 3, 6, 10]) for (const index of [0, 1]) give(index, atMs, atMs);
    expect(out()).toEqual([0, 3, 6, 10].map((atMs) => [atMs, atMs, atMs]));
  });
});

describe("channels of different rates", () => {
  test("give results as often as the slowest, of the latest value of each", () => {
    for (const slowFirst of [true, false]) {
      const { give, out } = meeting(every(1000), every(2500));
      for (let atMs = 0; atMs <= 10_000; atMs += 500) {
        const slow = (): void => void (atMs % 2500 === 0 && give(1, -atMs, atMs));
        if (slowFirst) slow();
        if (atMs % 1000 === 0) give(0, atMs, atMs);
        if (!slowFirst) slow();
      }
      expect(out(), String(slowFirst)).toEqual([
        [0, -0, 0],
        [2000, -2500, 2500],
        [5000, -5000, 5000],
        [7000, -7500, 7500],
        [10_000, -10_000, 10_000],
      ]);
    }
  });

  test("that come more seldom than they should still give results", () => {
    const { give, out } = meeting(every(1000), every(1000));
    for (let i = 0; i < 10; i++) {
      give(0, i, i * 4000);
      give(1, i, i * 4000 + 2000);
    }
    expect(out().length).toBeGreaterThanOrEqual(6);
  });
});

describe("a channel that gives only some of its samples", () => {
  test("is not waited for once it has given one: what it gave last still holds", () => {
    const { give, out } = meeting(now_and_then, every(1000));
    give(1, 5, 0);
    expect(out()).toEqual([]);
    give(0, 7, 1000);
    give(1, 6, 1000);
    for (const at of [2, 3]) give(1, at, at * 1000);
    give(0, 8, 3500);
    expect(out()).toEqual([
      [7, 5, 0],
      [7, 6, 1000],
      [7, 2, 2000],
      [7, 3, 3000],
    ]);
    give(1, 4, 4000);
    expect(out()).toEqual([[8, 4, 4000]]);
  });

  test("with none but its like gives a result for each value", () => {
    const { give, out } = meeting(now_and_then, now_and_then);
    give(0, 1, 0);
    give(0, 2, 700);
    give(1, 3, 900);
    give(1, 4, 1200);
    give(0, 5, 5000);
    expect(out()).toEqual([
      [2, 3, 900],
      [2, 4, 1200],
      [5, 4, 5000],
    ]);
  });
});

test("a channel without a value leaves the result without one, for its reason, until it has one again", () => {
  const { give, out } = meeting(every(1000), every(1000), now_and_then);
  give(2, 9, 0);
  give(0, 1, 0);
  give(1, "checksum", 0);
  give(0, "bus", 1000);
  give(1, "checksum", 1000);
  give(2, "absent", 1500);
  for (const index of [0, 1]) give(index, 2, 2000);
  give(2, 9, 2500);
  for (const index of [0, 1]) give(index, 3, 3000);
  expect(out()).toEqual([
    ["checksum", 0],
    ["bus", 1000],
    ["absent", 2000],
    [3, 3, 9, 3000],
  ]);
});

test("with whatever is missed, results go forward in time, and each has the time of its newest value", () => {
  const rate = fc.constantFrom(100, 200, 300, 1000);
  const missed = fc.array(fc.nat(59), { maxLength: 12 });
  fc.assert(
    fc.property(fc.array(fc.tuple(rate, missed), { minLength: 1, maxLength: 4 }), (channels) => {
      const { give, out } = meeting(...channels.map(([periodMs]) => every(periodMs)));
      const last = channels.map(() => -1);
      for (let atMs = 0; atMs < 6000; atMs += 100) {
        channels.forEach(([periodMs, gaps], index) => {
          if (atMs % periodMs !== 0 || gaps.includes(atMs / periodMs)) return;
          last[index] = atMs;
          give(index, atMs, atMs);
        });
      }
      const results = out() as number[][];
      let before = -1;
      for (const result of results) {
        const atMs = result.at(-1)!;
        expect(atMs).toBeGreaterThan(before);
        before = atMs;
        expect(Math.max(...result.slice(0, -1))).toBe(atMs);
      }
      // On one grid with nothing missed, all values are of one instant of the slowest.
      if (channels.every(([periodMs, gaps]) => gaps.length === 0 && periodMs === channels[0]![0])) {
        for (const result of results) expect(new Set(result).size).toBe(1);
        expect(results).toHaveLength(Math.ceil(6000 / channels[0]![0]));
      }
    }),
    { seed: 20240229, numRuns: 200 },
  );
});
