/** A command line's words against a table of options: what was given, or one line about what is wrong. The last of several wins. */
import { failure, success, type Result } from "../../firmware/base/result.js";

export interface OptionForm {
  /** What follows it, for messages and help, e.g. `60s`; absent for a switch. */
  readonly value?: string;
  readonly help: readonly string[];
}

/** Values by option name; a switch that was given is "". */
export type Given = Readonly<Record<string, string | undefined>>;

export function parseWords(words: readonly string[], options: Readonly<Record<string, OptionForm>>): Result<Given, "usage"> {
  const given: Record<string, string> = {};
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    const match = /^--?([^=-][^=]*)(?:=(.*))?$/s.exec(word);
    if (match === null)
      return failure("usage", `${quoted(word)} is one word too many: options begin with --, and a value with blanks needs quotes`);
    const [, name = "", attached] = match;
    if (!Object.hasOwn(options, name) || !word.startsWith("--")) {
      const near = nearest(name, Object.keys(options));
      const all = Object.keys(options).map((each) => "--" + each);
      return failure(
        "usage",
        `unknown option ${shown(word.split("=")[0]!)}${near === undefined ? `; there are ${all.join(", ")}` : `; did you mean --${near}?`}`,
      );
    }
    const { value } = options[name]!;
    if (value === undefined) {
      if (attached !== undefined) return failure("usage", `--${name} takes no value: leave ${quoted("=" + attached)} out`);
      given[name] = "";
      continue;
    }
    const next = words[index + 1];
    if (attached === undefined && (next === undefined || next.startsWith("--"))) {
      return failure("usage", `--${name} needs a value: --${name} ${value}`);
    }
    given[name] = attached ?? next!;
    if (attached === undefined) index++;
  }
  return success(given);
}

/** The one of `names` that a typing mistake away from `word` lies, if any does. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.min(3, Math.ceil(word.length / 2));
  for (const name of names) {
    const apart = distance(word.toLowerCase(), name);
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

export function quoted(text: string): string {
  return JSON.stringify(shown(text));
}

function shown(text: string): string {
  return text.length > 60 ? text.slice(0, 60) + "…" : text;
}
