/** What `mote try` may be told. */
import { resolutionNeed } from "../../firmware/base/quantise.js";
import { failure, success, type Result } from "../../firmware/base/result.js";
import { commandHelp } from "./command-help.js";
import { parseDuration } from "./options.js";
import { parseWords, quoted, type OptionForm } from "./words.js";

export interface TryOptions {
  readonly file: string;
  /** As it was written. */
  readonly chain: string;
  readonly column: string | undefined;
  readonly everyMs: number;
  readonly resolution: number | undefined;
  /** Where the page goes. */
  readonly html: string | undefined;
  readonly output: "text" | "csv" | "json";
}

const forms: Readonly<Record<string, OptionForm>> = {
  stage: {
    value: "CHAIN",
    help: [
      "the stages, as in an app: 'median(5) | delta(0.2)';",
      "docs/stages.md and docs/esphome.md have them all;",
      'or JSON: [{"stage":"median","window":5}]',
    ],
  },
  column: { value: "NAME", help: ["the column to take; default: the first with numbers"] },
  every: { value: "TIME", help: ["spacing of rows that have no times, default 1s"] },
  resolution: { value: "X", help: ["the channel's; default: the finest decimal in the file"] },
  html: { value: "FILE.html", help: ["writes a page with the plot, to look at closely"] },
  csv: { help: ["instead: rows of timestamp, value and result, for scripts"] },
  json: { help: ["instead: one JSON object"] },
};

export function parseTryOptions(words: readonly string[]): Result<TryOptions, "usage"> {
  let file: string | undefined;
  const parsed = parseWords(words, forms, {
    word(word) {
      if (file !== undefined) return false;
      file = word;
      return true;
    },
  });
  if (!parsed.ok) return parsed;
  const given = parsed.value;
  const chain = given["stage"];
  if (chain === undefined) return failure("usage", "--stage is missing: which stages to try, such as --stage 'median(5) | delta(0.2)'");
  if (file === undefined) return failure("usage", "a recording is missing: mote try --stage 'median(5)' data.csv");
  const everyMs = given["every"] === undefined ? 1000 : parseDuration(given["every"]);
  if (!(everyMs >= 1)) return failure("usage", `--every must be a time such as 1s or 10ms, not ${quoted(given["every"]!)}`);
  const resolution = given["resolution"] === undefined ? undefined : Number(given["resolution"]);
  const need = resolution === undefined ? undefined : resolutionNeed(resolution);
  if (need !== undefined) return failure("usage", `--resolution must be ${need}, not ${quoted(given["resolution"]!)}`);
  if (given["csv"] !== undefined && given["json"] !== undefined) return failure("usage", "--csv and --json are two outputs: choose one");
  const html = given["html"];
  if (html !== undefined && !/.\.html?$/i.test(html)) return failure("usage", `--html must be a file ending in .html, not ${quoted(html)}`);
  const output = given["csv"] !== undefined ? "csv" : given["json"] !== undefined ? "json" : "text";
  return success({ file, chain, column: given["column"], everyMs, resolution, html, output });
}

export function tryHelp(): string {
  return commandHelp(
    "mote try --stage CHAIN FILE.csv",
    "what a chain of stages does to a recording, before it is flashed",
    forms,
    [
      "mote try --stage 'median(5) | delta(0.2)' data.csv",
      "mote try --stage 'anomaly' --html anomalies.html data.csv",
      "mote try --stage 'throttle_average(60s)' --csv data.csv > minutes.csv",
    ],
    [
      "The file: CSV with a header; a column of times (timestamp, time …: a date, or",
      "seconds), others of readings. What is no number within ±1e100 is a missing",
      "reading. Semicolons or tabs may separate the cells; 1,5 is a number then.",
    ],
  );
}
