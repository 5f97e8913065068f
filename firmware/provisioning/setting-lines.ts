/** Settings and their schema as lines of text, and changes of them read back (docs/ble.md, verbs 2 to 5). */
import { success, type Failure, type Result } from "../base/result.js";
import { unknownSetting, valueOf } from "../config/document.js";
import { fieldNamed, schemaVersion } from "../config/schema.js";
import { namesOnTrial, type OpenedConfig } from "../config/open.js";
import type { Trial } from "../config/trial.js";
import type { FlashStorage } from "../device.js";
import type { PartialConfig } from "../settings.js";

/** Empty for a secret that is not set. */
export function settingLine(name: string, { config, stored }: OpenedConfig, seed: PartialConfig): string {
  const origin = valueOf(stored, name) !== undefined ? "s " : valueOf(seed, name) !== undefined ? "b " : "d ";
  const value = valueOf(config, name)!;
  if (!fieldNamed(name)!.secret) return origin + name + "=" + value;
  return value === "" ? "" : origin + name;
}

export function schemaLine(name: string): string {
  const field = fieldNamed(name)!;
  const bounds =
    field.type === "whole"
      ? field.min + "\t" + field.max + "\t" + field.unit
      : field.type === "choice"
        ? field.choices.join(",") + "\t\t"
        : field.form + "\t" + field.bytesMax + "\t";
  const flags = (field.secret ? "s" : "") + (field.restart ? "r" : "") + (field.trial ? "t" : "");
  return name + "\t" + field.type + "\t" + bounds + "\t" + field.default + "\t" + flags + "\t" + field.about;
}

export interface Changes {
  readonly changes: PartialConfig;
  readonly forget: readonly string[];
}

/** `malformed`: no such list. `version`: for another schema. `settings`: a setting that does not exist. Values are checked when they are set. */
export function readChanges(body: string): Result<Changes, "malformed" | "version" | "settings"> {
  let end = endOf(body, 0);
  const head = body.slice(0, end);
  if (head !== "schema " + schemaVersion) return wrong(head.slice(0, 7) === "schema " ? "version" : "malformed", "");
  const changes: Record<string, Record<string, string | number>> = {};
  const forget: string[] = [];
  // Line by line: all at once, a body of nothing but line breaks would fill the memory.
  while (end < body.length) {
    const begin = end + 1;
    end = endOf(body, begin);
    const line = body.slice(begin, end);
    const equals = line.indexOf("=");
    const name = equals < 0 ? line : line.slice(0, equals);
    // Only names of the schema become names of properties: those of an engine are few.
    const field = fieldNamed(name);
    if (field === undefined) return wrong("settings", unknownSetting(name));
    const dot = name.indexOf(".");
    const group = name.slice(0, dot);
    const last = name.slice(dot + 1);
    if (forget.indexOf(name) >= 0 || changes[group]?.[last] !== undefined) return wrong("malformed", "");
    if (equals < 0) forget.push(name);
    else (changes[group] ??= {})[last] = field.type === "whole" ? wholeOf(line.slice(equals + 1)) : line.slice(equals + 1);
  }
  return success({ changes: changes as PartialConfig, forget });
}

function endOf(body: string, from: number): number {
  const end = body.indexOf("\n", from);
  return end < 0 ? body.length : end;
}

/** A text that is no whole number stays one, which the check tells. */
function wholeOf(text: string): number | string {
  if (text.length === 0 || text.length > 10) return text;
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) < 0x30 || text.charCodeAt(at) > 0x39) return text;
  return Number(text);
}

function wrong<Kind extends string>(kind: Kind, message: string): { ok: false; error: Failure<Kind> } {
  return { ok: false, error: { kind, message } };
}

export function trialText(trial: Trial, flash: FlashStorage, seed: PartialConfig): string {
  const { state } = trial;
  if (state === "trial") {
    const names = namesOnTrial(flash, seed);
    return "trial " + trial.leftS + (names.length === 0 ? "" : "\n" + names.join("\n"));
  }
  return state === "undone" ? "undone " + trial.reason : state;
}
