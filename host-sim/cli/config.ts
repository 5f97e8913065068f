/**
 * `mote config`: the settings of a simulated board. Of one that does not run, they are read and written by the board's own code on
 * the image of its flash; one that runs is asked over its virtual Bluetooth (config-live.ts). Returns the exit code.
 */
import { unknownSetting } from "../../firmware/config/document.js";
import { openConfig, setConfig } from "../../firmware/config/open.js";
import { fieldNamed, settingNames } from "../../firmware/config/schema.js";
import { partition as label } from "../../firmware/config/store.js";
import { failure, success, type Result } from "../../firmware/base/result.js";
import type { PartialConfig } from "../../firmware/settings.js";
import { type BoardState, openState } from "../node/board-state.js";
import { flashOfImage, imageOf } from "../node/flash-image.js";
import { Simulation } from "../simulation.js";
import { complain } from "./complaint.js";
import { readConfigFile } from "./config-file.js";
import type { ConfigOptions } from "./config-options.js";
import { aboutText, changesJson, changesOf, changesText, settingJson, type Shown, shownOf, tableText } from "./config-view.js";

export function config(options: ConfigOptions): number | Promise<number> {
  const unknown = options.names.find((name) => fieldNamed(name) === undefined);
  if (unknown !== undefined) return complain(unknownSetting(unknown), 2);
  const wanted = wantedOf(options);
  if (!wanted.ok) return complain(wanted.error.message, 2);
  if (options.state === undefined) return import("./config-live.js").then((of) => of.liveConfig(options, options.reach!, wanted.value));
  const state = openState(options.state, options.action === "set" || options.action === "reset" ? "write" : "read");
  if (!state.ok) return complain(state.error.message, 1);
  const seed = new Simulation({ seed: 1, broker: "model", traced: false }).settings;
  try {
    return options.action === "get" ? get(options, state.value, seed) : change(options, state.value, seed, wanted.value);
  } catch (error) {
    return complain(`--state ${options.state}: ${(error as Error).message}`, 1);
  } finally {
    state.value.close();
  }
}

/** What is to be set: from the words or from the file. */
function wantedOf({ values, file }: ConfigOptions): Result<PartialConfig> {
  if (file !== undefined) return readConfigFile(file) as Result<PartialConfig>;
  const wanted: Record<string, Record<string, unknown>> = {};
  for (const [name, text] of values) {
    const field = fieldNamed(name);
    if (field === undefined) return failure("settings", unknownSetting(name));
    const [group = "", last = ""] = name.split(".");
    (wanted[group] ??= {})[last] = field.type === "whole" && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  }
  return success(wanted as PartialConfig);
}

function get({ names, json }: ConfigOptions, state: BoardState, seed: PartialConfig): number {
  const opened = openConfig(flashOfImage(label, state.image(label)).flash, seed);
  const { problem } = opened;
  const settings = new Map((names.length === 0 ? settingNames() : names).map((name) => [name, shownOf(opened, seed, name)]));
  if (json) {
    const shown = Object.fromEntries(Array.from(settings, ([name, each]) => [name, settingJson(name, each)]));
    process.stdout.write(JSON.stringify({ settings: shown, ...(problem === undefined ? {} : { problem: problem.message }) }) + "\n");
  } else {
    process.stdout.write(tableText(settings));
    if (names.length === 1) process.stdout.write("\n" + aboutText(names[0]!));
  }
  return problem === undefined ? 0 : complain(problem.message, 1);
}

function change(options: ConfigOptions, state: BoardState, seed: PartialConfig, wanted: PartialConfig): number {
  const { action, names, json, file } = options;
  const { flash, partition } = flashOfImage(label, state.image(label));
  const all = (): Map<string, Shown> => {
    const opened = openConfig(flash, seed);
    return new Map(settingNames().map((name) => [name, shownOf(opened, seed, name)]));
  };
  const before = all();
  const kept = setConfig(flash, wanted, names);
  if (!kept.ok) {
    const place = file === undefined ? "" : file === "-" ? "stdin: " : `${file}: `;
    return complain(place + kept.error.message, kept.error.kind === "settings" ? 2 : 1);
  }
  if (action !== "diff" && kept.value.written) state.replace(label, imageOf(partition));
  const changes = changesOf(before, all());
  if (json) process.stdout.write(JSON.stringify({ changes: changesJson(changes) }) + "\n");
  else if (changes.size === 0)
    process.stdout.write(action === "diff" ? "Nothing would change.\n" : "Nothing has changed: it was so already.\n");
  else process.stdout.write(changesText(changes));
  return 0;
}
