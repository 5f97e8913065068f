/** Settings as people and scripts see them: each value with its unit and where it comes from. Secrets are only said to be set or not. */
import { valueOf } from "../../firmware/config/document.js";
import { ruleOf, type Value } from "../../firmware/config/field.js";
import type { OpenedConfig } from "../../firmware/config/open.js";
import { fieldNamed } from "../../firmware/config/schema.js";
import type { PartialConfig } from "../../firmware/settings.js";

/** `build`: from build time, which for a simulated board is the simulated network. */
export type Source = "default" | "build" | "set";

/** As people read it, over Bluetooth (`built-in`) and in a folder (`build`) the same. */
export function originText(origin: Source | "built-in"): string {
  return origin === "build" || origin === "built-in" ? "built in" : origin;
}

export interface Shown {
  readonly value: Value;
  readonly source: Source;
}

export function shownOf({ config, stored }: OpenedConfig, seed: PartialConfig, name: string): Shown {
  const source = valueOf(stored, name) !== undefined ? "set" : valueOf(seed, name) !== undefined ? "build" : "default";
  return { value: valueOf(config, name)!, source };
}

export function valueText(name: string, value: Value): string {
  const field = fieldNamed(name)!;
  if (field.secret) return value === "" ? "(not set)" : "(set)";
  if (value === "") return "(not set)";
  return field.type === "whole" && field.unit !== "" ? `${value} ${field.unit}` : String(value);
}

export function tableText(settings: ReadonlyMap<string, Shown>): string {
  const rows = Array.from(settings, ([name, { value, source }]) => [name, valueText(name, value), originText(source)] as const);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column as 0 | 1].length)));
  return rows.map(([name, value, source]) => `${name.padEnd(widths[0]!)}  ${value.padEnd(widths[1]!)}  ${source}\n`).join("");
}

/** What a setting is for, and what it may be. */
export function aboutText(name: string): string {
  const field = fieldNamed(name)!;
  const standard = field.default === "" ? "" : `; default ${valueText(name, field.default)}`;
  return `${field.about}\nMust be ${ruleOf(field)}${standard}.\n`;
}

export function settingJson(name: string, { value, source }: Shown): Record<string, unknown> {
  const field = fieldNamed(name)!;
  const unit = field.type === "whole" && field.unit !== "" ? { unit: field.unit } : {};
  return { ...(field.secret ? { set: value !== "" } : { value }), ...unit, source };
}

export interface Change {
  readonly from: Shown;
  readonly to: Shown;
}

/** What differs. */
export function changesOf(before: ReadonlyMap<string, Shown>, after: ReadonlyMap<string, Shown>): Map<string, Change> {
  const changes = new Map<string, Change>();
  for (const [name, from] of before) {
    const to = after.get(name)!;
    if (from.value !== to.value || from.source !== to.source) changes.set(name, { from, to });
  }
  return changes;
}

export function changesText(changes: ReadonlyMap<string, Change>): string {
  const width = Math.max(...Array.from(changes.keys(), (name) => name.length));
  return Array.from(changes, ([name, { from, to }]) => {
    // The same value from elsewhere, or another secret.
    const alike = valueText(name, from.value) === valueText(name, to.value);
    const anew = alike && from.value !== to.value ? ", another" : "";
    const say = ({ value, source }: Shown): string => valueText(name, value) + (alike && anew === "" ? ` (${originText(source)})` : "");
    return `${name.padEnd(width)}  ${say(from)} → ${say(to)}${anew}\n`;
  }).join("");
}

export function changesJson(changes: ReadonlyMap<string, Change>): Record<string, unknown> {
  return Object.fromEntries(
    Array.from(changes, ([name, { from, to }]) => [name, { from: settingJson(name, from), to: settingJson(name, to) }]),
  );
}
