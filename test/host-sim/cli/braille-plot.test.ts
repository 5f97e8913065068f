import { expect, test } from "vitest";
import { braillePlot, rangeOf } from "../../../host-sim/cli/braille-plot.js";

const size = { columns: 14, rows: 2 };

test("a plot has its scale beside it, and joins neighbours", () => {
  const times = Array.from({ length: 20 }, (_, index) => index);
  const lines = braillePlot(times, times, 0, 19, rangeOf(times), size);
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^19\.0 ┤⠀+/);
  expect(lines[1]).toMatch(/^ 0\.0 ┤[^⠀]/);
  expect(lines[0]!.at(-1)).not.toBe("⠀");
});

test("a spike of one sample among a thousand is seen, and a gap stays empty", () => {
  const values = Array.from({ length: 1000 }, (_, index) => (index === 700 ? 9 : index > 400 && index < 600 ? NaN : 0));
  const [top, bottom] = braillePlot(
    values.map((_, index) => index),
    values,
    0,
    999,
    { low: 0, high: 9 },
    { columns: 45, rows: 2 },
  );
  expect([...top!.slice(6)].filter((cell) => cell !== "⠀")).toHaveLength(1);
  expect(bottom!.slice(6)).toMatch(/^[^⠀]+⠀+[^⠀]+$/);
});

test("a constant, and nothing, have a range", () => {
  expect(rangeOf([5, 5])).toEqual({ low: 4.5, high: 5.5 });
  const far = rangeOf([1e100]);
  expect(far.high).toBeGreaterThan(far.low);
  expect(rangeOf([NaN])).toEqual({ low: 0, high: 1 });
});
