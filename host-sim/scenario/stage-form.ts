/**
 * How a scenario writes a stage: `{ median: 5 }`, the name that apps call and what stands in its brackets. A
 * list is several arguments, a table is one with its parameters, nothing is none; times are written with their
 * unit. `or` and `group` take a list of stages. The firmware judges the values, but for the forms below,
 * whose mistakes are told where they stand.
 */
import { isMap, isSeq } from "yaml";
import { limits } from "../../firmware/limits.js";
import * as builders from "../../firmware/pipeline/builders.js";
import type { Stage } from "../../firmware/pipeline/stage.js";
import type { StageCall } from "./plan.js";
import { quote, type Reader, type Spot, valueOf } from "./reader.js";
import { timeOf } from "./schema-time.js";

/** Calls the builder of that name: plain data, unchecked. */
export function builtStage([name, ...values]: StageCall): Stage {
  const given = holdsStages(name) ? values.map((call) => builtStage(call as StageCall)) : values;
  return (builders as unknown as Record<string, (...values: unknown[]) => Stage>)[name]!(...given);
}

export function holdsStages(name: string): boolean {
  return name === "or" || name === "group";
}

export function isStageName(name: string): boolean {
  return Object.hasOwn(builders, name);
}

export function stageCallOf(reader: Reader, spot: Spot): StageCall | undefined {
  const bare = valueOf(spot.node);
  if (typeof bare === "string" && isStageName(bare) && !Object.hasOwn(forms, bare)) return [bare];
  const entries = reader.entries(spot, "a table of its name and value, such as { median: 5 }");
  if (entries === undefined) return undefined;
  const [first, second] = entries;
  if (first === undefined || second !== undefined) {
    return reader.wrong(second?.key ?? spot, "a stage is one name and its value, such as { median: 5 }");
  }
  const name = first.key.text;
  if (!isStageName(name)) {
    const near = reader.meant(name, Object.keys(builders));
    return reader.wrong(
      first.key,
      `unknown stage ${quote(name)}${near === "" ? "; docs/stages.md and docs/esphome.md have them all" : near}`,
    );
  }
  const form = (Object.hasOwn(forms, name) ? forms[name] : undefined) ?? anything;
  const values = form(reader, first.value);
  return values === undefined ? undefined : [name, ...values];
}

type StageForm = (reader: Reader, spot: Spot) => readonly unknown[] | undefined;

/** Far beyond every stage's own bounds, which the firmware checks. */
const numberMax = 1e100;
const results = ["min", "max", "mean", "std", "count"] as const;

const one: StageForm = (reader, spot) => {
  const value = reader.number(spot, -numberMax, numberMax);
  return value === undefined ? undefined : [value];
};

/** A list gives the arguments one by one. */
const anything: StageForm = (reader, spot) => {
  if (!isSeq(spot.node)) {
    const value = plainOf(reader, spot, 0);
    return value === undefined ? [] : [value];
  }
  return (reader.list(spot, spot.name, "a list") ?? []).map((item) => plainOf(reader, item, 0));
};

const stagesOf: StageForm = (reader, spot) => {
  const items = reader.list(spot, "a stage", "a list of stages, such as [{ delta: 0.5 }, { throttle: 60s }]");
  if (items === undefined) return undefined;
  const calls: StageCall[] = [];
  for (const item of items) {
    const call = stageCallOf(reader, item);
    if (call === undefined) return undefined;
    calls.push(call);
  }
  return calls;
};

const forms: Readonly<Record<string, StageForm>> = {
  offset: one,
  multiply: one,
  median: (reader, spot) => (isMap(spot.node) || spot.node === null ? anything(reader, spot) : one(reader, spot)),
  summary: one,
  throttle(reader, spot) {
    const everyMs = reader.time(spot, 1, limits.periodMaxMs);
    return everyMs === undefined ? undefined : [everyMs];
  },
  window(reader, spot) {
    const rule = "a number of samples and a result, such as [60, mean]";
    const items = isSeq(spot.node) ? reader.list(spot, "window", rule) : undefined;
    if (items === undefined || items.length !== 2) return reader.wrong(spot, `window must be ${rule}`);
    const samples = reader.number({ ...items[0]!, name: "the number of samples" }, 1, limits.reducedSamplesMax, true);
    const result = reader.word({ ...items[1]!, name: "the result" }, results);
    return samples === undefined || result === undefined ? undefined : [samples, result];
  },
  or: stagesOf,
  group: stagesOf,
};

const depthMax = 4;

/** Plain data out of YAML; a text that is a time becomes its ms. Undefined for nothing. */
export function plainOf(reader: Reader, spot: Spot, depth: number): unknown {
  if (depth > depthMax) return reader.wrong(spot, `${spot.name} is nested too deep`);
  if (isSeq(spot.node)) return (reader.list(spot, spot.name, "a list") ?? []).map((item) => plainOf(reader, item, depth + 1));
  if (isMap(spot.node)) {
    const entries = reader.entries(spot, "a table") ?? [];
    return Object.fromEntries(entries.map(({ key, value }) => [key.text, plainOf(reader, value, depth + 1)]));
  }
  const value = valueOf(spot.node);
  if (typeof value !== "string") return value ?? undefined;
  const timeMs = timeOf(value);
  return typeof timeMs === "number" ? timeMs : value;
}
