/**
 * Settings as a document: an object of groups of values, from JSON or from code. What is read from one is made
 * anew, name by name from the table, so nothing else of it is kept, whatever it inherits or is called.
 */
import { nearest } from "../base/nearest.js";
import type { Config, PartialConfig } from "../settings.js";
import { kindOf, mistakeIn, type Value } from "./field.js";
import { fieldNamed, groupNamed, schema, settingNames } from "./schema.js";

type Values = Record<string, Record<string, Value>>;

/** Takes what is right, and tells the others, each in a message that names the setting, the value and the bound. */
export function readDocument(document: unknown, onMistake: (message: string) => void): PartialConfig {
  const values: Values = {};
  if (!isTable(document)) onMistake('settings must be an object such as {"broker": {"port": 1883}}, not ' + kindOf(document));
  else for (const group of Object.keys(document)) readGroup(values, group, document[group], onMistake);
  return values as PartialConfig;
}

function readGroup(into: Values, group: string, given: unknown, onMistake: (message: string) => void): void {
  const fields = groupNamed(group);
  if (fields === undefined) return onMistake(unknownGroup(group));
  if (!isTable(given)) {
    // Its value may be a secret in the wrong place.
    return onMistake(group + " must be an object such as " + example(group) + ", not " + kindOf(given));
  }
  for (const name of Object.keys(given)) {
    const full = group + "." + name;
    const field = fieldNamed(full);
    const mistake = field === undefined ? unknownSetting(full) : mistakeIn(full, field, given[name]);
    if (mistake !== undefined) onMistake(mistake);
    else put(into, group, name, given[name] as Value);
  }
}

function put(into: Values, group: string, name: string, value: Value): void {
  if (into[group] === undefined) into[group] = {};
  into[group]![name] = value;
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function unknownSetting(name: string): string {
  const names = settingNames();
  const near = nearest(name, names);
  return (
    'there is no setting "' +
    name.slice(0, 60) +
    '"' +
    (near === undefined ? "; there are " + names.join(", ") : ": did you mean " + near + "?")
  );
}

function unknownGroup(group: string): string {
  const groups = Object.keys(schema);
  const near = nearest(group, groups);
  const which = near === undefined ? "; there are " + groups.join(", ") : ": did you mean " + near + "?";
  return 'there is no group of settings "' + group.slice(0, 60) + '"' + which;
}

function example(group: string): string {
  return '{"' + Object.keys(groupNamed(group)!)[0] + '": …}';
}

/** Writes what `values` has over what `onto` has. */
export function overlay(onto: Config | PartialConfig, values: PartialConfig): void {
  const given = values as Values;
  for (const group of Object.keys(given))
    for (const name of Object.keys(given[group]!)) put(onto as Values, group, name, given[group]![name]!);
}

/** Takes settings out, by their names; what is not in it is no matter. */
export function without(values: PartialConfig, names: readonly string[]): PartialConfig {
  const given = values as Values;
  const left: Values = {};
  for (const group of Object.keys(given))
    for (const name of Object.keys(given[group]!)) if (!names.includes(group + "." + name)) put(left, group, name, given[group]![name]!);
  return left as PartialConfig;
}

/** The value of one setting, if it is there. */
export function valueOf(values: PartialConfig, name: string): Value | undefined {
  const [group = "", last = ""] = name.split(".");
  const given = (values as Values)[group];
  return given !== undefined && Object.hasOwn(given, last) ? given[last] : undefined;
}

/** JSON in ASCII alone: every engine and every editor reads the same. */
export function textOf(values: PartialConfig): string {
  const text = JSON.stringify(values);
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x7f) continue;
    parts.push(text.slice(from, at), escaped(text.codePointAt(at)!));
    // Where strings are counted in UTF-16 units, its second half follows.
    if (text.codePointAt(at)! > 0xffff && code < 0x10000) at++;
    from = at + 1;
  }
  parts.push(text.slice(from));
  return parts.join("");
}

function escaped(code: number): string {
  if (code < 0x10000) return "\\u" + (code + 0x10000).toString(16).slice(1);
  return escaped(0xd800 + ((code - 0x10000) >> 10)) + escaped(0xdc00 + (code & 0x3ff));
}
