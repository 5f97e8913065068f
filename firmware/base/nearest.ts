/** Typing mistakes: which of the names that there are was probably meant. */

/** The one of `names` that a typing mistake away from `word` lies, if any does. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  // What is far longer than any name is no mistyped one, and would take long to compare.
  if (word.length > 60) return undefined;
  let best: string | undefined;
  let least = Math.ceil(word.length / 2);
  if (least > 3) least = 3;
  for (const name of names) {
    const apart = distance(word.toLowerCase(), name.toLowerCase());
    if (apart < least) {
      least = apart;
      best = name;
    }
  }
  return best;
}

/** Letters to change, add, drop or swap with their neighbour. */
function distance(from: string, to: string): number {
  let before: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1];
      row[j] = Math.min(last[j - 1]! + (same ? 0 : 1), last[j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) row[j] = Math.min(row[j]!, before[j - 2]! + 1);
    }
    before = last;
    last = row;
  }
  return last[to.length]!;
}
