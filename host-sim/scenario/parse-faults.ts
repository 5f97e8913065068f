/** What goes wrong in a scenario: each entry one fault of the catalogue, once or again and again. */
import ownApp from "../../firmware/app.js";
import { faultForms, type FaultForm, type FaultKind, type NumberForm, type WordForm } from "../faults/catalogue.js";
import { type Boards, boardsNamed } from "./parse-boards.js";
import { longestMs } from "./parse-signals.js";
import type { AppPlan, FaultPlan } from "./plan.js";
import { Fields } from "./reader-fields.js";
import { either, quote, type Reader, type Spot, valueOf } from "./reader.js";
import { timeText } from "./schema-time.js";

export const faultKinds = Object.keys(faultForms) as FaultKind[];
const keys = ["at", "every", "from", "until", "chance", "for", "board", "sensor", "fault", "with"];
/** With an entry for a thousand boards counted a thousand times. */
const faultsMax = 100_000;
const timesMax = 1_000_000;

/** The sensors of an app, as far as they are known. */
export type SensorsOf = (app: AppPlan) => readonly string[] | undefined;

export const knownSensors: SensorsOf = (app) =>
  app.kind === "own" ? Object.keys(ownApp.sensors) : app.kind === "inline" ? Object.keys(app.app.sensors) : undefined;

export interface Scene {
  readonly durationMs: number;
  readonly boards: Boards;
  readonly sensorsOf: SensorsOf;
}

export function faultsOf(reader: Reader, spot: Spot | undefined, scene: Scene): FaultPlan[] {
  const all: FaultPlan[] = [];
  for (const entry of (spot && reader.list(spot, "a fault", "a list of faults")) ?? []) {
    const fields = Fields.of(reader, entry, "a fault", keys, "a table such as { at: 10m, for: 30s, fault: wifi-down }");
    const fault = fields && faultOf(reader, fields, scene);
    if (fault === undefined) continue;
    const names = boardsNamed(reader, fields!, scene.boards);
    if (fault.sensor !== undefined) checkSensor(reader, fields!.get("sensor")!, fault.sensor, names, scene);
    if (names === undefined) all.push(fault);
    else for (const board of names) all.push({ ...fault, board });
    if (all.length > faultsMax) {
      reader.wrong(entry, `these are more than ${faultsMax} faults, counting each board: leave board out where all are struck`);
      break;
    }
  }
  return all;
}

function faultOf(reader: Reader, fields: Fields, scene: Scene): FaultPlan | undefined {
  const named = fields.required("fault", "fault: wifi-down");
  if (named === undefined) return undefined;
  const kind = faultKinds.find((each) => each === valueOf(named.node));
  if (kind === undefined) {
    const near = reader.meant(valueOf(named.node), faultKinds);
    const text = reader.text(named, "a fault's name");
    if (text === undefined) return undefined;
    return reader.wrong(named, `unknown fault ${quote(text)}${near === "" ? `; there are ${either(faultKinds)}` : near}`);
  }
  const form: FaultForm = faultForms[kind];
  const at = scheduleOf(fields, scene.durationMs);
  if (!form.lasts && fields.has("for")) fields.wrong("for", `${kind} happens at once and is over: leave for out`);
  const forMs = form.lasts ? fields.time("for", Infinity, 0.001, longestMs) : 0;
  if (form.strikes === "broker" && fields.has("board"))
    fields.wrong("board", `${kind} strikes the broker, which all boards share: leave board out`);
  if (form.strikes !== "sensor" && fields.has("sensor"))
    fields.wrong("sensor", `${kind} strikes ${struck[form.strikes]}: leave sensor out`);
  const sensor = form.strikes === "sensor" ? fields.text("sensor", undefined) : undefined;
  const parameters = parametersOf(reader, fields, kind, form);
  return at && { kind, at, forMs, ...(sensor === undefined ? {} : { sensor }), parameters };
}

const struck = { sensor: "a sensor", board: "a whole board", broker: "the broker" } as const;

function scheduleOf(fields: Fields, durationMs: number): FaultPlan["at"] | undefined {
  const end = timeText(durationMs);
  if (!fields.has("every")) {
    for (const name of ["from", "until", "chance"]) {
      if (fields.has(name)) fields.wrong(name, `${name} is for a fault that repeats: add every, such as every: 1m`);
    }
    if (fields.required("at", "at: 10m, or every: 1m") === undefined) return undefined;
    const atMs = fields.time("at", 0, 0, longestMs);
    if (atMs >= durationMs) fields.wrong("at", `the scenario is over by then: its duration is ${end}`);
    return { kind: "once", atMs };
  }
  if (fields.has("at"))
    fields.wrong("at", "a fault comes once (at) or again and again (every): leave one out; when it begins to repeat is from");
  const everyMs = fields.time("every", 1000, 1, longestMs);
  const fromMs = fields.time("from", 0, 0, longestMs);
  const untilMs = fields.time("until", durationMs, 0, longestMs);
  if (fromMs >= durationMs) fields.wrong("from", `the scenario is over by then: its duration is ${end}`);
  else if (untilMs > durationMs) fields.wrong("until", `the scenario is over before: its duration is ${end}`);
  else if (fields.has("until") && untilMs <= fromMs) fields.wrong("until", `until must come after from, ${timeText(fromMs)}`);
  if ((untilMs - fromMs) / everyMs > timesMax) fields.wrong("every", `this would repeat more than ${timesMax} times`);
  return { kind: "repeated", fromMs, untilMs, everyMs, chance: fields.number("chance", 1, 0, 1) };
}

function parametersOf(reader: Reader, fields: Fields, kind: FaultKind, form: FaultForm): Record<string, number | string> {
  const names = Object.keys(form.parameters);
  const spot = fields.get("with");
  const example = names.length === 0 ? "nothing" : `a table of ${either(names)}`;
  const given = spot && Fields.of(reader, spot, kind, names, example);
  const parameters: Record<string, number | string> = {};
  for (const [name, parameter] of Object.entries(form.parameters)) {
    const value = given?.get(name);
    const byDefault = parameter.byDefault;
    if (value === undefined) {
      if (byDefault === undefined) (given ?? fields).missing(`${kind} needs ${name}, ${parameter.about}: with: { ${name}: … }`);
      else parameters[name] = byDefault;
    } else parameters[name] = parameterOf(reader, value, parameter) ?? byDefault ?? 0;
  }
  return parameters;
}

function parameterOf(reader: Reader, value: Spot, form: NumberForm | WordForm): number | string | undefined {
  if ("words" in form) return reader.word(value, form.words);
  if (form.unit === "ms") return reader.time(value, form.least, form.most);
  return reader.number(value, form.least, form.most, form.unit === "count" || form.unit === "bytes");
}

/** A sensor must be one of those of a board that is struck; of an app file, or where boards are wrong, they may not be known. */
function checkSensor(reader: Reader, spot: Spot, sensor: string, names: readonly string[] | undefined, scene: Scene): void {
  if (reader.full || !scene.boards.right) return;
  const known = new Set<string>();
  const apps = new Set<AppPlan>();
  const struckNames = names === undefined ? undefined : new Set(names);
  for (const { name, app } of scene.boards.all) if (struckNames?.has(name) !== false) apps.add(app);
  for (const app of apps) {
    const sensors = scene.sensorsOf(app);
    if (sensors === undefined) return;
    for (const each of sensors) known.add(each);
  }
  if (known.has(sensor) || apps.size === 0) return;
  const list = [...known];
  const near = reader.meant(sensor, list);
  reader.wrong(spot, `no sensor is named ${quote(sensor)}${near === "" ? `; there are ${either(list) || "none"}` : near}`);
}
