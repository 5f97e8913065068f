/**
 * One column of any CSV file as a series over time: for trying a chain of stages on it. Less strict than a
 * recording for a board: cells that hold no number are missing readings, times may be uneven, and a file
 * without times is taken to be sampled evenly.
 */
import { readFileSync } from "node:fs";
import { failure, success, type Result } from "../../firmware/base/result.js";
import { nearest } from "../../firmware/base/nearest.js";
import { cellsOf, shownCell } from "./csv-cells.js";
import { readReasons } from "./recording.js";
import { parseTime } from "./timestamp.js";

export interface Series {
  /** Of the column. */
  readonly name: string;
  /** Whole ms, growing; of the epoch where `dated`, else from the first row. */
  readonly timesMs: readonly number[];
  readonly dated: boolean;
  /** NaN where a reading is missing. */
  readonly values: readonly number[];
}

export interface SeriesQuestion {
  /** By its name; by default the first that holds numbers. */
  readonly column: string | undefined;
  /** Spacing of rows without times, ms. */
  readonly everyMs: number;
}

const timeNames = ["timestamp", "time", "date", "datetime", "ms", "seconds", "t"];
/** The year 2001: what lies before was not meant to be a date. */
const datedMs = 978_307_200_000;

export function readSeries(file: string, question: SeriesQuestion): Result<Series, "series"> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    return failure("series", `${file}: ${readReasons[(error as NodeJS.ErrnoException).code ?? ""] ?? "it cannot be read"}`);
  }
  return parseSeries(file, text, question);
}

export function parseSeries(file: string, text: string, { column, everyMs }: SeriesQuestion): Result<Series, "series"> {
  const wrong = (line: number, what: string): Result<never, "series"> => failure("series", `${file}:${line}: ${what}`);
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  while (lines.length > 0 && lines[lines.length - 1]!.trim() === "") lines.pop();
  if (lines.length === 0) return wrong(1, "the file is empty");
  const first = cellsOf(lines[0]!);
  // A file of numbers alone has no header.
  const headed = first.some((cell) => Number.isNaN(numberOf(cell)) && parseTime(cell) === undefined);
  const header = headed ? first : first.map((_, index) => `column ${index + 1}`);
  const begin = headed ? 1 : 0;
  if (lines.length <= begin) return wrong(2, "there is no row below the header");
  const sample = cellsOf(lines[begin]!).slice(0, header.length);
  const timeColumn = timeColumnOf(header, sample, headed);
  const chosen = columnOf(header, sample, timeColumn, column);
  if (typeof chosen === "string") return wrong(1, chosen);

  const timesMs: number[] = [];
  const values: number[] = [];
  let lastMs = -Infinity;
  for (let index = begin; index < lines.length; index++) {
    const cells = cellsOf(lines[index]!);
    let atMs = (index - begin) * everyMs;
    if (timeColumn !== undefined) {
      const time = cells[timeColumn] ?? "";
      const parsed = timeOf(time, header[timeColumn]!);
      if (parsed === undefined) return wrong(index + 1, `"${shownCell(time)}" is no time, like 2026-01-31 13:45:00, or seconds`);
      atMs = Math.round(parsed);
    }
    if (atMs <= lastMs)
      return wrong(index + 1, `its time does not come after the row before it: sort the file by time, and leave twins out`);
    lastMs = atMs;
    timesMs.push(atMs);
    values.push(numberOf(cells[chosen] ?? ""));
  }
  if (values.every((value) => Number.isNaN(value))) return wrong(begin + 1, `column "${shownCell(header[chosen]!)}" holds no number`);
  const dated = timesMs[0]! >= datedMs;
  const startMs = dated ? 0 : timesMs[0]!;
  return success({ name: header[chosen]!, timesMs: timesMs.map((ms) => ms - startMs), dated, values });
}

/** NaN where it is none: an empty cell, "unavailable", "nan". */
function numberOf(cell: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(cell) ? Number(cell) : NaN;
}

function timeOf(cell: string, name: string): number | undefined {
  if (name.toLowerCase() === "ms") return /^\d+(\.\d+)?$/.test(cell) ? Number(cell) : undefined;
  return parseTime(cell);
}

function timeColumnOf(header: readonly string[], sample: readonly string[], headed: boolean): number | undefined {
  const named = header.findIndex((name) => timeNames.includes(name.toLowerCase()));
  if (named >= 0 && parseTime(sample[named] ?? "") !== undefined) return named;
  // Without a name, only a date tells itself apart from a reading.
  const dated = sample.findIndex((cell) => Number.isNaN(numberOf(cell)) && parseTime(cell) !== undefined);
  if (dated >= 0) return dated;
  return headed || header.length < 2 ? undefined : 0;
}

function columnOf(
  header: readonly string[],
  sample: readonly string[],
  timeColumn: number | undefined,
  asked: string | undefined,
): number | string {
  if (asked !== undefined) {
    const found = header.indexOf(asked);
    if (found >= 0) return found;
    const near = nearest(asked, header);
    return `there is no column "${shownCell(asked)}"; ${near === undefined ? `there are ${header.map(shownCell).join(", ")}` : `did you mean ${near}?`}`;
  }
  const numbers = header.findIndex((_, index) => index !== timeColumn && !Number.isNaN(numberOf(sample[index] ?? "")));
  if (numbers >= 0) return numbers;
  const other = header.findIndex((_, index) => index !== timeColumn);
  return other >= 0 ? other : "there is no column of readings beside the times";
}
