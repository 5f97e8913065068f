/** The rows of all benchmarks as one aligned table, and as plain data for `--json`. */
import { reached, type Row } from "./benchmark.js";

/** What one benchmark gave: rows, or why it has none. */
export interface Outcome {
  readonly benchmark: string;
  readonly rows: readonly Row[];
  readonly error?: string;
}

export function allReached(outcomes: readonly Outcome[]): boolean {
  return outcomes.every((outcome) => outcome.error === undefined && outcome.rows.every((row) => reached(row) || row.knownMiss === true));
}

/** Columns: benchmark, figure, measured, asked, and `missed` where it was. Ends in a line feed. */
export function table(outcomes: readonly Outcome[]): string {
  const lines = [["benchmark", "figure", "measured", "asked", ""]];
  for (const { benchmark, rows, error } of outcomes) {
    for (const row of rows)
      lines.push([benchmark, row.what, measured(row), asked(row), reached(row) ? "" : row.knownMiss ? "missed, as known" : "missed"]);
    if (error !== undefined) lines.push([benchmark, error, "", "", "missed"]);
  }
  // An error is a sentence: it must not widen the column of figures.
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => (line[2] === "" ? 0 : line[column]!.length))));
  return lines
    .map((line) => {
      const cells = line.map((cell, column) => (column === 2 ? cell.padStart(widths[2]!) : cell.padEnd(widths[column] ?? 0)));
      return (line[2] === "" ? `${cells[0]}  ${line[1]}  ${line[4]}` : cells.join("  ")).trimEnd() + "\n";
    })
    .join("");
}

export function plainData(outcomes: readonly Outcome[]): unknown {
  return {
    ok: allReached(outcomes),
    benchmarks: outcomes.map(({ benchmark, rows, error }) => ({
      name: benchmark,
      ...(error === undefined ? {} : { error }),
      rows: rows.map((row) => ({ ...row, ok: reached(row) })),
    })),
  };
}

function measured({ measured: value, unit }: Row): string {
  return number(value) + (unit === undefined ? "" : " " + unit);
}

function asked({ limit }: Row): string {
  if (limit === undefined) return "";
  if ("equal" in limit) return "= " + number(limit.equal);
  return "atMost" in limit ? "≤ " + number(limit.atMost) : "≥ " + number(limit.atLeast);
}

/** Whole numbers with separators, ratios with as many digits as say something; what has more digits than that is a checksum and stays. */
function number(value: number | string): string {
  if (typeof value === "string") return value;
  if (Number.isInteger(value)) return value.toLocaleString("en-US");
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(3);
}
