/** What `mote export` may be told: its words checked, with one line about what is wrong. */
import { failure, success, type Result } from "../../firmware/base/result.js";
import type { ExportQuery } from "../collector/export.js";
import { defaultStore, storeForm } from "./collect-options.js";
import { commandHelp } from "./command-help.js";
import { parseDuration } from "./options.js";
import { parseWords, quoted, type OptionForm } from "./words.js";

export interface ExportOptions extends ExportQuery {
  store: string;
  form: "csv" | "json";
}

const forms: Readonly<Record<string, OptionForm>> = {
  store: storeForm,
  from: {
    value: "TIME",
    help: ["from this time on: 2026-11-20T10:00, in UTC unless a zone", "is given (…T10:00+01:00); or so long ago: 90m, 24h, 7d"],
  },
  to: { value: "TIME", help: ["until before this time"] },
  device: { value: "NAME", help: ["one board's samples only"] },
  channel: { value: "NAME", help: ["one channel's samples only"] },
  csv: { help: ["a row a sample, with a head; this is the default"] },
  json: { help: ["one JSON object a sample, each on a line"] },
};

export function exportHelp(): string {
  return commandHelp(
    "mote export [options]",
    "the samples that mote collect keeps, with their wall times",
    forms,
    [
      "mote export --store house.db --from 24h > day.csv",
      "mote export --from 2026-11-20T10:00 --to 2026-11-20T12:00 --channel temperature --json",
    ],
    [
      "Boards have no wall time: it is worked out from when their blocks arrived, and",
      "uncertaintyMs says how much later a time is told than it was, at most; it is empty",
      "where nobody knows. docs/collect.md has the columns, and queries in SQL.",
    ],
  );
}

/** `nowMs`: since 1970. */
export function parseExportOptions(words: readonly string[], nowMs: number): Result<ExportOptions, "usage"> {
  const parsed = parseWords(words, forms);
  if (!parsed.ok) return parsed;
  const { store = defaultStore, from, to, device, channel, csv, json } = parsed.value;
  if (store === "") return failure("usage", "--store needs a file's name");
  if (csv !== undefined && json !== undefined) return failure("usage", "--json and --csv are two forms: leave one out");
  const times: (number | undefined)[] = [];
  for (const [name, text] of Object.entries({ from, to })) {
    const ms = text === undefined ? undefined : timeOf(text, nowMs);
    if (Number.isNaN(ms)) {
      return failure("usage", `--${name} must be a time such as 2026-11-20T10:00, or how long ago, such as 24h, not ${quoted(text ?? "")}`);
    }
    times.push(ms);
  }
  const [fromMs, toMs] = times;
  if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs) return failure("usage", "--from must lie before --to");
  return success({ store, fromMs, toMs, device, channel, form: json !== undefined ? "json" : "csv" });
}

/** Since 1970; NaN: it is no time. */
function timeOf(text: string, nowMs: number): number {
  const agoMs = parseDuration(text);
  if (!Number.isNaN(agoMs)) return nowMs - agoMs;
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(text);
  if (match === null) return NaN;
  const [, date, time = "00:00", zone = "Z"] = match;
  const ms = Date.parse(`${date}T${time}${zone}`);
  // 31 November becomes 1 December.
  return Number.isNaN(ms) || new Date(Date.parse(`${date}T00:00Z`)).toISOString().slice(0, 10) !== date ? NaN : ms;
}
