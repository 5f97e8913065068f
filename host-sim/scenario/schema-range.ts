/** Ranges of numbers as people write and read them: `from 19 to 24`, `at least 1`, `at most 3`, `any`, or just the number. */
import type { Range } from "./plan.js";

export const rangeRule = 'a number, "at least 19", "at most 24", "from 19 to 24" or "any"';
export const countRangeRule = 'a whole number, "at least 1", "at most 3", "more than 0", "less than 5" or "from 1 to 3"';

const number = String.raw`([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)`;
const bound = new RegExp(String.raw`^(at least|at most|more than|less than)\s+${number}$`, "i");
const both = new RegExp(String.raw`^from\s+${number}\s+to\s+${number}$`, "i");

/** Undefined where it is none. With `counts`, ends are whole, and `more than` and `less than` mean something. */
export function rangeOf(value: unknown, counts: boolean): Range | undefined {
  if (typeof value === "number") return within(value, value, counts);
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  if (text === "any") return { least: -Infinity, most: Infinity };
  const ends = both.exec(text);
  if (ends !== null) return within(Number(ends[1]), Number(ends[2]), counts);
  const found = bound.exec(text);
  if (found === null) return undefined;
  const end = Number(found[2]);
  if (!Number.isFinite(end)) return undefined;
  switch (found[1]!.toLowerCase()) {
    case "at least":
      return within(end, Infinity, counts);
    case "at most":
      return within(-Infinity, end, counts);
    case "more than":
      return counts ? within(end + 1, Infinity, true) : undefined;
    default:
      return counts ? within(-Infinity, end - 1, true) : undefined;
  }
}

function within(least: number, most: number, counts: boolean): Range | undefined {
  if (!(least <= most) || least === Infinity || most === -Infinity) return undefined;
  for (const end of [least, most]) if (counts && Number.isFinite(end) && !Number.isInteger(end)) return undefined;
  return { least, most };
}

const sign = /^([<>]=?)\s*(\S+)$/;

/** What to write instead of signs such as `> 0`; undefined where the text is none of these. */
export function signsRemedy(text: string, counts: boolean): string | undefined {
  const found = sign.exec(text.trim());
  if (found === null) return undefined;
  const [, signs, end] = found;
  const strict = counts ? (signs === ">" ? "more than" : "less than") : signs === ">" ? "at least" : "at most";
  const words = `${signs === ">=" ? "at least" : signs === "<=" ? "at most" : strict} ${end}`;
  if (rangeOf(words, counts) === undefined) return undefined;
  const wider = !counts && signs!.length === 1 ? `, which takes ${end} too` : "";
  return `must be in words: instead of ${signs} ${end} write ${words}${wider}`;
}

/** What `rangeOf` reads back. */
export function rangeText({ least, most }: Range): string | number {
  if (least === most) return least;
  if (least === -Infinity) return most === Infinity ? "any" : `at most ${most}`;
  return most === Infinity ? `at least ${least}` : `from ${least} to ${most}`;
}
