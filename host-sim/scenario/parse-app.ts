/** The app of a board, as scenarios write it: `own`, a file, or the app itself, whose drivers and stages are named as in "mote". */
import { isMap } from "yaml";
import { limits } from "../../firmware/limits.js";
import type { Join } from "../../firmware/pipeline/join.js";
import { drivers, inlineApp } from "./inline-app.js";
import type { Absolute } from "./parse-signals.js";
import type { AppPlan, InlineApp, InlineChannel, InlineSensor, StageCall } from "./plan.js";
import { Fields } from "./reader-fields.js";
import { describe, quote, type Reader, type Spot, valueOf } from "./reader.js";
import { plainOf, stageCallOf } from "./stage-form.js";

const driverNames = Object.keys(drivers) as InlineSensor["driver"][];
const appRule = "own, a file such as ./porch.ts, or an app: { sensors: …, channels: … }";
const sensorKeys = ["driver", "on", "every", "phase", "pin", "address", "options"];

export function appOf(reader: Reader, spot: Spot | undefined, absolute: Absolute): AppPlan | undefined {
  if (spot === undefined) return { kind: "own" };
  const value = valueOf(spot.node);
  if (value === "own") return { kind: "own" };
  if (typeof value === "string" && /[^/\\]\.([mc]?[jt]s|json)$/.test(value)) return { kind: "file", file: absolute(value) };
  if (!isMap(spot.node)) return reader.wrong(spot, `app must be ${appRule}, not ${describe(spot.node)}${reader.meant(value, ["own"])}`);
  return inlineOf(reader, spot);
}

function inlineOf(reader: Reader, spot: Spot): AppPlan | undefined {
  const fields = Fields.of(reader, spot, "an app", ["name", "sensors", "channels"], appRule);
  if (fields === undefined) return undefined;
  const before = reader.mistakes;
  const places = new Map<string, Spot>();
  const tables = (name: "sensors" | "channels", example: string): { key: Spot & { readonly text: string }; value: Spot }[] => {
    const table = fields.required(name, `${name}: { ${example} }`);
    const entries = (table && reader.entries(table, `a table such as { ${example} }`)) ?? [];
    for (const { key } of entries) places.set(`${name.slice(0, -1)} ${JSON.stringify(key.text)}`, key);
    return entries;
  };
  const sensors: [string, InlineSensor][] = [];
  for (const { key, value } of tables("sensors", "climate: { driver: SHT3x, every: 1s }")) {
    const sensor = sensorOf(reader, { ...value, name: `sensor ${quote(key.text)}` });
    if (sensor !== undefined) sensors.push([key.text, sensor]);
  }
  const channels: [string, InlineChannel][] = [];
  for (const { key, value } of tables("channels", "temperature: { from: climate.thermometer.temperature, resolution: 0.01 }")) {
    const channel = channelOf(reader, { ...value, name: `channel ${quote(key.text)}` });
    if (channel !== undefined) channels.push([key.text, channel]);
  }
  const name = fields.text("name", "mote");
  if (reader.mistakes > before) return undefined;
  const app: InlineApp = { name, sensors: Object.fromEntries(sensors), channels: Object.fromEntries(channels) };
  const made = inlineApp(app);
  if (made.ok) return { kind: "inline", app };
  // The firmware's messages begin with what they are about.
  const { message } = made.error;
  const about = [...places].find(([begin]) => message.startsWith(begin + ":") || message.startsWith(begin + ","));
  return reader.wrong(about?.[1] ?? spot, message.replace(/\beveryMs\b/g, "every (ms)").replace(/\bphaseMs\b/g, "phase (ms)"));
}

function sensorOf(reader: Reader, spot: Spot): InlineSensor | undefined {
  const fields = Fields.of(reader, spot, "a sensor", sensorKeys, "a table such as { driver: SHT3x, every: 1s }");
  const named = fields?.required("driver", "driver: SHT3x");
  const every = fields?.required("every", "every: 1s");
  const driver = named && reader.word(named, driverNames);
  const everyMs = every && reader.time(every, limits.periodMinMs, limits.periodMaxMs);
  if (fields === undefined || driver === undefined || everyMs === undefined) return undefined;
  const phaseMs = fields.time("phase", undefined, 0, limits.periodMaxMs);
  const pin = fields.number("pin", undefined, 0, 48, true);
  const address = fields.number("address", undefined, 0, 127, true);
  const options = optionsOf(reader, fields.get("options"));
  return {
    driver,
    on: fields.word("on", drivers[driver].on, ["i2c", "analog", "digital"]),
    everyMs,
    ...(phaseMs === undefined ? {} : { phaseMs }),
    ...(pin === undefined ? {} : { pin }),
    ...(address === undefined ? {} : { address }),
    ...(options === undefined ? {} : { options }),
  };
}

function optionsOf(reader: Reader, spot: Spot | undefined): Record<string, unknown> | undefined {
  const entries = spot && reader.entries(spot, "a table of the driver's own settings, such as { reads: 8 }");
  if (entries === undefined) return undefined;
  const options: [string, unknown][] = [];
  for (const { key, value } of entries) {
    const given = valueOf(value.node);
    if (typeof given === "number" || typeof given === "string" || typeof given === "boolean") options.push([key.text, given]);
    else reader.wrong(value, `${quote(key.text)} must be a number, a text, true or false, not ${describe(value.node)}`);
  }
  return Object.fromEntries(options);
}

function channelOf(reader: Reader, spot: Spot): InlineChannel | undefined {
  const example = "from: climate.thermometer.temperature";
  const fields = Fields.of(
    reader,
    spot,
    "a channel",
    ["from", "unit", "resolution", "stages"],
    `a table such as { ${example}, resolution: 0.01 }`,
  );
  if (fields === undefined) return undefined;
  fields.required("from", example);
  fields.required("resolution", "resolution: 0.01");
  const stages: StageCall[] = [];
  const listed = fields.get("stages");
  for (const each of (listed && reader.list(listed, "a stage", "a list such as [{ median: 5 }]")) ?? []) {
    const stage = stageCallOf(reader, each);
    if (stage !== undefined) stages.push(stage);
  }
  const unit = fields.text("unit", undefined);
  const source = fields.get("from");
  // A join is judged by the firmware, as are the stages.
  const from = source !== undefined && isMap(source.node) ? (plainOf(reader, source, 0) as Join) : fields.text("from", "");
  return { from, ...(unit === undefined ? {} : { unit }), resolution: fields.number("resolution", 1, 0, 1e9), stages };
}
