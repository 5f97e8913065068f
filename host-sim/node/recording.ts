/**
 * A recording: a CSV of `timestamp,column…` with a header, replayed in its own time as the signals that
 * a board's sensors feel. A value holds until the next one. Rows must be complete and in order; the
 * first that is not is named by its line and column.
 */
import { readFileSync } from "node:fs";
import { failure, success, type Result } from "../../firmware/base/result.js";
import type { Signal } from "../world/chips/signal.js";
import { type Environment, recordable } from "../world/environment.js";

export interface Recording {
  readonly columns: readonly string[];
  /** From the first row to the last, and one row's time more, ms. */
  readonly durationMs: number;
  readonly signals: Partial<Environment>;
}

export function readRecording(file: string): Result<Recording, "recording"> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    return failure("recording", `${file}: ${missing ? "there is no such file" : "it cannot be read"}`);
  }
  return parseRecording(file, text);
}

export function parseRecording(file: string, text: string): Result<Recording, "recording"> {
  const wrong = (line: number, what: string): Result<Recording, "recording"> => failure("recording", `${file}:${line}: ${what}`);
  const lines = text.split(/\r?\n/);
  while (lines.length > 0 && lines[lines.length - 1] === "") lines.pop();
  const header = (lines[0] ?? "").split(",").map((name) => name.trim());
  if (header[0] !== "timestamp" || header.length < 2) {
    return wrong(1, `the header must be "timestamp" and at least one column, such as "timestamp,temperature"`);
  }
  for (const name of header.slice(1)) {
    if (!(name in recordable)) return wrong(1, `column "${name}" is unknown; known: ${Object.keys(recordable).join(", ")}`);
    if (header.indexOf(name) !== header.lastIndexOf(name)) return wrong(1, `column "${name}" appears twice`);
  }
  if (lines.length < 2) return wrong(2, "there is no row below the header");

  const timesUs: number[] = [];
  const columns: number[][] = header.slice(1).map(() => []);
  let startMs = 0;
  for (let index = 1; index < lines.length; index++) {
    const line = index + 1;
    const cells = lines[index]!.split(",").map((cell) => cell.trim());
    if (cells.length !== header.length) return wrong(line, `${cells.length} cells where the header has ${header.length}`);
    const ms = parseTime(cells[0]!);
    if (Number.isNaN(ms)) return wrong(line, `timestamp "${cells[0]}" must be like 2026-01-31 13:45:00, or a number of seconds`);
    if (index === 1) startMs = ms;
    const atUs = (ms - startMs) * 1000;
    if (index > 1 && atUs <= timesUs[index - 2]!) return wrong(line, `timestamp "${cells[0]}" does not come after the row before it`);
    timesUs.push(atUs);
    for (let column = 1; column < cells.length; column++) {
      const cell = cells[column]!;
      const value = cell === "" ? NaN : Number(cell);
      if (!Number.isFinite(value)) {
        return wrong(line, `column "${header[column]}" ${cell === "" ? "is empty" : `holds "${cell}"`} where a number must be`);
      }
      columns[column - 1]!.push(value);
    }
  }

  const signals: Partial<Environment> = {};
  header.slice(1).forEach((name, index) => {
    signals[recordable[name as keyof typeof recordable]] = held(timesUs, columns[index]!);
  });
  const lastUs = timesUs[timesUs.length - 1]!;
  const stepUs = timesUs.length > 1 ? timesUs[1]! - timesUs[0]! : 1e6;
  return success({ columns: header.slice(1), durationMs: (lastUs + stepUs) / 1000, signals });
}

/** Milliseconds; a time without a zone is UTC, so that a recording is the same everywhere. */
function parseTime(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  if (!/^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/.test(text)) return NaN;
  const zoned = /(Z|[+-]\d\d:\d\d)$/.test(text) || text.length === 10;
  return Date.parse(text.replace(" ", "T") + (zoned ? "" : "Z"));
}

/** The value in force at a time: found by bisection. */
function held(timesUs: readonly number[], values: readonly number[]): Signal {
  return (nowUs) => {
    let low = 0;
    let high = timesUs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (timesUs[middle]! <= nowUs) low = middle;
      else high = middle - 1;
    }
    return values[low]!;
  };
}
