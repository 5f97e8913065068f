/** A duration as people say it: in its largest unit, and the next one where that says something. */
const units: readonly [name: string, ms: number][] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
];

export function durationText(ms: number): string {
  // Rounded first, so that nothing becomes 60 min.
  const grain = grainMs(ms);
  const rounded = Math.round(ms / grain) * grain;
  if (rounded < 1000) return `${rounded} ms`;
  if (rounded < 60_000) return `${rounded / 1000} s`;
  const first = units.findIndex(([, unitMs]) => rounded >= unitMs);
  const [large, largeMs] = units[first]!;
  const [small, smallMs] = units[first + 1]!;
  const rest = Math.floor((rounded % largeMs) / smallMs);
  return `${Math.floor(rounded / largeMs)} ${large}${rest === 0 ? "" : ` ${rest} ${small}`}`;
}

function grainMs(ms: number): number {
  if (ms < 1000) return 1;
  if (ms < 10_000) return 100;
  if (ms < 3_600_000) return 1000;
  return ms < 86_400_000 ? 60_000 : 3_600_000;
}
