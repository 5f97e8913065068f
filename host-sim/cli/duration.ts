/** A duration as people say it: its largest unit, and the next one where that says something. */
const units: readonly [letter: string, ms: number][] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
];

export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return seconds < 10 ? `${Math.round(seconds * 10) / 10} s` : `${Math.round(seconds)} s`;
  // Rounded to the smaller of the two first, so that nothing becomes 60 min.
  const first = units.findIndex(([, unitMs]) => ms >= unitMs);
  const [large, largeMs] = units[first]!;
  const [small, smallMs] = units[first + 1]!;
  const whole = Math.round(ms / smallMs);
  const each = largeMs / smallMs;
  const rest = whole % each;
  return rest === 0 ? `${Math.floor(whole / each)} ${large}` : `${Math.floor(whole / each)} ${large} ${rest} ${small}`;
}
