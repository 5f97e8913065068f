/**
 * A series over time as lines of braille dots with its scale: four dots high and two wide a character. Where
 * several samples share a column of dots, all from the least to the greatest are set, so that no spike is lost.
 */
export interface PlotSize {
  /** Characters, the scale included. */
  readonly columns: number;
  /** Lines. */
  readonly rows: number;
}

export interface Range {
  readonly low: number;
  readonly high: number;
}

const blank = 0x2800;
/** Dots of a character by row, left and right (Unicode 15, braille patterns). */
const dots = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

export function rangeOf(values: readonly number[]): Range {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return { low: 0, high: 1 };
  if (low === high) {
    // Half a unit is nothing beside a great number.
    const room = Math.max(0.5, Math.abs(low) * 1e-9);
    return { low: low - room, high: high + room };
  }
  return { low, high };
}

/** `fromMs` … `toMs` is the width; NaN leaves a gap. Neighbours closer than two columns are joined. */
export function braillePlot(
  timesMs: readonly number[],
  values: readonly number[],
  fromMs: number,
  toMs: number,
  { low, high }: Range,
  { columns, rows }: PlotSize,
): string[] {
  const labels = [labelOf(high, low, high), labelOf((low + high) / 2, low, high), labelOf(low, low, high)];
  const labelWidth = Math.max(...labels.map((label) => label.length));
  const width = Math.max(8, columns - labelWidth - 2);
  const wide = width * 2;
  const tall = rows * 4;
  const cells = Array.from({ length: rows }, () => new Uint8Array(width));
  const set = (x: number, y: number): void => void (cells[y >> 2]![x >> 1]! |= dots[y & 3]![x & 1]!);
  const span = Math.max(1, toMs - fromMs);
  let before: { readonly x: number; readonly y: number } | undefined;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) {
      before = undefined;
      continue;
    }
    const x = Math.min(wide - 1, Math.floor(((timesMs[i]! - fromMs) / span) * wide));
    const y = Math.min(tall - 1, Math.max(0, Math.round((1 - (value - low) / (high - low)) * (tall - 1))));
    if (before !== undefined && x - before.x <= 2)
      for (let step = Math.min(y, before.y); step <= Math.max(y, before.y); step++) set(x, step);
    else set(x, y);
    before = { x, y };
  }
  return cells.map((row, index) => {
    const label = index === 0 ? labels[0]! : index === rows - 1 ? labels[2]! : index === (rows - 1) >> 1 ? labels[1]! : "";
    return `${label.padStart(labelWidth)} ┤${String.fromCharCode(...[...row].map((bits) => blank + bits))}`;
  });
}

/** With as many digits as tell the scale's ends apart. */
function labelOf(value: number, low: number, high: number): string {
  const decimals = Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(high - low))));
  const text = value.toFixed(decimals);
  return text.length > 12 ? value.toExponential(2) : text;
}
