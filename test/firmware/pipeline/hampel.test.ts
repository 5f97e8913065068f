/** `hampel` against its definition written with sorted copies. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hampel } from "../../../firmware/pipeline/builders.js";
import { plain, through } from "./channel.js";

function middleOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Undefined: an outlier that is dropped. */
function naive(samples: readonly number[], window: number, threshold: number, drop: boolean, resolution: number): number[] {
  const results: number[] = [];
  samples.forEach((x, i) => {
    const last = samples.slice(Math.max(0, i + 1 - window), i + 1);
    const median = middleOf(last);
    const mad = middleOf(last.map((each) => Math.abs(each - median)));
    // The same order of operations: a limit that is met exactly must not be a matter of rounding.
    const outlier = Math.abs(x - median) > (threshold + 0.5) * resolution && Math.abs(x - median) > threshold * 1.4826 * mad;
    if (!outlier) results.push(x);
    else if (!drop) results.push(median);
  });
  return results;
}

const few = fc.integer({ min: -4, max: 4 });
const sample = fc.oneof(few, fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: -1e100, max: 1e100, noNaN: true }));

test.each([false, true])("an outlier by the definition becomes the median, or nothing (drop %s), and all else stays", (drop) => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof({ weight: 3, arbitrary: few }, sample), { maxLength: 60 }),
      fc.integer({ min: 3, max: 21 }),
      fc.constantFrom(0, 0.5, 1, 3, 10),
      fc.constantFrom(0.01, 1, 3),
      (samples, window, threshold, resolution) => {
        const { values } = through([hampel(window, threshold, { drop })], samples, { resolution });
        expect(plain(values)).toEqual(plain(naive(samples, window, threshold, drop, resolution)));
      },
    ),
    { seed: 20240229, numRuns: 500 },
  );
});

describe("hampel", () => {
  const noisy = [20.1, 20.0, 20.2, 19.9, 20.1, 20.0, 20.1];

  test("takes a spike out and leaves noise as it is, which a median would not", () => {
    expect(through([hampel()], [...noisy, 70, ...noisy]).values).toEqual([...noisy, 20.1, ...noisy]);
    expect(through([hampel(7, 3, { drop: true })], [...noisy, 70, -40, ...noisy]).values).toEqual([...noisy, ...noisy]);
  });

  test("makes no outlier of a reading that stood still and moves by its resolution", () => {
    expect(through([hampel()], [5, 5, 5, 5, 5, 5, 5, 5.01, 5.03, 5.04]).values).toEqual([5, 5, 5, 5, 5, 5, 5, 5.01, 5.03, 5]);
  });

  test("lets a lasting step through when half of the window lies behind it", () => {
    expect(through([hampel(7)], [1, 1, 1, 1, 1, 1, 1, 9, 9, 9, 9, 9]).values).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 9, 9]);
  });

  test("follows a steady rise without a delay", () => {
    const rise = Array.from({ length: 40 }, (_, i) => i * 0.5);
    expect(through([hampel()], rise).values).toEqual(rise);
  });

  test("passes a missing reading as missing and judges by the samples alone", () => {
    const { all, missing } = through([hampel(5)], [...noisy, NaN, NaN, 70, NaN, 20]);
    expect(missing).toBe(3);
    expect(all.map(([x]) => x).slice(7)).toEqual([NaN, NaN, 20.1, NaN, 20]);
  });

  test.each([
    [hampel(2), "window must be a whole number from 3 to 101, not 2"],
    [hampel(102), "window must be a whole number from 3 to 101, not 102"],
    [hampel(7.5), "window must be a whole number from 3 to 101, not 7.5"],
    [hampel(7, -1), "threshold must be a number from 0 to 100, not -1"],
    [hampel(7, NaN), "threshold must be a number from 0 to 100, not NaN"],
    [hampel(7, 3, { drop: 1 as never }), "drop must be true or false, not 1"],
  ])("refuses what makes no window: %j", (stage, message) => {
    expect(() => through([stage], [])).toThrow(`channel "test", stage 1 (hampel): ${message}`);
  });
});
