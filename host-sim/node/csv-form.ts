/**
 * How a CSV file is written: what stands between its cells, and how its numbers look. Programs of countries
 * with a decimal comma write semicolons or tabs between cells, and "1,5".
 */
import { limits } from "../../firmware/limits.js";
import { cellsOf, type Separator } from "./csv-cells.js";

export interface CsvForm {
  readonly cells: (line: string) => string[];
  /** Whether 1,5 is a number. */
  readonly decimalComma: boolean;
}

/** By the file's first line. */
export function formOf(line: string): CsvForm {
  const [name = "", ...more] = cellsOf(line);
  for (const separator of [";", "\t"] as const satisfies readonly Separator[]) {
    const cells = cellsOf(line, separator);
    // Where both occur, a name or a number holds one of them: what separates comes first, or more often.
    if (cells.length > 1 && (cells.length > more.length + 1 || cells[0]!.length < name.length || cells.some(withDecimalComma))) {
      return { cells: (each) => cellsOf(each, separator), decimalComma: true };
    }
  }
  return { cells: (each) => cellsOf(each), decimalComma: false };
}

/** NaN where it is none, or none that a channel takes: an empty cell, "unavailable", "nan", 1e300. */
export function numberOf(cell: string, { decimalComma }: Pick<CsvForm, "decimalComma">): number {
  const text = decimalComma && withDecimalComma(cell) ? cell.replace(",", ".") : cell;
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
  return Math.abs(value) <= limits.valueMax ? value : NaN;
}

export function withDecimalComma(cell: string): boolean {
  return /^[+-]?\d*,\d+(e[+-]?\d+)?$/i.test(cell);
}
