import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseSeries, readSeries } from "../../../host-sim/node/series-file.js";

const question = { column: undefined, everyMs: 1000 };

function series(text: string, column?: string) {
  const parsed = parseSeries("data.csv", text, { ...question, column });
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

function refusal(text: string, column?: string): string {
  const parsed = parseSeries("data.csv", text, { ...question, column });
  return parsed.ok ? "" : parsed.error.message;
}

describe("a column of a CSV file", () => {
  test("has the times of the column that is named for them, and is the first with numbers", () => {
    const text = "timestamp,place,value,other\n2026-01-01 00:00:00,hall,20.5,1\n2026-01-01 00:00:01,hall,unavailable,2\n";
    const startMs = Date.UTC(2026, 0, 1);
    expect(series(text)).toEqual({ name: "value", timesMs: [startMs, startMs + 1000], dated: true, values: [20.5, NaN] });
    expect(series(text, "other").values).toEqual([1, 2]);
  });

  test("may have seconds, milliseconds, or no times at all", () => {
    expect(series("time,x\n5,1\n5.5,2\n")).toMatchObject({ timesMs: [0, 500], dated: false });
    expect(series("ms,x\n5,1\n10,2\n")).toMatchObject({ timesMs: [0, 5] });
    expect(series("x\n1\n\n3\n")).toMatchObject({ name: "x", timesMs: [0, 1000, 2000], values: [1, NaN, 3] });
    expect(series("0.5,7\n1.5,8\n")).toMatchObject({ name: "column 2", timesMs: [0, 1000], values: [7, 8] });
    expect(series("4\n5\n")).toMatchObject({ name: "column 1", values: [4, 5] });
  });

  test("skips blank lines, but for those of a single column, which are empty cells", () => {
    expect(series("time,x\n\n5,1\n   \n6,2\n\n")).toMatchObject({ timesMs: [0, 1000], values: [1, 2] });
    expect(series("x,y\n1,7\n\n2,8\n", "y")).toMatchObject({ timesMs: [0, 1000], values: [7, 8] });
  });

  test("may have semicolons or tabs between its cells, and decimal commas then", () => {
    const semicolons = 'time;temp;"note; of a day"\n0,5;1,5;"a;b"\n1,5;-2,25;\n2;,5;\n3;1.5;\n4;1,234,5;\n';
    expect(series(semicolons)).toEqual({
      name: "temp",
      timesMs: [0, 1000, 1500, 2500, 3500],
      dated: false,
      values: [1.5, -2.25, 0.5, 1.5, NaN],
    });
    expect(series("timestamp\tx, °C\n2026-01-01 00:00:00,5\t7\n2026-01-01 00:00:01\t8,5\n")).toMatchObject({
      name: "x, °C",
      timesMs: [Date.UTC(2026, 0, 1) + 500, Date.UTC(2026, 0, 1) + 1000],
      values: [7, 8.5],
    });
    expect(series("0,5;7,5\n1,5;8\n")).toMatchObject({ name: "column 2", timesMs: [0, 1000], values: [7.5, 8] });
    expect(series("time,a;b\n5,1\n")).toMatchObject({ name: "a;b", values: [1] });
  });

  test("takes what no channel takes for a missing reading", () => {
    expect(series("x\n1\n1e300\nInfinity\n-1e400\n1e100\n2\n").values).toEqual([1, NaN, NaN, NaN, 1e100, 2]);
  });

  test("keeps a cell's place behind an empty one in a line with quotes", () => {
    expect(series('a,b\n,"5"\n"6",\n', "b").values).toEqual([5, NaN]);
  });

  test.each([
    ['time,x,y\n5,"1,5",2\n', undefined, 'data.csv:2: column "x" holds "1,5", a number with a decimal comma'],
    ['time,x\n5,1\n6,"1,5"\n', "x", 'data.csv:3: column "x" holds "1,5", a number with a decimal comma'],
    ["time,x\n31.01.2026 12:00,1\n", undefined, 'data.csv:2: "31.01.2026 12:00" is no time'],
    [`time,x\n1,1\n${"9".repeat(400)},1\n`, undefined, "is no time"],
    ["", undefined, "data.csv:1: the file is empty"],
    ["time,x\n", undefined, "data.csv:2: there is no row below the header"],
    ["time,x\n5,1\n5,2\n", undefined, "data.csv:3: its time does not come after the row before it"],
    ["time,x\n5,1\nnoon,2\n", undefined, 'data.csv:3: "noon" is no time'],
    ["time,x\n5,a\n6,b\n", undefined, 'data.csv:2: column "x" holds no number'],
    ["time,value\n5,1\n", "valeu", 'there is no column "valeu"; did you mean value?'],
    ["time\n5\n", undefined, "there is no column of readings beside the times"],
  ])("%j is refused with its place", (text, column, message) => {
    expect(refusal(text, column)).toContain(message);
  });

  test("is never a reason to throw", () => {
    const cell = fc.constantFrom("time", "5", "6", "nan", "", "2026-01-01", '"a,b"', '"', "x", "-1e9");
    const text = fc
      .array(
        fc.array(cell, { maxLength: 4 }).map((cells) => cells.join(",")),
        { maxLength: 6 },
      )
      .map((lines) => lines.join("\n"));
    fc.assert(
      fc.property(text, (given) => {
        parseSeries("data.csv", given, question);
      }),
      { seed: 3, numRuns: 1000 },
    );
    expect(readSeries("nowhere.csv", question)).toMatchObject({ error: { message: "nowhere.csv: there is no such file" } });
  });
});
