import fc from "fast-check";
import { expect, test } from "vitest";
import { unwrapTicks } from "../../../firmware/base/ticks.js";

function counter(atBoot: number) {
  let ticks = atBoot | 0;
  const readMs = unwrapTicks(() => ticks);
  return {
    readMs,
    pass: (ms: number) => {
      ticks = (ticks + ms) | 0;
    },
  };
}

test("the clock starts at 0, whatever the counter reads at boot", () => {
  for (const atBoot of [0, 5, -1, 0x7fffffff, -0x80000000]) expect(counter(atBoot).readMs()).toBe(0);
});

test("the clock goes on across 2^31, where the counter turns negative, and across 2^32, where it begins again", () => {
  for (const edge of [2 ** 31, 2 ** 32]) {
    const { readMs, pass } = counter(edge - 2);
    const read = [1, 1, 1, 1].map((step) => {
      pass(step);
      return readMs();
    });
    expect(read).toEqual([1, 2, 3, 4]);
  }
});

test("the clock is the sum of all steps, from any start, over any number of turns of the counter", () => {
  fc.assert(
    fc.property(fc.integer(), fc.array(fc.integer({ min: 0, max: 0x7fffffff }), { maxLength: 40 }), (atBoot, steps) => {
      const { readMs, pass } = counter(atBoot);
      let sum = 0;
      for (const step of steps) {
        pass(step);
        sum += step;
        expect(readMs()).toBe(sum);
      }
    }),
    { seed: 1 },
  );
});

test("a counter that steps back a little is held, not followed, and the clock goes on where it was", () => {
  const { readMs, pass } = counter(1000);
  pass(10);
  expect(readMs()).toBe(10);
  pass(-3);
  expect(readMs()).toBe(10);
  pass(5);
  expect(readMs()).toBe(12);
  pass(-1000);
  expect(readMs()).toBe(12);
  pass(999);
  expect(readMs()).toBe(12);
  pass(2);
  expect(readMs()).toBe(13);
});

test("a counter that jumps back by more than a second is followed from there, also across its edges", () => {
  for (const atBoot of [0, 1000, 2 ** 31 - 500, 2 ** 31 + 4000, 2 ** 32 - 500, 2 ** 32 + 4000]) {
    for (const jump of [1001, 5000, 3_600_000, 86_400_000]) {
      const { readMs, pass } = counter(atBoot);
      pass(1000);
      expect(readMs()).toBe(1000);
      pass(-jump);
      expect(readMs()).toBe(1000);
      pass(250);
      expect(readMs()).toBe(1250);
      pass(jump);
      expect(readMs()).toBe(1250 + jump);
    }
  }
});

test("across a jump the clock loses no more than passed between the readings before and after it, and never runs backwards", () => {
  const step = fc.record({ ms: fc.nat(400), jump: fc.oneof(fc.constant(0), fc.integer({ min: 2000, max: 86_400_000 })) });
  fc.assert(
    fc.property(fc.integer(), fc.array(step, { maxLength: 60 }), (atBoot, steps) => {
      const { readMs, pass } = counter(atBoot);
      let least = 0;
      let last = 0;
      for (const { ms, jump } of steps) {
        pass(ms);
        pass(-jump);
        if (jump === 0) least += ms;
        const read = readMs();
        expect(read).toBe(least);
        expect(read).toBeGreaterThanOrEqual(last);
        last = read;
      }
    }),
    { seed: 1 },
  );
});
