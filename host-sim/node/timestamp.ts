/** Times as recordings have them. One without a zone is UTC, so that a recording is the same everywhere. */

/** Plain numbers are seconds; from here on they can only be milliseconds (as seconds, the year 5138). */
const leastMs = 1e11;

/** Milliseconds, or undefined when it is no time: `2026-01-31`, `2026-01-31 13:45[:00[.5]]`, with `T` or a zone too, or a number. */
export function parseTime(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) < leastMs ? Number(text) * 1000 : Number(text);
  const match = /^(\d{4}-\d\d-(\d\d))(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(text);
  if (match === null) return undefined;
  const [, date, day, time = "00:00", zone = "Z"] = match;
  // Date.parse takes 30 February for 1 March.
  if (new Date(`${date}T00:00Z`).getUTCDate() !== Number(day)) return undefined;
  const ms = Date.parse(`${date}T${time}${zone}`);
  return Number.isNaN(ms) ? undefined : ms;
}
