/** NAB's score against values worked out by hand from the paper's formulas. */
import { expect, test } from "vitest";
import { normalised, rowsOnTrial, tally, worth } from "../../../host-sim/bench/nab.js";

/** Scores of `rows` rows, 1 at these and 0 elsewhere. */
function alarms(rows: number, ...at: number[]): number[] {
  return Array.from({ length: rows }, (_, row) => (at.includes(row) ? 1 : 0));
}

const judged = (rows: number, at: number[], ...windows: [number, number][]) => tally({ scores: alarms(rows, ...at), windows }, 0.5);

test("an alarm's worth falls from the window's beginning over its end to far behind it", () => {
  // 2 ÷ (1 + e^(5 × position)) − 1; e^5 = 148.413159, e^2.5 = 12.182494, e^−5 = 0.006737947.
  expect(worth(-1)).toBeCloseTo(2 / 1.006737947 - 1, 9);
  expect(worth(-1)).toBeCloseTo(0.986614, 6);
  expect(worth(-0.5)).toBeCloseTo(0.848284, 6);
  expect(worth(0)).toBe(0);
  expect(worth(0.5)).toBeCloseTo(2 / 13.182494 - 1, 6);
  expect(worth(1)).toBeCloseTo(-0.986614, 6);
  expect(worth(3)).toBeCloseTo(-1, 5);
  expect(worth(3)).toBeGreaterThan(-1);
  expect(worth(3.01)).toBe(-1);
});

test("15 % of the rows are on trial, at most 750", () => {
  expect(rowsOnTrial(100)).toBe(15);
  expect(rowsOnTrial(103)).toBe(15);
  expect(rowsOnTrial(5000)).toBe(750);
  expect(rowsOnTrial(22695)).toBe(750);
});

test("the first row of a window is worth a whole window, its last almost nothing", () => {
  expect(judged(100, [40], [40, 49])).toMatchObject({ raw: 1, found: 1, falseAlarms: 0 });
  // Row 49 of 40 … 49 stands at −1 ÷ 10: 2 ÷ (1 + e^−0.5) − 1 = 0.244919, ÷ 0.986614.
  expect(judged(100, [49], [40, 49]).raw).toBeCloseTo(0.244919 / 0.986614, 5);
});

test("only the earliest alarm in a window counts, for good and for bad", () => {
  expect(judged(100, [45, 46, 49], [40, 49]).raw).toBeCloseTo(judged(100, [45], [40, 49]).raw, 12);
  // Row 45: −5 ÷ 10.
  expect(judged(100, [45], [40, 49]).raw).toBeCloseTo(0.848284 / 0.986614, 5);
});

test("a missed window costs 1", () => {
  expect(judged(100, [], [40, 49], [60, 69])).toMatchObject({ raw: -2, found: 0, windows: 2 });
});

test("each false alarm costs 0.11, less right behind a window", () => {
  expect(judged(100, [20])).toMatchObject({ raw: -0.11, falseAlarms: 1 });
  expect(judged(100, [20, 21]).raw).toBeCloseTo(-0.22, 12);
  // Before the first window nothing softens it, however near.
  expect(judged(100, [39, 40], [40, 49]).raw).toBeCloseTo(1 - 0.11, 12);
  // Row 52 is 3 rows behind 49, of a width less one of 9: 2 ÷ (1 + e^(5 ÷ 3)) − 1 = −0.682262.
  expect(judged(100, [40, 52], [40, 49]).raw).toBeCloseTo(1 - 0.11 * 0.682262, 6);
  // 30 rows are more than three widths.
  expect(judged(100, [40, 79], [40, 49]).raw).toBeCloseTo(1 - 0.11, 12);
  // Behind the second window, the second counts.
  expect(judged(200, [40, 60, 72], [40, 49], [60, 69]).raw).toBeCloseTo(2 - 0.11 * 0.682262, 6);
});

test("what happens on trial does not count, nor does a window that ends there", () => {
  expect(judged(100, [3, 14])).toMatchObject({ raw: 0, falseAlarms: 0 });
  expect(judged(100, [15])).toMatchObject({ raw: -0.11, falseAlarms: 1 });
  expect(judged(100, [12], [10, 19])).toMatchObject({ raw: -1, found: 0 });
  // Found from row 15 on, of 10 … 19: −5 ÷ 10.
  expect(judged(100, [12, 15], [10, 19]).raw).toBeCloseTo(0.848284 / 0.986614, 5);
  expect(judged(100, [5], [4, 9])).toMatchObject({ raw: 0, windows: 1, lost: 1, found: 0 });
});

test("a score of exactly the threshold is an alarm", () => {
  const scores = alarms(100).map((_, row) => (row === 40 ? 0.5 : 0.4999));
  expect(tally({ scores, windows: [[40, 49]] }, 0.5)).toMatchObject({ found: 1, falseAlarms: 0 });
});

test("0 for silence, 100 for perfection, 50 for half of it, and below 0 for noise", () => {
  const windows: [number, number][] = [
    [40, 49],
    [60, 69],
  ];
  expect(normalised([judged(100, [], ...windows)])).toBe(0);
  expect(normalised([judged(100, [40, 60], ...windows)])).toBe(100);
  expect(normalised([judged(100, [40], ...windows)])).toBe(50);
  expect(normalised([judged(100, [60], ...windows), judged(100, [40], [40, 49])])).toBeCloseTo(200 / 3, 10);
  // One false alarm of −0.11 out of a way from −2 to 2.
  expect(normalised([judged(100, [20], ...windows)])).toBeCloseTo(-2.75, 10);
  // A recording without anomalies can only lose.
  expect(normalised([judged(100, [40, 60], ...windows), judged(100, [50])])).toBeCloseTo(97.25, 10);
});
