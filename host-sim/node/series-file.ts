/**
 * One column of any CSV file as a series over time: for trying a chain of stages on it. Less strict than a
 * recording for a board: cells that hold no number within ±1e100 are missing readings, times may be uneven, a
 * file without times is taken to be sampled evenly, and cells may be separated by semicolons or tabs.
 */
import { readFileSync } from "node:fs";
import { failure, success, type Result } from "../../firmware/base/result.js";
import { nearest } from "../../firmware/base/nearest.js";
import { shownCell } from "./csv-cells.js";
import { type CsvForm, formOf, numberOf, withDecimalComma } from "./csv-form.js";
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
/** The last instant that a Date knows. */
const lastMs = 8.64e15;

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
  const form = formOf(lines[0]!);
  const first = form.cells(lines[0]!);
  // A file of numbers alone has no header.
  const headed = first.some((cell) => !numeric(cell, form) && timeIn(cell, form) === undefined);
  const header = headed ? first : first.map((_, index) => `column ${index + 1}`);
  // In a file of one column, it is an empty cell.
  const skipped = (line: string): boolean => header.length > 1 && line.trim() === "";
  const begin = headed ? lines.findIndex((line, index) => index > 0 && !skipped(line)) : 0;
  if (begin < 0) return wrong(2, "there is no row below the header");
  const sample = form.cells(lines[begin]!).slice(0, header.length);
  const timeColumn = timeColumnOf(header, sample, headed, form);
  const unread = timeColumn === undefined ? sample.find((cell, index) => namesTime(header[index]!) && written(cell, form)) : undefined;
  if (unread !== undefined) return wrong(begin + 1, noTime(unread));
  const chosen = columnOf(header, sample, timeColumn, column, form);
  if (typeof chosen === "string") return wrong(1, chosen);

  const timesMs: number[] = [];
  const values: number[] = [];
  let beforeMs = -Infinity;
  for (let index = begin; index < lines.length; index++) {
    if (skipped(lines[index]!)) continue;
    const cells = form.cells(lines[index]!);
    let atMs = timesMs.length * everyMs;
    if (timeColumn !== undefined) {
      const time = cells[timeColumn] ?? "";
      const parsed = timeOf(time, header[timeColumn]!, form);
      if (parsed === undefined) return wrong(index + 1, noTime(time));
      atMs = Math.round(parsed);
    }
    if (atMs <= beforeMs)
      return wrong(index + 1, `its time does not come after the row before it: sort the file by time, and leave twins out`);
    beforeMs = atMs;
    const cell = cells[chosen] ?? "";
    if (!form.decimalComma && withDecimalComma(cell)) return wrong(index + 1, commaRule(header[chosen]!, cell));
    timesMs.push(atMs);
    values.push(numberOf(cell, form));
  }
  if (values.every((value) => Number.isNaN(value))) return wrong(begin + 1, `column "${shownCell(header[chosen]!)}" holds no number`);
  const dated = timesMs[0]! >= datedMs;
  const startMs = dated ? 0 : timesMs[0]!;
  return success({ name: header[chosen]!, timesMs: timesMs.map((ms) => ms - startMs), dated, values });
}

function commaRule(name: string, cell: string): string {
  const remedy = "write a decimal point, or put semicolons between the cells of the whole file";
  return `column "${shownCell(name)}" holds "${shownCell(cell)}", a number with a decimal comma: ${remedy}`;
}

/** A decimal comma makes it no less a number, though one that may have to be refused. */
function numeric(cell: string, form: CsvForm): boolean {
  return !Number.isNaN(numberOf(cell, form)) || withDecimalComma(cell);
}

function timeIn(cell: string, { decimalComma }: CsvForm): number | undefined {
  const parsed = parseTime(decimalComma ? cell.replace(/,(?=\d+(Z|[+-]\d\d:\d\d)?$)/, ".") : cell);
  return parsed !== undefined && parsed <= lastMs ? parsed : undefined;
}

function timeOf(cell: string, name: string, form: CsvForm): number | undefined {
  if (name.toLowerCase() !== "ms") return timeIn(cell, form);
  const ms = numberOf(cell, form);
  return ms >= 0 && ms <= lastMs ? ms : undefined;
}

function namesTime(name: string): boolean {
  return timeNames.includes(name.toLowerCase());
}

/** Whether it looks as if it were meant as a time: no reading, but with digits. */
function written(cell: string, form: CsvForm): boolean {
  return !numeric(cell, form) && /\d\D+\d/.test(cell);
}

function noTime(cell: string): string {
  return `"${shownCell(cell)}" is no time, like 2026-01-31 13:45:00, or seconds`;
}

function timeColumnOf(header: readonly string[], sample: readonly string[], headed: boolean, form: CsvForm): number | undefined {
  const named = header.findIndex(namesTime);
  if (named >= 0 && timeIn(sample[named] ?? "", form) !== undefined) return named;
  // Without a name, only a date tells itself apart from a reading.
  const dated = sample.findIndex((cell) => !numeric(cell, form) && timeIn(cell, form) !== undefined);
  if (dated >= 0) return dated;
  return headed || header.length < 2 ? undefined : 0;
}

function columnOf(
  header: readonly string[],
  sample: readonly string[],
  timeColumn: number | undefined,
  asked: string | undefined,
  form: CsvForm,
): number | string {
  if (asked !== undefined) {
    const found = header.indexOf(asked);
    if (found >= 0) return found;
    const near = nearest(asked, header);
    return `there is no column "${shownCell(asked)}"; ${near === undefined ? `there are ${header.map(shownCell).join(", ")}` : `did you mean ${near}?`}`;
  }
  const numbers = header.findIndex((_, index) => index !== timeColumn && numeric(sample[index] ?? "", form));
  if (numbers >= 0) return numbers;
  const other = header.findIndex((_, index) => index !== timeColumn);
  return other >= 0 ? other : "there is no column of readings beside the times";
}
