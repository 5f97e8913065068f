/**
 * The score of the Numenta Anomaly Benchmark, standard profile, at one fixed threshold. Formulas: A. Lavin
 * and S. Ahmad, "Evaluating Real-time Anomaly Detection Algorithms: the Numenta Anomaly Benchmark",
 * ICMLA 2015, section II; where the paper leaves a detail open (positions counted in rows, rows on trial,
 * what normalises), the benchmark's own scorer decides, as its documentation tells it.
 */

/** One recording: a score for each row, and the rows its labels cover. */
export interface Judged {
  /** 0 … 1, one a row. */
  readonly scores: readonly number[];
  /** First and last row of each window, both within it; in order, without overlaps. */
  readonly windows: readonly (readonly [first: number, last: number])[];
}

export interface Tally {
  /** What the rules give: 1 at most for a window, −1 for a missed one, at most −0.11 for a false alarm. */
  raw: number;
  windows: number;
  /** Windows that cannot be found, for all their rows are on trial: they count in `windows` only. */
  lost: number;
  found: number;
  falseAlarms: number;
}

/** Weights of the standard profile. */
const weights = { truePositive: 1, falsePositive: 0.11, falseNegative: 1 };

/** The first 15 % of the rows, of at most 5,000 rows, are on trial: what happens there does not count. */
export function rowsOnTrial(rows: number): number {
  return Math.min(Math.floor(0.15 * rows), 750);
}

/** What an alarm is worth, −1 … 1. `position`: −1 a window's beginning, 0 its end, above 0 behind it, in window widths. */
export function worth(position: number): number {
  return position > 3 ? -1 : 2 / (1 + Math.exp(5 * position)) - 1;
}

/** An alarm is a row whose score is at least `threshold`. */
export function tally({ scores, windows }: Judged, threshold: number): Tally {
  const begin = rowsOnTrial(scores.length);
  const result: Tally = { raw: 0, windows: windows.length, lost: 0, found: 0, falseAlarms: 0 };
  for (const [first, last] of windows) {
    if (last < begin) {
      result.lost++;
      continue;
    }
    const width = last - first + 1;
    let row = Math.max(first, begin);
    while (row <= last && !(scores[row]! >= threshold)) row++;
    if (row > last) result.raw -= weights.falseNegative;
    else {
      result.found++;
      // The earliest is worth most: `worth` falls.
      result.raw += (weights.truePositive * worth(-(last - row + 1) / width)) / worth(-1);
    }
  }
  let ahead = 0;
  for (let row = 0; row < scores.length; row++) {
    while (ahead < windows.length && windows[ahead]![1] < row) ahead++;
    if (row < begin || !(scores[row]! >= threshold)) continue;
    if (ahead < windows.length && windows[ahead]![0] <= row) continue;
    result.falseAlarms++;
    const before = windows[ahead - 1];
    result.raw += weights.falsePositive * (before === undefined ? -1 : worth((row - before[1]) / (before[1] - before[0])));
  }
  return result;
}

/** Over all recordings together: 0 for who never raises an alarm, 100 for who is perfect. NaN without a window. */
export function normalised(tallies: readonly Tally[]): number {
  const sum = (of: (tally: Tally) => number) => tallies.reduce((total, one) => total + of(one), 0);
  const silent = -weights.falseNegative * sum((one) => one.windows - one.lost);
  const perfect = weights.truePositive * sum((one) => one.windows);
  return (100 * (sum((one) => one.raw) - silent)) / (perfect - silent);
}
