import fc from "fast-check";
import { expect, test } from "vitest";
import { backoff } from "../../../firmware/base/backoff.js";
import { limits } from "../../../firmware/limits.js";

const { backoffShortestMs, backoffLongestMs, returnSpreadMs } = limits;
const draws = fc.array(fc.integer({ min: 0, max: 65535 }), { minLength: 1, maxLength: 40 });
const bases = Array.from({ length: 40 }, (_, index) => Math.min(backoffLongestMs, backoffShortestMs * 2 ** index));

test("the n-th delay lies between half and all of a base that doubles up to the longest", () => {
  fc.assert(
    fc.property(draws, (drawn) => {
      let index = 0;
      const pause = backoff(backoffShortestMs, backoffLongestMs, returnSpreadMs, () => drawn[index]!);
      for (; index < drawn.length; index++) {
        const delayMs = pause.next();
        expect(delayMs).toBeGreaterThanOrEqual(Math.floor(bases[index]! / 2));
        expect(delayMs).toBeLessThanOrEqual(bases[index]!);
        expect(Number.isInteger(delayMs)).toBe(true);
      }
    }),
    { seed: 1 },
  );
});

test("the draw decides where between them: least at 0, most at 65535", () => {
  const least = backoff(500, 60_000, 5_000, () => 0);
  const most = backoff(500, 60_000, 5_000, () => 65535);
  const some = Array.from({ length: 9 }, () => [least.next(), most.next()]);
  expect(some.map(([shortMs]) => shortMs)).toEqual([250, 500, 1000, 2000, 4000, 8000, 16000, 30_000, 30_000]);
  expect(some.map(([, longMs]) => longMs)).toEqual([500, 1000, 2000, 4000, 8000, 16000, 32000, 60_000, 60_000]);
});

test("after a success the next delay is short again", () => {
  const pause = backoff(500, 60_000, 5_000, () => 65535);
  for (let times = 0; times < 10; times++) pause.next();
  pause.reset();
  expect(pause.next()).toBe(500);
  expect(pause.next()).toBe(1000);
});

test("who loses what worked waits for any time up to the spread, and those who were early not for the next second alone", () => {
  const soonest = backoff(500, 60_000, 5_000, () => 0);
  const latest = backoff(500, 60_000, 5_000, () => 65535);
  expect([soonest.lost(), soonest.next()]).toEqual([250, 2_500]);
  expect([latest.lost(), latest.next()]).toEqual([5_000, 5_000]);
});
