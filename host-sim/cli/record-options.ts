/** What `mote record` may be told: the table of its options, and its words checked, with one line about what is wrong. */
import { failure, success, type Result } from "../../firmware/base/result.js";
import type { Settings } from "../../firmware/settings.js";
import { isColumn } from "../node/recorder.js";
import type { Column } from "../node/recorder-reading.js";
import { recordable } from "../world/environment.js";
import { brokerOf, brokerRule, withoutPassword } from "./broker-url.js";
import { commandHelp } from "./command-help.js";
import { parseDuration } from "./options.js";
import { parseWords, quoted, type OptionForm } from "./words.js";

export interface RecordOptions {
  broker: Settings["broker"];
  /** What to subscribe to, those of `columns` among them. */
  filters: readonly string[];
  /** Topics by column. */
  columns: ReadonlyMap<Column, string>;
  /** Undefined: a trace of the traffic on stdout. */
  out: { readonly file: string; readonly kind: "csv" | "jsonl" } | undefined;
  durationMs: number | undefined;
  json: boolean;
}

const quantities = Object.keys(recordable);
const longestMs = 366 * 86_400_000;

const forms: Readonly<Record<string, OptionForm>> = {
  broker: { value: "URL", help: ["mqtt://[user:password@]host[:port], default", "mqtt://127.0.0.1"] },
  topic: {
    value: "FILTER",
    help: ["what to subscribe to, + and # as in MQTT; may be given", "more than once; default mote/#"],
  },
  out: {
    value: "FILE",
    help: [
      "a .csv is a recording that mote sim --source replays; a",
      ".jsonl is a trace of the traffic, for mote replay. Without",
      "it, the trace goes to stdout",
    ],
  },
  column: {
    value: "NAME=TOPIC",
    help: [
      "fills a column of the .csv from a topic; may be given more",
      "than once. Topics that end in a column's name need none:",
      quantities.slice(0, 5).join(", ") + ",",
      quantities.slice(5).join(", "),
    ],
  },
  duration: { value: "TIME", help: ["500ms, 60s, 10m, 1h or 1d; default: until Ctrl-C"] },
  json: { help: ["the last line of stdout is one JSON object of counts"] },
};

export function recordHelp(): string {
  return commandHelp(
    "mote record [options]",
    "saves what comes from an MQTT broker, to be replayed",
    forms,
    [
      "mote record --topic 'mote/+/temperature' --out day.csv --duration 1d",
      "mote record --out room.csv --column temperature=esp/sensor/room/state",
      "mote record --broker mqtt://me:secret@10.0.0.5 --topic '#' --out all.jsonl",
    ],
    [
      'A message is a plain number, or JSON with "value" (and "unit": °F, hPa … are',
      "converted). In a .csv a value holds until the next one, and rows begin when",
      "every column has one; retained messages, old as they may be, are left out.",
    ],
  );
}

export function parseRecordOptions(words: readonly string[]): Result<RecordOptions, "usage"> {
  const topics: string[] = [];
  const named: string[] = [];
  const parsed = parseWords(words, forms, {
    each(name, value) {
      if (name === "topic") topics.push(value);
      if (name === "column") named.push(value);
    },
  });
  if (!parsed.ok) return parsed;
  const given = parsed.value;
  const wrong = (option: string, rule: string, value = given[option] ?? ""): Result<never, "usage"> =>
    failure("usage", `--${option} must be ${rule}, not ${quoted(value)}`);

  const broker = brokerOf(given["broker"] ?? "mqtt://127.0.0.1");
  if (broker === undefined) return wrong("broker", brokerRule, withoutPassword(given["broker"] ?? ""));

  for (const topic of topics) {
    const mistake = filterMistake(topic);
    if (mistake !== undefined) return failure("usage", `--topic ${quoted(topic)} is no topic filter: ${mistake}`);
  }

  const out = given["out"];
  const kind = out === undefined ? undefined : /.\.(csv|jsonl)$/i.exec(out)?.[1]?.toLowerCase();
  if (out !== undefined && kind === undefined) return wrong("out", "a file ending in .csv or .jsonl");
  if (out === undefined && given["json"] !== undefined) {
    return failure("usage", "--json gives the counts on stdout, where the traffic goes without --out: add --out FILE");
  }

  const columns = columnsOf(named);
  if (!columns.ok) return columns;
  if (columns.value.size > 0 && kind !== "csv") return failure("usage", "--column makes columns of a .csv: add --out FILE.csv");
  const filters = new Set(topics.length > 0 || columns.value.size > 0 ? topics : ["mote/#"]);
  if (kind === "csv") {
    for (const topic of filters) {
      const last = topic.slice(topic.lastIndexOf("/") + 1);
      if (last === "+" || last === "#" || isColumn(last) || [...columns.value.values()].includes(topic)) continue;
      const fix = /[+#]/.test(topic) ? "--column NAME=TOPIC for each topic that is wanted" : `--column NAME=${topic}`;
      return failure("usage", `--topic ${quoted(topic)} does not say which column it fills: ${fix} (NAME: ${quantities.join(", ")})`);
    }
  }
  for (const topic of columns.value.values()) filters.add(topic);

  const durationMs = given["duration"] === undefined ? undefined : parseDuration(given["duration"]);
  if (Number.isNaN(durationMs)) return wrong("duration", "a time such as 500ms, 60s, 10m, 1h or 1d");
  if (durationMs !== undefined && !(durationMs >= 1 && durationMs <= longestMs)) return wrong("duration", "from 1ms to 366d");

  return success({
    broker,
    filters: [...filters],
    columns: columns.value,
    out: out === undefined ? undefined : { file: out, kind: kind === "csv" ? "csv" : "jsonl" },
    durationMs,
    json: given["json"] !== undefined,
  });
}

function columnsOf(named: readonly string[]): Result<ReadonlyMap<Column, string>, "usage"> {
  const columns = new Map<Column, string>();
  for (const each of named) {
    const at = each.indexOf("=");
    const name = each.slice(0, Math.max(0, at));
    const topic = each.slice(at + 1);
    if (at < 1 || topic === "") return failure("usage", `--column must be NAME=TOPIC, not ${quoted(each)}`);
    if (!isColumn(name)) return failure("usage", `--column ${quoted(name)} is unknown; known: ${quantities.join(", ")}`);
    const mistake = /[+#]/.test(topic) ? "a column is filled from one topic, without + and #" : filterMistake(topic);
    if (mistake !== undefined) return failure("usage", `--column ${quoted(each)}: ${mistake}`);
    for (const [other, filled] of columns) {
      if (other === name) return failure("usage", `--column ${name} is given twice`);
      if (filled === topic) return failure("usage", `--column ${other} and ${name} are filled from one topic, ${quoted(topic)}`);
      if (recordable[other] === recordable[name])
        return failure("usage", `--column ${other} and ${name} mean the same quantity: leave one out`);
    }
    columns.set(name, topic);
  }
  return success(columns);
}

/** MQTT 3.1.1, 4.7. */
export function filterMistake(filter: string): string | undefined {
  if (filter === "") return "it is empty";
  if (Buffer.byteLength(filter) > 65_535) return "it is longer than 65,535 bytes";
  if (filter.includes("\0")) return "it holds a null character";
  const levels = filter.split("/");
  for (const [index, level] of levels.entries()) {
    if (level.includes("#") && (level !== "#" || index < levels.length - 1)) return "# must be the whole last level, as in mote/#";
    if (level.includes("+") && level !== "+") return "+ must be a whole level, as in mote/+/temperature";
  }
  return undefined;
}
