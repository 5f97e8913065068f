/** `mote try`: a chain of stages over a recording, in the terminal, as a page, or for scripts. Returns the exit code. */
import { writeFileSync } from "node:fs";
import { parseChain } from "../chain/chain-text.js";
import { type ChainOutput, flowOf, resolutionOf, runChain } from "../chain/chain-run.js";
import { stageWords } from "../explain/stage-words.js";
import { readSeries, type Series } from "../node/series-file.js";
import { timeText } from "../scenario/schema-time.js";
import { complain } from "./complaint.js";
import { tryPage } from "./try-page.js";
import type { TryOptions } from "./try-options.js";
import { terminalText } from "./try-text.js";
import { writeReason } from "./write-reason.js";

export interface Tried {
  readonly series: Series;
  readonly output: ChainOutput;
  /** The stages in words, first to last. */
  readonly words: readonly string[];
  readonly resolution: number;
  readonly file: string;
  readonly spacing: string;
}

export async function tryChain(options: TryOptions): Promise<number> {
  const stages = parseChain(options.chain);
  if (!stages.ok) return complain(stages.error.message, 2);
  const series = readSeries(options.file, options);
  if (!series.ok) return complain(series.error.message, 2);
  const { timesMs, values } = series.value;
  const resolution = options.resolution ?? resolutionOf(values);
  const ran = runChain(stages.value, { timesMs, values, resolution });
  if (!ran.ok) return complain(ran.error.message.replace(/^channel "try",? ?:?/, "").trim(), 2);
  const { periodMs, regular } = flowOf(timesMs);
  const tried: Tried = {
    series: series.value,
    output: ran.value,
    words: stages.value.map(stageWords),
    resolution,
    file: options.file,
    spacing: regular ? `every ${timeText(periodMs)}` : "unevenly",
  };
  if (options.output === "csv") process.stdout.write(csv(tried));
  else if (options.output === "json") process.stdout.write(JSON.stringify(plain(tried)) + "\n");
  else process.stdout.write(terminalText(tried, process.stdout.isTTY ? process.stdout.columns : 100, process.stdout.isTTY));
  if (options.html === undefined) return 0;
  try {
    writeFileSync(options.html, tryPage(tried));
  } catch (error) {
    return complain(`${options.html}: ${writeReason(error)}`, 1);
  }
  if (options.output === "text") process.stdout.write(`\nPage    ${options.html}\n`);
  return 0;
}

/** A row a sample that went in; a result stands in the row of its time, and in one of its own where a timer gave it between. */
function csv({ series, output }: Tried): string {
  const lines = ["timestamp,value,result"];
  const { timesMs, values, dated } = series;
  let next = 0;
  const row = (atMs: number, value: string, result: string): void => {
    lines.push(`${dated ? new Date(atMs).toISOString() : atMs / 1000},${value},${result}`);
  };
  const result = (index: number): string => (Number.isNaN(output.values[index]) ? "nan" : String(output.values[index]));
  for (let i = 0; i < timesMs.length; i++) {
    const atMs = timesMs[i]!;
    while (next < output.timesMs.length && output.timesMs[next]! < atMs) row(output.timesMs[next]!, "", result(next++));
    const value = Number.isNaN(values[i]) ? "" : String(values[i]);
    if (output.timesMs[next] !== atMs) row(atMs, value, "");
    else row(atMs, value, result(next++));
    while (output.timesMs[next] === atMs) row(atMs, "", result(next++));
  }
  return lines.join("\n") + "\n";
}

function plain({ series, output, words, resolution }: Tried): unknown {
  const orNull = (values: readonly number[]): (number | null)[] => values.map((value) => (Number.isNaN(value) ? null : value));
  return {
    column: series.name,
    dated: series.dated,
    resolution,
    stages: words,
    flows: output.flows,
    raw: { ms: series.timesMs, values: orNull(series.values) },
    result: { ms: output.timesMs, values: orNull(output.values) },
    summaries: output.summaries,
  };
}
