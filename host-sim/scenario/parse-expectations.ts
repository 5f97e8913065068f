/** What a scenario promises: conditions on messages, states and counts, each with the time in which it is looked at. */
import type { ReadingError } from "../../firmware/base/reading-error.js";
import { type Boards, boardsNamed } from "./parse-boards.js";
import { longestMs } from "./parse-signals.js";
import { type Condition, type CountName, countNames, type Expectation, states } from "./plan.js";
import { Fields } from "./reader-fields.js";
import { either, quote, type Reader, type Spot } from "./reader.js";
import { rangeText } from "./schema-range.js";
import { rounded, timeText } from "./schema-time.js";

const keys = ["message", "state", "count", "text", "value", "error", "board", "after", "within", "until"];
const kinds = ["message", "state", "count"] as const;
export const readingErrors: readonly ReadingError[] = ["bus", "checksum", "range", "absent", "overflow"];
/** With an entry for a thousand boards counted a thousand times. */
const expectationsMax = 100_000;
const topicBytesMax = 96;

export function expectationsOf(
  reader: Reader,
  spot: Spot | undefined,
  name: "expect" | "never",
  durationMs: number,
  boards: Boards,
): Expectation[] {
  const all: Expectation[] = [];
  for (const entry of (spot && reader.list(spot, `an entry of ${name}`, "a list of conditions")) ?? []) {
    const what = `a condition of ${name}`;
    const fields = Fields.of(reader, entry, what, keys, "a table such as { message: temperature, within: 5s }");
    const condition = fields && conditionOf(reader, fields);
    if (fields === undefined || condition === undefined) continue;
    const [afterMs, untilMs] = windowOf(fields, durationMs);
    const expectation = { place: reader.place(entry.at), text: conditionText(condition), condition, afterMs, untilMs };
    const names = boardsNamed(reader, fields, boards);
    if (names === undefined) all.push(expectation);
    else for (const board of names) all.push({ ...expectation, board });
    if (all.length > expectationsMax) {
      reader.wrong(entry, `these are more than ${expectationsMax} conditions, counting each board: leave board out where all are meant`);
      break;
    }
  }
  return all;
}

function conditionOf(reader: Reader, fields: Fields): Condition | undefined {
  const [kind, second] = kinds.filter((each) => fields.has(each));
  if (kind === undefined) return fields.missing(`what is looked at is missing: ${either(kinds)}, such as message: temperature`);
  if (second !== undefined) return fields.wrong(second, `${kind} stands here already: make ${second} an entry of its own`);
  for (const name of ["text", "value", "error"]) {
    if (kind !== "message" && fields.has(name)) fields.wrong(name, `${name} belongs to a message, not to a ${kind}`);
  }
  if (kind === "message") return messageOf(reader, fields);
  const spot = fields.get(kind)!;
  const rule = kind === "state" ? "a table such as { broker: connected }" : "a table such as { published: at least 1 }";
  const names: readonly string[] = kind === "state" ? Object.keys(states) : countNames;
  const inner = Fields.of(reader, spot, `a ${kind}`, names, rule);
  if (inner === undefined) return undefined;
  const [of, other] = names.filter((each) => inner.has(each));
  if (of === undefined) return inner.missing(`${kind} must be ${rule}`);
  if (other !== undefined) return inner.wrong(other, `${of} stands here already: make ${other} an entry of its own`);
  if (kind === "state") {
    const is = reader.word<string>({ ...inner.get(of)!, name: of }, states[of as keyof typeof states]);
    return is === undefined ? undefined : { kind, of: of as keyof typeof states, is };
  }
  const within = inner.range(of, true);
  return within === undefined ? undefined : { kind, of: of as (typeof countNames)[number], within };
}

function messageOf(reader: Reader, fields: Fields): Condition | undefined {
  const spot = fields.get("message")!;
  const topic = reader.text(spot, "a topic below the board's own, such as temperature");
  if (topic === undefined) return undefined;
  const wrong = topicMistake(topic);
  if (wrong !== undefined) return reader.wrong(spot, `message ${quote(topic)}: ${wrong}`);
  const text = fields.text("text", undefined);
  const value = fields.range("value", false);
  const error = fields.word("error", undefined, readingErrors);
  return {
    kind: "message",
    topic,
    ...(text === undefined ? {} : { text }),
    ...(value === undefined ? {} : { value }),
    ...(error === undefined ? {} : { error }),
  };
}

/** MQTT's rules for topic filters (3.1.1, 4.7). */
function topicMistake(topic: string): string | undefined {
  if (topic === "") return "a topic cannot be empty; # means all of them";
  if (topic.startsWith("/") || topic.startsWith("mote/"))
    return "leave out what stands before the channel: topics are below the board's own";
  if (topic.length > topicBytesMax || /[\p{C}]/u.test(topic))
    return `a topic has at most ${topicBytesMax} characters, all of them printable`;
  const levels = topic.split("/");
  if (levels.some((level, index) => level.includes("#") && (level !== "#" || index < levels.length - 1)))
    return "# stands alone, at the end";
  return levels.some((level) => level.includes("+") && level !== "+") ? "+ stands alone between slashes" : undefined;
}

function windowOf(fields: Fields, durationMs: number): [afterMs: number, untilMs: number] {
  const afterMs = fields.time("after", 0, 0, longestMs);
  if (afterMs > durationMs) fields.wrong("after", `the scenario is over by then: its duration is ${timeText(durationMs)}`);
  if (fields.has("within") && fields.has("until")) fields.wrong("until", "within and until say the same: leave one out");
  const withinMs = fields.time("within", Infinity, 0, longestMs);
  const untilMs = Math.min(rounded(afterMs + withinMs), fields.time("until", Infinity, 0, longestMs));
  if (untilMs < afterMs) fields.wrong("until", `until must not come before after, ${timeText(afterMs)}`);
  if (untilMs !== Infinity && untilMs > durationMs) {
    const name = fields.has("within") ? "within" : "until";
    const ends = name === "within" ? ` ends at ${timeText(untilMs)}` : "";
    fields.wrong(name, `this${ends || " comes"}, after the scenario's end: its duration is ${timeText(durationMs)}`);
  }
  return [afterMs, untilMs];
}

/** A condition as a person reads it, without its time. */
export function conditionText(condition: Condition): string {
  if (condition.kind === "state") return `${condition.of} ${condition.is}`;
  if (condition.kind === "count") return countText(condition);
  const { topic, text, value, error } = condition;
  const said = [
    ...(text === undefined ? [] : [`the text ${quote(text)}`]),
    ...(value === undefined
      ? []
      : [value.least === -Infinity && value.most === Infinity ? "any value" : `a value ${valueText(rangeText(value))}`]),
    ...(error === undefined ? [] : [`the error ${error}`]),
  ];
  return `message ${topic}${said.length === 0 ? "" : ` with ${said.join(" and ")}`}`;
}

function countText({ of, within }: Condition & { readonly kind: "count" }): string {
  const range = String(rangeText(within));
  const one = /^(at least |at most )?1$/.test(range);
  return `${range} ${one ? (singular[of] ?? of) : of}`;
}

/** Counts that are things; the others read the same of one and of many. */
const singular: Partial<Record<CountName, string>> = {
  samples: "sample",
  "read-errors": "read-error",
  connections: "connection",
  boots: "boot",
  "bytes-out": "byte-out",
};

function valueText(range: string | number): string {
  return typeof range === "number" ? `of ${range}` : range;
}
