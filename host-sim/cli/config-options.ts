/** What `mote config` may be told: its words checked, with one line about what is wrong. */
import { nearest } from "../../firmware/base/nearest.js";
import { failure, success, type Result } from "../../firmware/base/result.js";
import { commandHelp } from "./command-help.js";
import { reachForms, reachOptions, type ReachOptions } from "./reach-place.js";
import { parseWords, quoted, type OptionForm } from "./words.js";

const actions = ["get", "set", "diff", "reset", "trial", "confirm", "undo"] as const;
/** What only a board that runs knows of. */
const ofTrials: readonly string[] = ["trial", "confirm", "undo"];

export interface ConfigOptions {
  readonly action: (typeof actions)[number];
  /** Of `get` (none: all) and `reset`. */
  readonly names: readonly string[];
  /** Of `set`: name and value. */
  readonly values: readonly (readonly [name: string, value: string])[];
  /** Of `set` and `diff`; `-` is stdin. */
  readonly file: string | undefined;
  /** The folder of a board that does not run; undefined: a board that runs. */
  readonly state: string | undefined;
  /** How one that runs is reached. */
  readonly reach: ReachOptions | undefined;
  readonly json: boolean;
}

const forms: Readonly<Record<string, OptionForm>> = {
  state: { value: "DIR", help: ["a board that does not run, by the folder that it is", "kept in: that of mote start --state DIR"] },
  file: { value: "FILE.json", help: ['with set: the settings in FILE, such as {"broker":', '{"port": 1884}}; - is stdin'] },
  ...reachForms,
  json: { help: ["one JSON object"] },
};

export function configHelp(): string {
  return commandHelp(
    "mote config get|set|diff|reset|trial|confirm|undo",
    "what is set on a simulated board",
    forms,
    [
      "mote config get broker.port",
      "mote config set wifi.ssid=attic --press",
      "mote config trial",
      "mote config get --state porch",
      "mote config set broker.port=1884 journal.blockS=10 --state porch",
      "mote config set --file porch.json --state porch",
      "mote config diff porch.json --state porch",
      "mote config reset broker.port --state porch",
    ],
    [
      "get shows all settings, or some; set changes some of them, all or none; diff shows",
      "what set --file would change; reset takes back what was set, and what is built in",
      "or the default holds again. A board that runs is paired beforehand: mote pair.",
      "What could cut it off (Wi-Fi, broker) is on trial there: it is undone by itself unless",
      "the broker is reached, or confirm keeps it; trial tells, undo takes it back at once.",
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
  const reached = state === undefined ? reachOptions(parsed.value) : undefined;
  const wrong = (what: string): Result<never, "usage"> => failure("usage", what);
  const [word, ...things] = rest;
  const action = actions.find((each) => each === word);
  if (action === undefined) {
    const near = word === undefined ? undefined : nearest(word, actions);
    const said = word === undefined ? "config needs a word more" : `${quoted(word)} is nothing that config can do`;
    return wrong(near === undefined ? `${said}: ${actions.join(", ")}` : `${said}: did you mean ${near}?`);
  }
  if (state === "") return wrong("--state must be a folder");
  if (reached?.ok === false) return reached;
  const live = ["board", "press", "at"].find((name) => parsed.value[name] !== undefined);
  if (state !== undefined && live !== undefined)
    return wrong(`--state is for a board that does not run, --${live} for one that does: leave one out`);
  if (state !== undefined && ofTrials.includes(action)) return wrong(`${action} is for a board that runs: leave --state out`);
  const options = { action, names: [], values: [], file: undefined, state, reach: reached?.value, json: json !== undefined };
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
    case "trial":
    case "confirm":
    case "undo":
      return things.length === 0 ? success(options) : wrong(`${action} takes no more words: leave ${quoted(things[0]!)} out`);
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
