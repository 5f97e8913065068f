/** A tried chain in the terminal: what went in above what came out, and what became of the samples in numbers. */
import { delayIsAbout } from "../chain/chain-run.js";
import { timeText } from "../scenario/schema-time.js";
import { durationText } from "./duration.js";
import { counted, wrapped } from "./lines.js";
import { braillePlot, rangeOf, type Range } from "./braille-plot.js";
import type { Tried } from "./try.js";

const rows = 8;
const columnsMost = 160;

export function terminalText(tried: Tried, columns: number, coloured: boolean): string {
  const { series, output, words, resolution, file, spacing } = tried;
  const size = { columns: Math.min(columns, columnsMost), rows };
  const fromMs = series.timesMs[0]!;
  const toMs = series.timesMs[series.timesMs.length - 1]!;
  const raw = rangeOf(series.values);
  const range = commonRange(raw, rangeOf(output.values));
  const paint = (text: string, code: number): string => (coloured ? `\x1b[${code}m${text}\x1b[0m` : text);
  const spaced = series.values.length === 1 ? "" : ` ${spacing} over ${durationText(Math.max(1, toMs - fromMs))}`;
  const head = [`${file} `, `${series.name},`, `${counted(series.values.length, "sample")}${spaced},`, `to ${resolution}`];
  const delayMs = output.flows[output.flows.length - 1]!.delayMs;
  const delay = ["Delay   ", "slow changes", `show ${delayIsAbout(output.flows) ? "about " : ""}${timeText(Math.round(delayMs))} late`];
  return (
    [
      wrapped(head, columns, 2),
      "",
      ...braillePlot(series.timesMs, series.values, fromMs, toMs, raw, size).map((line) => paint(line, 2)),
      "",
      wrapped(
        words.map((stage) => `→ ${stage}`),
        columns,
        2,
      ),
      "",
      ...braillePlot(output.timesMs, output.values, fromMs, toMs, range, size),
      axis(times(tried, fromMs), fromMs === toMs ? "" : times(tried, toMs), size.columns),
      "",
      statistics("in", series.values, columns),
      statistics("out", output.values, columns),
      ...(output.summaries.length > 0 ? [`and      ${counted(output.summaries.length, "summary", "summaries")} beside`] : []),
      ...(delayMs > 0 ? [wrapped(delay, columns, 9)] : []),
    ].join("\n") + "\n"
  );
}

/** Where both ends do not fit, the beginning. */
function axis(from: string, to: string, columns: number): string {
  const room = columns - from.length - 2;
  return ` ${from}${room > to.length ? to.padStart(room) : ""}`.trimEnd();
}

/** The raw scale where the result lies within it, or the result would be a line on it. */
function commonRange(raw: Range, out: Range): Range {
  const within = out.low >= raw.low && out.high <= raw.high;
  return within && out.high - out.low > (raw.high - raw.low) / 4 ? raw : out;
}

function times({ series: { dated } }: Tried, ms: number): string {
  return dated ? new Date(ms).toISOString().slice(0, 16).replace("T", " ") : timeText(ms);
}

function statistics(name: string, values: readonly number[], columns: number): string {
  const present = values.filter((value) => !Number.isNaN(value));
  const missing = values.length - present.length;
  const count = counted(values.length, name === "in" ? "sample" : "result");
  const end = present.length === 0 ? "" : ":";
  const begin = [name.padEnd(8), ...(missing === 0 ? [count + end] : [`${count},`, missingWords(missing, values.length) + end])];
  if (present.length === 0) return wrapped(begin, columns, 9);
  let low = Infinity;
  let high = -Infinity;
  let mean = 0;
  for (const value of present) {
    low = Math.min(low, value);
    high = Math.max(high, value);
    mean += value / present.length;
  }
  const std = Math.sqrt(present.reduce((sum, value) => sum + (value - mean) ** 2 / present.length, 0));
  const figures = [`min ${short(low)},`, `max ${short(high)},`, `mean ${short(mean)},`, `std ${short(std)}`];
  return wrapped([...begin, ...figures], columns, 9);
}

/** How many of `all` are missing readings. */
export function missingWords(missing: number, all: number): string {
  if (missing < all) return `${missing.toLocaleString("en-US")} of them missing`;
  return all === 1 ? "which is missing" : "all of them missing";
}

function short(value: number): string {
  return String(Number(value.toPrecision(5)));
}
