/** A command line's words against a table of options: what was given, or one line about what is wrong. The last of several wins. */
import { failure, success, type Result } from "../../firmware/base/result.js";
import { nearest } from "../../firmware/base/nearest.js";

export interface OptionForm {
  /** What follows it, for messages and help, e.g. `60s`; absent for a switch. */
  readonly value?: string;
  readonly help: readonly string[];
}

/** Values by option name; a switch that was given is "". */
export type Given = Readonly<Record<string, string | undefined>>;

/** For commands that take more than the last of each option. */
export interface Gathering {
  /** Each option as it is given: for those that may be given more than once. */
  each?(name: string, value: string): void;
  /** A word that belongs to no option; false: it is one too many. */
  word?(word: string): boolean;
}

export function parseWords(
  words: readonly string[],
  options: Readonly<Record<string, OptionForm>>,
  gathering: Gathering = {},
): Result<Given, "usage"> {
  const given: Record<string, string> = {};
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    const match = /^--?([^=-][^=]*)(?:=(.*))?$/s.exec(word);
    if (match === null) {
      if (gathering.word?.(word) === true) continue;
      return failure("usage", `${quoted(word)} is one word too many: options begin with --, and a value with blanks needs quotes`);
    }
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
    gathering.each?.(name, given[name]);
    if (attached === undefined) index++;
  }
  return success(given);
}

export function quoted(text: string): string {
  return JSON.stringify(shown(text));
}

function shown(text: string): string {
  return text.length > 60 ? text.slice(0, 60) + "…" : text;
}
