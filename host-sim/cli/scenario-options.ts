/** What `mote sim FILE.yaml` may be told beside the file. */
import { failure, success, type Result } from "../../firmware/base/result.js";
import { defaultArenaBytes, parseSimOptions, type SimOptions } from "./options.js";
import type { ScenarioWords } from "./scenario.js";
import { type OptionForm, parseWords, quoted } from "./words.js";

export const scenarioForms: Readonly<Record<string, OptionForm>> = {
  engine: { value: "node|xs", help: ["as for a single board"] },
  seed: { value: "N", help: ["in place of the scenario's own"] },
  trace: { value: "FILE.jsonl", help: ["every byte on the wire and every bus transaction"] },
  arena: { value: "BYTES", help: ["the XS engine's heap"] },
  json: { help: ["stdout is one JSON object: the verdict and the counts of each board"] },
};

export function parseScenarioOptions(file: string, words: readonly string[]): Result<ScenarioWords, "usage"> {
  const parsed = parseWords(words, scenarioForms);
  if (!parsed.ok) return parsed;
  const { engine = "node", seed, trace, arena, json } = parsed.value;
  if (engine !== "node" && engine !== "xs") return failure("usage", `--engine must be node or xs, not ${quoted(engine)}`);
  if (seed !== undefined && !(/^\d+$/.test(seed) && Number(seed) <= 4294967295)) {
    return failure("usage", `--seed must be a whole number from 0 to 4294967295, not ${quoted(seed)}`);
  }
  const arenaBytes = arena === undefined ? defaultArenaBytes : /^\d+$/.test(arena) ? Number(arena) : NaN;
  if (!(arenaBytes >= 8192 && arenaBytes <= 16_777_216)) {
    return failure("usage", `--arena must be bytes, a whole number from 8192 to 16777216, not ${quoted(arena ?? "")}`);
  }
  if (trace === "") return failure("usage", "--trace must be a file");
  return success({
    file,
    engine,
    seed: seed === undefined ? undefined : Number(seed),
    traceFile: trace,
    json: json !== undefined,
    arenaBytes,
  });
}

/** What `mote start FILE.yaml` takes of the options of `mote start`: boards and surroundings are the scenario's. */
const ofStory = ["engine", "seed", "speed", "duration", "dashboard", "trace", "arena"];

export interface StoryOptions extends Omit<SimOptions, "seed"> {
  /** In place of the scenario's. */
  readonly seed: number | undefined;
}

export function parseStoryOptions(words: readonly string[]): Result<StoryOptions, "usage"> {
  const options = parseSimOptions(words);
  if (!options.ok) return options;
  const given = words.filter((word) => word.startsWith("--")).map((word) => word.slice(2).split("=")[0]!);
  const other = given.find((name) => !ofStory.includes(name));
  if (other !== undefined)
    return failure("usage", `--${other} is for the scenario to say; with one there are ${ofStory.map((name) => "--" + name).join(", ")}`);
  return success({ ...options.value, seed: given.includes("seed") ? options.value.seed : undefined });
}
