/**
 * Times as scenarios write them, `1h30m` or `250ms`: a number and its unit, larger units first. They are
 * kept to the microsecond, which is the finest that the simulated world knows.
 */
const unitsMs = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;
type Unit = keyof typeof unitsMs;

const part = String.raw`(\d+(?:\.\d*)?|\.\d+)(ms|[dhms])`;
const whole = new RegExp(`^(?:${part})+$`);
const parts = new RegExp(part, "g");

export const timeRule = "a time such as 500ms, 30s, 10m or 1h30m";

/** ms; or what is wrong, to stand after the name of what it is. */
export function timeOf(value: unknown): number | string {
  if (value === 0 || value === "0") return 0;
  if (typeof value === "number") {
    if (value < 0) return negative;
    return Number.isFinite(value)
      ? `needs a unit, such as ${value}${value < 100 ? "" : "m"}s or ${value}${value < 100 ? "m" : "s"}`
      : `must be ${timeRule}`;
  }
  if (typeof value !== "string") return `must be ${timeRule}`;
  const text = value.trim();
  if (text.startsWith("-")) return negative;
  if (text.length > 40 || !whole.test(text)) return `must be ${timeRule}, not ${JSON.stringify(text.slice(0, 40))}${hint(text)}`;
  let ms = 0;
  let lastMs = Infinity;
  for (const [, number, unit] of text.matchAll(parts)) {
    const unitMs = unitsMs[unit as Unit];
    if (unitMs >= lastMs) return `must name each unit once, the largest first, such as 1h30m, not ${JSON.stringify(text)}`;
    lastMs = unitMs;
    ms += Number(number) * unitMs;
  }
  return rounded(ms);
}

const negative = "cannot be negative: times count from the scenario's start";

/** Units that other programs write. */
function hint(text: string): string {
  const found = /^[\d.]+ *(sec|secs|seconds?|min|mins|minutes?|hours?|hrs?|days?|us|µs|S|M|H|D|MS)$/.exec(text);
  if (found !== null) return "; the units are ms, s, m, h and d";
  return /^[\d.]+ +(ms|[dhms])$/.test(text) ? "; leave the blank out" : "";
}

/** To the microsecond, so that sums of times stay what a person would write. */
export function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

/** As `timeOf` reads it: `10m`, `1h30m`, `12.345s`, `250ms`. */
export function timeText(ms: number): string {
  let left = rounded(ms);
  if (left === 0) return "0s";
  let text = "";
  for (const unit of ["d", "h", "m"] as const) {
    const count = Math.floor(left / unitsMs[unit]);
    if (count === 0) continue;
    text += `${count}${unit}`;
    left = rounded(left - count * unitsMs[unit]);
  }
  if (left === 0) return text;
  return text + (left < 1000 ? `${left}ms` : `${Math.round(left * 1000) / 1e6}s`);
}
