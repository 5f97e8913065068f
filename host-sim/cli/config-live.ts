/** The settings of a simulated board that runs, over its virtual Bluetooth: the same words as on a folder, and what is on trial. */
import { failure, success, type Result } from "../../firmware/base/result.js";
import { valueOf } from "../../firmware/config/document.js";
import type { Value } from "../../firmware/config/field.js";
import { setConfig } from "../../firmware/config/open.js";
import { fieldNamed, settingNames } from "../../firmware/config/schema.js";
import { partition as label } from "../../firmware/config/store.js";
import type { PartialConfig } from "../../firmware/settings.js";
import { flashOfImage } from "../node/flash-image.js";
import type { BoardClient, SetOutcome, SettingValue, TrialState } from "../pairing/contract.js";
import { flashBytes } from "../world/board.js";
import { complain } from "./complaint.js";
import type { ConfigOptions } from "./config-options.js";
import { aboutText, type Change, changesJson, changesOf, changesText, settingJson, type Shown, tableText } from "./config-view.js";
import { commandAt, type ReachOptions } from "./reach-place.js";
import { exitCodeOf, knownBoard, reach } from "./reach.js";
import { trialText } from "./trial-watch.js";

type Told = Result<{ readonly text: string; readonly json: unknown }, string>;

export async function liveConfig(options: ConfigOptions, place: ReachOptions, wanted: PartialConfig): Promise<number> {
  const mistake = mistakeIn(wanted);
  if (mistake !== undefined) return complain(placeOf(options) + mistake, 2);
  const known = await knownBoard(place);
  const reached = known.ok ? await reach(place, known.value) : known;
  if (!reached.ok) return complain(reached.error.message, exitCodeOf(reached.error.kind));
  const client = reached.value;
  const told = await doneWith(client, options, wanted);
  client.close();
  if (!told.ok) {
    const setting = told.error.kind === "setting";
    return complain((setting ? placeOf(options) : "") + told.error.message, setting ? 2 : 1);
  }
  process.stdout.write(options.json ? JSON.stringify(told.value.json) + "\n" : told.value.text);
  return 0;
}

function placeOf({ file }: ConfigOptions): string {
  return file === undefined ? "" : file === "-" ? "stdin: " : `${file}: `;
}

/** As the board's own code would have it, tried on blank flash. */
function mistakeIn(wanted: PartialConfig): string | undefined {
  const { flash } = flashOfImage(label, Buffer.alloc(flashBytes[label]!, 0xff));
  const kept = setConfig(flash, wanted);
  return kept.ok ? undefined : kept.error.message;
}

function doneWith(client: BoardClient, options: ConfigOptions, wanted: PartialConfig): Promise<Told> {
  switch (options.action) {
    case "get":
      return get(client, options);
    case "diff":
      return diff(client, wanted);
    case "set":
    case "reset":
      return change(client, options, wanted);
    case "trial":
      return judged(client.trial());
    case "confirm":
      return judged(client.confirm());
    case "undo":
      return judged(client.undo());
  }
}

async function get(client: BoardClient, { names }: ConfigOptions): Promise<Told> {
  const all = await settingsOf(client);
  if (!all.ok) return all;
  const lacking = names.find((name) => !all.value.has(name));
  if (lacking !== undefined) return failure("version", `the board's firmware has no setting ${lacking}: it is of another version`);
  const shown = new Map((names.length === 0 ? settingNames() : names).flatMap((name) => of(all.value, name)));
  const text = tableText(shown) + (names.length === 1 ? "\n" + aboutText(names[0]!) : "");
  const json = { settings: Object.fromEntries(Array.from(shown, ([name, each]) => [name, settingJson(name, each)])) };
  return success({ text, json });
}

function of(all: ReadonlyMap<string, Shown>, name: string): [string, Shown][] {
  const shown = all.get(name);
  return shown === undefined ? [] : [[name, shown]];
}

async function diff(client: BoardClient, wanted: PartialConfig): Promise<Told> {
  const before = await settingsOf(client);
  if (!before.ok) return before;
  const after = new Map(before.value);
  for (const name of settingNames()) {
    const value = valueOf(wanted, name);
    if (value !== undefined) after.set(name, { value: shownValue(name, value), source: "set" });
  }
  return success(changesTold(changesOf(before.value, after), "Nothing would change.\n"));
}

async function change(client: BoardClient, options: ConfigOptions, wanted: PartialConfig): Promise<Told> {
  const before = await settingsOf(client);
  if (!before.ok) return before;
  const { names } = options;
  const values = settingNames().flatMap((name): [string, string][] => {
    const value = valueOf(wanted, name);
    return value === undefined ? [] : [[name, String(value)]];
  });
  const set = await client.set(new Map(values), names);
  if (!set.ok) return set;
  const after = await settingsOf(client);
  if (!after.ok) return after;
  // Whether a secret is another one than before, nobody can see: where something has changed, it counts as one.
  const anew = new Map(after.value);
  if (set.value.state !== "same")
    for (const [name] of values)
      if (fieldNamed(name)!.secret && anew.get(name)?.value !== "") anew.set(name, { value: "anew", source: "set" });
  const { text, json } = changesTold(changesOf(before.value, anew), "Nothing has changed: it was so already.\n");
  const { state, leftS, restart } = set.value;
  return success({
    text: text + outcomeText(set.value, options.reach!),
    json: { ...json, state, ...(state === "trial" ? { leftS } : {}), restart },
  });
}

function changesTold(
  changes: ReadonlyMap<string, Change>,
  none: string,
): { readonly text: string; readonly json: { readonly changes: unknown } } {
  return { text: changes.size === 0 ? none : changesText(changes), json: { changes: changesJson(changes) } };
}

function outcomeText({ state, leftS, restart }: SetOutcome, place: ReachOptions): string {
  const [tells, keeps] = ["mote config trial", "mote config confirm"].map((command) => commandAt(command, place));
  const trial = state === "trial" ? `On trial for ${leftS} s: ${tells} tells how it gets on, ${keeps} keeps it.\n` : "";
  return trial + (restart.length === 0 ? "" : `Takes effect when the board restarts: ${restart.join(", ")}.\n`);
}

async function judged(asked: ReturnType<BoardClient["trial"]>): Promise<Told> {
  const judgement = await asked;
  if (!judgement.ok) return judgement;
  return success({ text: stateText(judgement.value), json: jsonOf(judgement.value) });
}

function stateText(judgement: TrialState): string {
  const { state, leftS, names } = judgement;
  if (state !== "trial") return trialText(judgement) + "\n";
  return `On trial for ${leftS} s more: ${names.join(", ")}.\nmote config confirm keeps it, mote config undo takes it back at once.\n`;
}

function jsonOf({ state, leftS, reason, names }: TrialState): Record<string, unknown> {
  return state === "trial" ? { state, leftS, names } : { state, ...(state === "undone" ? { reason } : {}) };
}

/** Every setting of the board that is known here. A secret that is set has a value that says no more than that. */
async function settingsOf(client: BoardClient): Promise<Result<ReadonlyMap<string, Shown>, string>> {
  const settings = await client.settings();
  if (!settings.ok) return settings;
  const told = new Map(settings.value.map((each) => [each.name, each]));
  return success(new Map(settingNames().flatMap((name) => shownOf(name, told.get(name)))));
}

const sources = { set: "set", "built-in": "build", default: "default" } as const;

function shownOf(name: string, told: SettingValue | undefined): [string, Shown][] {
  const { secret } = fieldNamed(name)!;
  if (told === undefined) return secret ? [[name, { value: "", source: "default" }]] : [];
  return [[name, { value: shownValue(name, told.value ?? "set"), source: sources[told.origin] }]];
}

function shownValue(name: string, value: Value): Value {
  const { type, secret } = fieldNamed(name)!;
  if (secret) return value === "" ? "" : "set";
  return type === "whole" ? Number(value) : value;
}
