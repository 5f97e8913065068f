/** What would be right, where a chain's text is not: the mistakes that people make with units, points and names. */
import { firstName, type StageName, takesNames } from "./stage-values.js";

export const functionRule = "a function can stand only in app.ts; a chain as text has numbers, texts, lists and braces";

/** At the beginning of a value: a calibration's point outside of quotes, or a function. */
export function valueHint(rest: string): string | undefined {
  const point = /^[^,|()[\]{}:"']*?->[ \t]*[^\s,|()[\]{}:"']*/.exec(rest)?.[0];
  if (point !== undefined) return `a point stands in quotes: "${point.replace(/\s*->\s*/, " -> ")}"`;
  return rest.startsWith("(") || /^[\w$]+\s*=>/.test(rest) || /^function\b/.test(rest) ? functionRule : undefined;
}

/** At the beginning of one of a stage's values: `min: 0` or `min=0`, which needs braces, or no name. */
export function nameHint(name: StageName, before: string, rest: string): string | undefined {
  if (!/^[A-Za-z_]\w*\s*(:|=(?!>))/.test(rest)) return undefined;
  const typed = /^[^()]*/.exec(rest)![0].trim();
  const entries = typed.replace(/([A-Za-z_]\w*)\s*[:=]\s*/g, "$1: ");
  const short = typed.length <= 60 ? entries : entries.slice(0, entries.indexOf(":") + 1) + " …";
  if (before !== "" || takesNames(name)) return `parameters by name stand in braces: ${name}(${before}{ ${short} })`;
  const [, key = "", value = ""] = /^(\w+): ([^,…]+)$/.exec(short) ?? [];
  const right = value !== "" && firstName(name)?.startsWith(key) ? `: ${name}(${value})` : " (docs/stages.md)";
  return `${name} takes its values in their order, without names${right}`;
}

const units: Readonly<Record<string, string>> = {
  sec: "s",
  second: "s",
  min: "m",
  minute: "m",
  hour: "h",
  hr: "h",
  day: "d",
  millisecond: "ms",
};
const hertz: Readonly<Record<string, number>> = { mhz: 1e-3, hz: 1, khz: 1000 };

/** Behind the value `item`, where neither "," nor the closing bracket stands: a unit after a blank. */
export function unitHint(item: string, rest: string): string | undefined {
  const unit = /^(%|\p{L}+)/u.exec(rest)?.[0];
  if (unit !== undefined && /^[-+]?[\d.]+$/.test(item)) return unitRemedy(item, unit, true);
  const more = /^[\d.]+(ms|[smhd])\b/.exec(rest)?.[0];
  return more !== undefined && /^[\d.]+[mhd]$/.test(item) ? `a time has no blanks in it: ${item}${more}` : undefined;
}

/** A number with a unit that is none here; undefined where nothing better is known. */
export function unitRemedy(number: string, unit: string, apart: boolean): string | undefined {
  if (apart && /^(%|ms|[smhd])$/.test(unit)) return `no blank between a number and its unit: ${number}${unit}`;
  const plain = unit.toLowerCase();
  const time = units[plain] ?? units[plain.replace(/s$/, "")];
  if (time !== undefined) return `times are in ms, s, m, h or d, without a blank: ${number}${time}`;
  const factor = hertz[plain];
  if (factor !== undefined) return `frequencies are in Hz, without the unit: ${Number((Number(number) * factor).toPrecision(12))}`;
  return apart ? `numbers stand without a unit: ${number}` : undefined;
}
