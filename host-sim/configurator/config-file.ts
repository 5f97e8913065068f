/** Settings as a file: groups of values in JSON, as `mote config set --file` takes it. Secrets are never in it. */
import { failure, success, type Result } from "../../firmware/base/result.js";
import type { Board, Change } from "./board.js";
import { fieldOf, isSet, settingOf } from "./change.js";
import { mistakeOf } from "./rule.js";

const bytesMax = 65_536;
type Values = Record<string, Record<string, string | number>>;

export function writeConfig(board: Board): { readonly text: string; readonly count: number } {
  const values: Values = {};
  let count = 0;
  for (const field of board.fields) {
    const { origin, value } = settingOf(board, field);
    if (field.secret || origin === "default" || value === undefined) continue;
    const [group = "", name = ""] = field.name.split(".");
    (values[group] ??= {})[name] = field.type === "whole" ? Number(value) : value;
    count++;
  }
  return { text: JSON.stringify(values, null, 2) + "\n", count };
}

/** Names and values as texts; what they may be is looked at by `restorable`. */
export async function readConfig(file: File): Promise<Result<ReadonlyMap<string, unknown>, "file">> {
  const wrong = (what: string): Result<never, "file"> => failure("file", `${file.name}: ${what}`);
  if (file.size > bytesMax) return wrong("it is too large: settings are a few lines");
  let document: unknown;
  try {
    document = JSON.parse(await file.text());
  } catch (error) {
    return wrong(`it is no JSON: ${(error as Error).message}`);
  }
  const found = new Map<string, unknown>();
  if (!isTable(document)) return wrong('it must hold an object such as {"broker": {"port": 1883}}');
  for (const [group, values] of Object.entries(document)) {
    if (!isTable(values)) return wrong(`"${group.slice(0, 40)}" must be an object of settings`);
    for (const [name, value] of Object.entries(values)) found.set(`${group}.${name}`, value);
  }
  return success(found);
}

/** What of it is new to the board. Anything wrong in it, and nothing is taken. */
export function restorable(
  board: Board,
  values: ReadonlyMap<string, unknown>,
): Result<{ readonly change: Change; readonly notes: readonly string[] }, "setting"> {
  const set = new Map<string, string>();
  for (const [name, value] of values) {
    const field = fieldOf(board, name);
    if (field === undefined) return failure("setting", `The board has no setting "${name.slice(0, 60)}": take it out of the file.`);
    if (typeof value !== "string" && typeof value !== "number") return failure("setting", `${name} must be a text or a number.`);
    const text = String(value);
    const mistake = mistakeOf(field, text);
    if (mistake !== undefined) return failure("setting", `${mistake}: correct it in the file.`);
    if (field.secret ? text !== "" : text !== settingOf(board, field).value) set.set(name, text);
  }
  const missing = board.fields.filter((field) => field.secret && !isSet(board, field) && !set.has(field.name));
  const notes = missing.length === 0 ? [] : [`Not in the file, and not set on the board: ${missing.map(({ name }) => name).join(", ")}.`];
  return success({ change: { set, forget: [] }, notes });
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
