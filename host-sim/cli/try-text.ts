/** A tried chain in the terminal: what went in above what came out, and what became of the samples in numbers. */
import { timeText } from "../scenario/schema-time.js";
import { durationText } from "./duration.js";
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
  const head = `${file}  ${series.name}, ${counted(series.values.length, "sample")} ${spacing} over ${durationText(Math.max(1, toMs - fromMs))}, to ${resolution}`;
  const delayMs = output.flows[output.flows.length - 1]!.delayMs;
  return (
    [
      head,
      "",
      ...braillePlot(series.timesMs, series.values, fromMs, toMs, raw, size).map((line) => paint(line, 2)),
      "",
      `→ ${words.join(" → ")}`,
      "",
      ...braillePlot(output.timesMs, output.values, fromMs, toMs, range, size),
      ` ${times(tried, fromMs)}${times(tried, toMs).padStart(Math.max(1, size.columns - times(tried, fromMs).length - 2))}`,
      "",
      statistics("in", series.values),
      statistics("out", output.values),
      ...(output.summaries.length > 0 ? [`and      ${counted(output.summaries.length, "summary", "summaries")} beside`] : []),
      ...(delayMs > 0 ? [`Delay    slow changes show ${timeText(Math.round(delayMs))} late`] : []),
    ].join("\n") + "\n"
  );
}

/** The raw scale where the result lies within it, or the result would be a line on it. */
function commonRange(raw: Range, out: Range): Range {
  const within = out.low >= raw.low && out.high <= raw.high;
  return within && out.high - out.low > (raw.high - raw.low) / 4 ? raw : out;
}

function times({ series: { dated } }: Tried, ms: number): string {
  return dated ? new Date(ms).toISOString().slice(0, 16).replace("T", " ") : timeText(ms);
}

function statistics(name: string, values: readonly number[]): string {
  const present = values.filter((value) => !Number.isNaN(value));
  const missing = values.length - present.length;
  const gone = missing === 0 ? "" : `, ${missing.toLocaleString("en-US")} of them missing`;
  const begin = `${name.padEnd(8)} ${counted(values.length, name === "in" ? "sample" : "result")}${gone}`;
  if (present.length === 0) return begin;
  let low = Infinity;
  let high = -Infinity;
  let mean = 0;
  for (const value of present) {
    low = Math.min(low, value);
    high = Math.max(high, value);
    mean += value / present.length;
  }
  const std = Math.sqrt(present.reduce((sum, value) => sum + (value - mean) ** 2 / present.length, 0));
  return `${begin}: min ${short(low)}, max ${short(high)}, mean ${short(mean)}, std ${short(std)}`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(5)));
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
}
