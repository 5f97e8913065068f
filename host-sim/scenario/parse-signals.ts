/** What boards feel, as scenarios write it: by quantity a number, a word, one part, or a list of parts that are added up. */
import { recordable } from "../world/environment.js";
import type { EnvironmentPlan, Quantity, SignalPart, SignalPlan } from "./plan.js";
import { Fields } from "./reader-fields.js";
import { describe, either, quote, type Reader, type Spot, valueOf } from "./reader.js";
import { isSeq } from "yaml";
import { timeOf, timeText } from "./schema-time.js";

export const quantities = Object.keys(recordable) as Quantity[];
/** Beyond any quantity, and sums of them are still numbers. */
export const valueMax = 1e9;
/** A year and a day: the longest that anything lasts. */
export const longestMs = 366 * 86_400_000;
const hourMs = 3_600_000;
const fastestHz = 100_000;

export const partNames = ["constant", "daily", "steps", "ramp", "noise", "vibration", "recording", "host"] as const;
const rule = `a number, or one of ${either(partNames)}, such as { daily: { mean: 21, amplitude: 1.5 } }`;

/** Makes a path in the scenario absolute. */
export type Absolute = (path: string) => string;

export function environmentOf(reader: Reader, spot: Spot | undefined, absolute: Absolute): EnvironmentPlan {
  if (spot === undefined) return {};
  const fields = Fields.of(reader, spot, "an environment", quantities, "a table such as { temperature: 20, humidity: 45 }");
  const plan: Partial<Record<Quantity, SignalPlan>> = {};
  for (const quantity of quantities) {
    const value = fields?.get(quantity);
    if (value === undefined) continue;
    const twin = quantities.find((other) => other in plan && recordable[other] === recordable[quantity]);
    if (twin !== undefined) fields!.wrong(quantity, `${twin} and ${quantity} mean the same quantity: leave one out`);
    const signal = signalOf(reader, value, quantity, absolute);
    if (signal !== undefined) plan[quantity] = signal;
  }
  return plan;
}

function signalOf(reader: Reader, spot: Spot, quantity: Quantity, absolute: Absolute): SignalPlan | undefined {
  const spots = isSeq(spot.node) ? reader.list(spot, quantity, "a list")! : [spot];
  if (spots === undefined) return undefined;
  if (spots.length === 0) return reader.wrong(spot, `${quantity} is an empty list: it needs at least one part`);
  if (spots.length > 100) return reader.wrong(spot, `${quantity} has ${spots.length} parts; at most 100 are added up`);
  const parts = spots.map((each) => partOf(reader, each, quantity, absolute));
  return parts.every((part) => part !== undefined) ? parts : undefined;
}

function partOf(reader: Reader, spot: Spot, quantity: Quantity, absolute: Absolute): SignalPart | undefined {
  const value = valueOf(spot.node);
  if (value === "host") return { kind: "host" };
  if (typeof value === "number") {
    const constant = reader.number(spot, -valueMax, valueMax);
    return constant === undefined ? undefined : { kind: "constant", value: constant };
  }
  if (value !== undefined && value !== null) {
    return reader.wrong(spot, `${quantity} must be ${rule}, not ${describe(spot.node)}${reader.meant(value, ["host"])}`);
  }
  const entries = reader.entries(spot, rule);
  if (entries === undefined) return undefined;
  const column = entries.find(({ key }) => key.text === "column");
  const [first, second] = entries.filter((each) => each !== column);
  if (first === undefined) return reader.wrong(spot, `${quantity} must be ${rule}, not an empty table`);
  if (second !== undefined) {
    return reader.wrong(
      second.key,
      `a part of a signal has one kind, and ${quote(first.key.text)} stands here already: make it a list of parts`,
    );
  }
  const kind = partNames.find((name) => name === first.key.text);
  if (kind === undefined) {
    const near = reader.meant(first.key.text, partNames);
    return reader.wrong(
      first.key,
      `unknown kind of signal ${quote(first.key.text)}${near === "" ? `; there are ${either(partNames)}` : near}`,
    );
  }
  if (column !== undefined && kind !== "recording") return reader.wrong(column.key, "only a recording has a column");
  return kinds[kind](reader, { ...first.value, name: kind }, { quantity, column: column?.value, absolute });
}

interface About {
  readonly quantity: Quantity;
  readonly column: Spot | undefined;
  readonly absolute: Absolute;
}

type Kind = (typeof partNames)[number];

const kinds: { readonly [K in Kind]: (reader: Reader, spot: Spot, about: About) => SignalPart | undefined } = {
  constant(reader, spot) {
    const value = reader.number(spot, -valueMax, valueMax);
    return value === undefined ? undefined : { kind: "constant", value };
  },
  daily(reader, spot) {
    const fields = Fields.of(
      reader,
      spot,
      "daily",
      ["mean", "amplitude", "peak"],
      "a table such as { mean: 21, amplitude: 1.5, peak: 15h }",
    );
    if (fields === undefined) return undefined;
    fields.required("mean", "mean: 21");
    fields.required("amplitude", "amplitude: 1.5");
    const mean = fields.number("mean", 0, -valueMax, valueMax);
    const amplitude = fields.number("amplitude", 0, -valueMax, valueMax);
    return { kind: "daily", mean, amplitude, peakHour: fields.time("peak", 15 * hourMs, 0, 24 * hourMs) / hourMs };
  },
  steps: (reader, spot) => pointsOf(reader, spot, "steps"),
  ramp: (reader, spot) => pointsOf(reader, spot, "ramp"),
  noise(reader, spot) {
    if (typeof valueOf(spot.node) === "number") {
      const deviation = reader.number(spot, 0, valueMax);
      return deviation === undefined ? undefined : { kind: "noise", deviation, everyMs: 1000 };
    }
    const form = "its standard deviation, such as 0.05, or { deviation: 0.05, every: 1s }";
    const fields = Fields.of(reader, spot, "noise", ["deviation", "every"], form);
    if (fields?.required("deviation", "deviation: 0.05") === undefined) return undefined;
    return { kind: "noise", deviation: fields.number("deviation", 0, 0, valueMax), everyMs: fields.time("every", 1000, 1, longestMs) };
  },
  vibration(reader, spot) {
    const names = ["amplitude", "hz", "share"];
    const fields = Fields.of(reader, spot, "vibration", names, "a table such as { amplitude: 2, hz: 50, share: 0.1 }");
    if (fields === undefined) return undefined;
    fields.required("amplitude", "amplitude: 2");
    fields.required("hz", "hz: 50");
    const amplitude = fields.number("amplitude", 0, 0, valueMax);
    return { kind: "vibration", amplitude, hz: fields.number("hz", 1, 0.001, fastestHz), share: fields.number("share", 0, 0, 1) };
  },
  recording(reader, spot, { quantity, column, absolute }) {
    const file = reader.text(spot, "a file ending in .csv");
    const from = column === undefined ? quantity : reader.word(column, quantities);
    if (file === undefined || from === undefined) return undefined;
    if (!/[^/\\]\.csv$/i.test(file)) return reader.wrong(spot, `recording must be a file ending in .csv, not ${quote(file)}`);
    return { kind: "recording", file: absolute(file), column: from };
  },
  host: (reader, spot) => reader.wrong(spot, "this computer's own thermometer is just the word: host"),
};

function pointsOf(reader: Reader, spot: Spot, kind: "steps" | "ramp"): SignalPart | undefined {
  const entries = reader.entries(spot, "a table of times and values, such as { 0s: 40, 10m: 60 }");
  if (entries === undefined) return undefined;
  if (entries.length === 0) return reader.wrong(spot, `${kind} needs at least one time and value, such as { 0s: 40 }`);
  const points: (readonly [atMs: number, value: number])[] = [];
  let lastMs = -1;
  for (const { key, value } of entries) {
    const atMs = timeOf(key.text);
    if (typeof atMs === "string") return reader.wrong(key, `the time of a value in ${kind} ${atMs}`);
    if (atMs > longestMs) return reader.wrong(key, `the time of a value in ${kind} must be at most ${timeText(longestMs)}`);
    if (atMs <= lastMs) return reader.wrong(key, `${quote(key.text)} does not come after the time before it, ${timeText(lastMs)}`);
    lastMs = atMs;
    const number = reader.number({ ...value, name: `the value at ${key.text}` }, -valueMax, valueMax);
    if (number === undefined) return undefined;
    points.push([atMs, number]);
  }
  return { kind, points };
}
