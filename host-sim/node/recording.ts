/**
 * A recording: a CSV of `timestamp,column…` with a header, replayed in its own time as the signals that
 * a board's sensors feel. A value holds until the next one. Rows must be complete and in order; the
 * first that is not is named by its line and column.
 */
import { readFileSync } from "node:fs";
import { failure, success, type Result } from "../../firmware/base/result.js";
import { steps } from "../world/chips/signal.js";
import { type Environment, recordable } from "../world/environment.js";
import { cellsOf, shownCell } from "./csv-cells.js";
import { parseTime } from "./timestamp.js";

export interface Recording {
  readonly columns: readonly string[];
  readonly rows: number;
  /** From the first row to the last, and the first row's time more, ms. */
  readonly durationMs: number;
  readonly signals: Partial<Environment>;
}

type Column = keyof typeof recordable;

const headerRule = `the header must be "timestamp" and at least one column, such as "timestamp,temperature"`;

export function readRecording(file: string): Result<Recording, "recording"> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    return failure("recording", `${file}: ${readReasons[(error as NodeJS.ErrnoException).code ?? ""] ?? "it cannot be read"}`);
  }
  return parseRecording(file, text);
}

export const readReasons: Record<string, string> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder, not a file",
  EACCES: "it may not be read by you",
  ERR_STRING_TOO_LONG: "it is too large: at most 512 MiB can be replayed",
  ERR_FS_FILE_TOO_LARGE: "it is too large: at most 512 MiB can be replayed",
};

export function parseRecording(file: string, text: string): Result<Recording, "recording"> {
  const wrong = (line: number, what: string): Result<never, "recording"> => failure("recording", `${file}:${line}: ${what}`);
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  while (lines.length > 0 && lines[lines.length - 1]!.trim() === "") lines.pop();
  const header = cellsOf(lines[0] ?? "");
  const mistake = headerMistake(header, lines[0] ?? "");
  if (mistake !== undefined) return wrong(1, mistake);
  if (lines.length < 2) return wrong(2, "there is no row below the header");

  const points: [atUs: number, value: number][][] = header.slice(1).map(() => []);
  let startMs = 0;
  let lastUs = -1;
  let stepUs = 1e6;
  for (let index = 1; index < lines.length; index++) {
    const line = index + 1;
    const cells = cellsOf(lines[index]!);
    if (cells.length !== header.length) return wrong(line, countMistake(cells, header));
    const time = cells[0]!;
    const ms = parseTime(time);
    if (ms === undefined) {
      return wrong(line, `column "timestamp" holds "${shownCell(time)}" where a time must be, like 2026-01-31 13:45:00, or seconds`);
    }
    if (index === 1) startMs = ms;
    const atUs = (ms - startMs) * 1000;
    if (atUs <= lastUs) return wrong(line, `column "timestamp" holds "${time}", which does not come after the row before it`);
    if (index === 2) stepUs = atUs;
    lastUs = atUs;
    for (let column = 1; column < cells.length; column++) {
      const cell = cells[column]!;
      const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(cell) ? Number(cell) : NaN;
      if (!Number.isFinite(value)) {
        return wrong(line, `column "${header[column]}" ${cell === "" ? "is empty" : `holds "${shownCell(cell)}"`} where a number must be`);
      }
      points[column - 1]!.push([atUs, value]);
    }
  }

  const signals: Partial<Environment> = {};
  header.slice(1).forEach((name, index) => {
    signals[recordable[name as Column]] = steps(points[index]!);
  });
  return success({ columns: header.slice(1), rows: lines.length - 1, durationMs: (lastUs + stepUs) / 1000, signals });
}

function headerMistake(header: readonly string[], line: string): string | undefined {
  if (/^"?timestamp"?[;\t]/.test(line))
    return `cells are separated by ${line.includes(";") ? "semicolons" : "tabs"}; they must be by commas`;
  if (header[0] !== "timestamp") return `column 1 is "${shownCell(header[0]!)}"; ${headerRule}`;
  if (header.length < 2) return headerRule;
  const known = Object.keys(recordable).join(", ");
  for (const [index, name] of header.entries()) {
    if (index === 0) continue;
    if (name === "") return `column ${index + 1} has no name; known: ${known}`;
    if (!Object.hasOwn(recordable, name)) return `column "${shownCell(name)}" is unknown; known: ${known}`;
    const twin = header.slice(1, index).find((other) => recordable[other as Column] === recordable[name as Column]);
    if (twin === name) return `column "${name}" appears twice`;
    if (twin !== undefined) return `columns "${twin}" and "${name}" mean the same quantity: leave one out`;
  }
  return undefined;
}

function countMistake(cells: readonly string[], header: readonly string[]): string {
  if (cells.length === 1 && cells[0] === "") return "the line is empty";
  const counts = `${cells.length} ${cells.length === 1 ? "cell" : "cells"} where the header has ${header.length}`;
  return cells.length < header.length ? `column "${header[cells.length]}" is missing: ${counts}` : counts;
}
