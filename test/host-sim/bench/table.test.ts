import { expect, test } from "vitest";
import { median, medianRatio, reached, type Row } from "../../../host-sim/bench/benchmark.js";
import { allReached, plainData, table } from "../../../host-sim/bench/table.js";

const rows: Row[] = [
  { what: "ratio", measured: 1.38765, limit: { atMost: 1.5 } },
  { what: "speed", measured: 1234.5, unit: "s/s" },
  { what: "sum", measured: "2323290.356102117", limit: { equal: "2323290.356102117" } },
];

test("a row reaches what is asked of it, at the limit too", () => {
  const row = (measured: number | string, limit: NonNullable<Row["limit"]>) => reached({ what: "x", measured, limit });
  expect([row(1.5, { atMost: 1.5 }), row(1.51, { atMost: 1.5 })]).toEqual([true, false]);
  expect([row(100, { atLeast: 100 }), row(99.9, { atLeast: 100 })]).toEqual([true, false]);
  expect([row(0, { equal: 0 }), row(1e-9, { equal: 0 }), row("0", { equal: 0 })]).toEqual([true, false, false]);
  expect([row(NaN, { atMost: 1 }), row(NaN, { atLeast: 1 }), row("1", { atMost: 1 })]).toEqual([false, false, false]);
  expect(reached({ what: "x", measured: 1 })).toBe(true);
});

test("a ratio is the median of the rounds' ratios, so one slow round does not matter", () => {
  expect(median([3, 1, 100])).toBe(3);
  expect(median([1, 2, 3, 100])).toBe(2.5);
  expect(medianRatio([2, 40, 2.2], [1, 20, 1])).toBe(2);
});

test("a figure that is known to be missed is told as missed, and fails nothing", () => {
  const known: Row = { what: "speed", measured: 948, limit: { atMost: 700 }, knownMiss: true };
  const outcome = { benchmark: "blocks", rows: [known] };
  expect(reached(known)).toBe(false);
  expect(allReached([outcome])).toBe(true);
  expect(allReached([{ benchmark: "blocks", rows: [{ ...known, knownMiss: undefined as never }] }])).toBe(false);
  expect(table([outcome])).toContain("missed, as known");
});

test("the table is aligned and says what was missed", () => {
  const missed: Row = { what: "more", measured: 2, unit: "µs", limit: { atLeast: 3 } };
  expect(
    table([
      { benchmark: "pipeline", rows: [...rows, missed] },
      { benchmark: "codec", rows: [], error: "XS is not built" },
    ]),
  ).toBe(
    [
      "benchmark  figure           measured  asked",
      "pipeline   ratio               1.388  ≤ 1.500",
      "pipeline   speed            1235 s/s",
      "pipeline   sum     2323290.356102117  = 2323290.356102117",
      "pipeline   more                 2 µs  ≥ 3                  missed",
      "codec      XS is not built  missed",
      "",
    ].join("\n"),
  );
});

test("all is reached when each row is and no benchmark failed", () => {
  expect(allReached([{ benchmark: "a", rows }])).toBe(true);
  expect(allReached([{ benchmark: "a", rows: [], error: "no" }])).toBe(false);
  expect(allReached([{ benchmark: "a", rows: [{ what: "x", measured: 2, limit: { atMost: 1 } }] }])).toBe(false);
});

test("the plain data carries measured, asked and the verdict", () => {
  expect(
    plainData([
      { benchmark: "a", rows: [rows[0]!] },
      { benchmark: "b", rows: [], error: "no" },
    ]),
  ).toEqual({
    ok: false,
    benchmarks: [
      { name: "a", rows: [{ what: "ratio", measured: 1.38765, limit: { atMost: 1.5 }, ok: true }] },
      { name: "b", rows: [], error: "no" },
    ],
  });
});
