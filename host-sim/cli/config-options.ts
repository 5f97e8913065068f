/** What `mote config` may be told: its words checked, with one line about what is wrong. */
import { nearest } from "../../firmware/base/nearest.js";
import { failure, success, type Result } from "../../firmware/base/result.js";
import { commandHelp } from "./command-help.js";
import { parseWords, quoted, type OptionForm } from "./words.js";

const actions = ["get", "set", "diff", "reset"] as const;

export interface ConfigOptions {
  readonly action: (typeof actions)[number];
  /** Of `get` (none: all) and `reset`. */
  readonly names: readonly string[];
  /** Of `set`: name and value. */
  readonly values: readonly (readonly [name: string, value: string])[];
  /** Of `set` and `diff`; `-` is stdin. */
  readonly file: string | undefined;
  readonly state: string;
  readonly json: boolean;
}

const forms: Readonly<Record<string, OptionForm>> = {
  state: { value: "DIR", help: ["the folder that the board is kept in: that of", "mote start --state DIR or mote sim --state DIR"] },
  file: { value: "FILE.json", help: ['with set: the settings in FILE, such as {"broker":', '{"port": 1884}}; - is stdin'] },
  json: { help: ["one JSON object"] },
};

export function configHelp(): string {
  return commandHelp(
    "mote config get|set|diff|reset --state DIR",
    "what is set on a simulated board",
    forms,
    [
      "mote config get --state porch",
      "mote config get broker.port --state porch",
      "mote config set broker.port=1884 journal.blockS=10 --state porch",
      "mote config set --file porch.json --state porch",
      "mote config diff porch.json --state porch",
      "mote config reset broker.port --state porch",
    ],
    [
      "get shows all settings, or some; set changes some of them, all or none; diff shows",
      "what set --file would change; reset takes back what was set, and what is built in",
      "or the default holds again. A board reads its settings when it starts.",
      "docs/config.md has all of them with their bounds.",
    ],
  );
}

export function parseConfigOptions(words: readonly string[]): Result<ConfigOptions, "usage"> {
  const rest: string[] = [];
  const parsed = parseWords(
    words.map((word) => (word === "-" ? "./-" : word)),
    forms,
    { word: (word) => rest.push(word === "./-" ? "-" : word) > 0 },
  );
  if (!parsed.ok) return parsed;
  const { state, file: fileWord, json } = parsed.value;
  const wrong = (what: string): Result<never, "usage"> => failure("usage", what);
  const [word, ...things] = rest;
  const action = actions.find((each) => each === word);
  if (action === undefined) {
    const near = word === undefined ? undefined : nearest(word, actions);
    const said = word === undefined ? "config needs a word more" : `${quoted(word)} is nothing that config can do`;
    return wrong(near === undefined ? `${said}: ${actions.join(", ")}` : `${said}: did you mean ${near}?`);
  }
  if (state === undefined) return wrong("--state is missing: the folder that the board is kept in, that of mote start --state DIR");
  if (state === "") return wrong("--state must be a folder");
  const options = { action, names: [], values: [], file: undefined, state, json: json !== undefined };
  if (fileWord !== undefined && action !== "set")
    return wrong(
      action === "diff" ? "diff takes its file without --file: mote config diff FILE.json" : `--file belongs to set: leave it out`,
    );
  const file = fileWord === "./-" ? "-" : fileWord;
  switch (action) {
    case "get":
      return success({ ...options, names: things });
    case "reset":
      return things.length === 0 ? wrong("reset needs a setting such as broker.port") : success({ ...options, names: things });
    case "diff":
      return things.length === 1 ? success({ ...options, file: things[0] }) : wrong("diff needs one file, or - for stdin");
    case "set": {
      if (file !== undefined) return things.length === 0 ? success({ ...options, file }) : wrong("set takes values or --file, not both");
      if (things.length === 0) return wrong("set needs a setting and its value, such as broker.port=1884, or --file FILE.json");
      const values = things.map((thing) => thing.split(/=(.*)/s).slice(0, 2));
      const lacking = values.find((each) => each.length < 2)?.[0];
      if (lacking !== undefined) return wrong(`${quoted(lacking)} has no value: write it as NAME=VALUE, such as broker.port=1884`);
      const names = values.map(([name]) => name);
      const twice = names.find((name, index) => names.indexOf(name) < index);
      if (twice !== undefined) return wrong(`${quoted(twice)} is given twice`);
      return success({ ...options, values: values as [string, string][] });
    }
  }
}
