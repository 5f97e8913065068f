import { expect, test } from "vitest";
import { Series } from "../../../host-sim/dashboard/series.js";

function filled(points: number, pointsMax: number): Series {
  const series = new Series(pointsMax);
  for (let index = 0; index < points; index++) series.push(index * 10, index);
  return series;
}

test("a series gives each reader what is new since its last look", () => {
  const series = filled(5, 100);
  expect(series.since(3)).toEqual({ times: [30, 40], values: [3, 4] });
  expect(series.since(series.total)).toEqual({ times: [], values: [] });
});

test("a full series keeps the newest points, and numbers go on", () => {
  const series = filled(1000, 128);
  expect(series.total).toBe(1000);
  expect(series.oldest).toBe(872);
  const { times, values } = series.since(0);
  expect(values).toEqual(Array.from({ length: 128 }, (_, index) => 872 + index));
  expect(times[0]).toBe(8720);
});

test("a failure is null, and a stride leaves points out", () => {
  const series = filled(6, 64);
  series.push(60, NaN);
  expect(series.since(0, 3).values).toEqual([0, 3, null]);
  expect(series.last()).toBeNaN();
});
