/** What `mote swarm` may be told: the table of its options, and its words checked, with one line about what is wrong. */
import { availableParallelism } from "node:os";
import { failure, success, type Result } from "../../firmware/base/result.js";
import { shortestMs, usualMs } from "../swarm/draw.js";
import { commandHelp } from "./command-help.js";
import { durationText } from "./duration.js";
import { parseDuration } from "./options.js";
import { parseWords, quoted, type OptionForm } from "./words.js";

export interface SwarmOptions {
  readonly seeds: number;
  readonly start: number;
  readonly durationMs: number;
  /** As it was typed, for the command that replays a seed. */
  readonly time: string | undefined;
  readonly jobs: number;
  /** In place of what seeds draw: one scenario file. */
  readonly scenario: string | undefined;
  readonly json: boolean;
}

const seedMax = 4_294_967_295;
const jobsMax = 256;
const longestMs = 7 * 86_400_000;
const usualSeeds = 1000;

const forms: Readonly<Record<string, OptionForm>> = {
  seeds: { value: "N", help: [`how many random scenarios, default ${usualSeeds}`] },
  start: { value: "S", help: ["the first seed, default 1; the others follow it"] },
  time: {
    value: "TIME",
    help: [
      `virtual time of each, from ${durationText(shortestMs).replace(" min", "m")}; default 10m. Faults in the`,
      "first part, and none in the last",
    ],
  },
  jobs: { value: "N", help: ["how many run at once; default: one a core"] },
  scenario: { value: "FILE", help: ["holds one scenario to the promises instead, such as one", "that a campaign has saved"] },
  json: { help: ["the last line of stdout is one JSON object of the result"] },
};

export function swarmHelp(): string {
  return commandHelp(
    "mote swarm [options]",
    "draws random boards and faults, and holds the firmware to its promises",
    forms,
    ["mote swarm --seeds 100", "mote swarm --seeds 1 --start 123", "mote swarm --scenario swarm-123.yaml"],
    [
      "It ends at the first broken promise, shrinks the schedule of faults that",
      "broke it, and saves it as a scenario, swarm-SEED.yaml.",
      "",
      "Exit codes: 0 every promise was kept, 1 one was broken or never put to the",
      "test (in 100 seeds and more), 2 wrong usage.",
    ],
  );
}

export function parseSwarmOptions(words: readonly string[]): Result<SwarmOptions, "usage"> {
  const parsed = parseWords(words, forms);
  if (!parsed.ok) return parsed;
  const given = parsed.value;
  const whole = (name: string, otherwise: number, least: number, most: number): Result<number, "usage"> => {
    const text = given[name];
    if (text === undefined) return success(otherwise);
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (value >= least && value <= most) return success(value);
    return failure("usage", `--${name} must be a whole number from ${least} to ${most}, not ${quoted(text)}`);
  };
  const seeds = whole("seeds", usualSeeds, 1, seedMax);
  if (!seeds.ok) return seeds;
  const start = whole("start", 1, 0, seedMax);
  if (!start.ok) return start;
  if (start.value + seeds.value - 1 > seedMax) return failure("usage", `seeds end at ${seedMax}: give a smaller --start or --seeds`);
  const jobs = whole("jobs", availableParallelism(), 1, jobsMax);
  if (!jobs.ok) return jobs;
  const durationMs = given["time"] === undefined ? usualMs : parseDuration(given["time"]);
  if (!(durationMs >= shortestMs && durationMs <= longestMs && Number.isInteger(durationMs))) {
    const what = Number.isNaN(durationMs)
      ? "a time such as 10m or 1h"
      : `from ${durationText(shortestMs)} (a board may need three minutes to come back when all faults are over) to ${durationText(longestMs)}`;
    return failure("usage", `--time must be ${what}, not ${quoted(given["time"]!)}`);
  }
  const { scenario } = given;
  if (scenario !== undefined) {
    const other = ["seeds", "start", "time", "jobs"].find((name) => given[name] !== undefined);
    if (other !== undefined) return failure("usage", `--scenario is one run and has its own seed and time: leave --${other} out`);
    if (scenario === "") return failure("usage", '--scenario must be a file, not ""');
  }
  return success({
    seeds: seeds.value,
    start: start.value,
    durationMs,
    time: given["time"],
    jobs: jobs.value,
    scenario,
    json: given["json"] !== undefined,
  });
}
