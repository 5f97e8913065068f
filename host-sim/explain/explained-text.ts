/** Explained channels for a terminal: each with its way, a line a stage, and what comes out in the end. */
import type { Flow } from "../../firmware/pipeline/flow.js";
import { timeText } from "../scenario/schema-time.js";
import type { ExplainedChannel } from "./explained.js";

const columnMost = 60;
const rateColumn = 24;

export function explainedText(channels: readonly ExplainedChannel[]): string {
  const bytes = channels.reduce((sum, channel) => sum + channel.bytes, 0);
  const load = channels.reduce((sum, channel) => sum + channel.load, 0);
  const total = `${channels.length} channels: ${kilobytes(bytes)} of the board's heap, ${share(load)} of the time of the computer that measured`;
  // One column for all channels, unless a stage has very many words.
  const widths = channels.flatMap(({ from, stages }) => [from.length, ...stages.map(({ words }) => words.length + 2)]);
  const column = Math.min(columnMost, Math.max(...widths, 0) + 3);
  return [...channels.map((channel) => channelText(channel, column)), total].join("\n\n") + "\n";
}

function channelText(channel: ExplainedChannel, column: number): string {
  const { name, unit, resolution, from, input, stages, output, summaryMs, bytes, worstNs } = channel;
  const lines = [`${name}  ${[unit, `to ${resolution}`].filter(Boolean).join(", ")}`];
  lines.push(`  ${padded(from, column)}${rate(input)}`);
  for (const { words, flow, addsMs } of stages) {
    const adds = addsMs === 0 ? "" : `${addsMs > 0 ? "delays by" : "ahead by"} ${time(Math.abs(addsMs))}`;
    lines.push(`  ${padded(`→ ${words}`, column)}${rate(flow).padEnd(rateColumn)}${adds}`.trimEnd());
  }
  const beside = summaryMs === undefined ? "" : `, a summary every ${time(summaryMs)}`;
  const late = output.delayMs === 0 ? "without delay" : `${time(output.delayMs)} late`;
  lines.push(`  = ${output.regular ? "a value" : "at most a value"} ${rate(output).replace(/^at most /, "")}, ${late}${beside}`);
  lines.push(`    ${kilobytes(bytes)}, at worst ${microseconds(worstNs)} a sample`);
  return lines.join("\n");
}

/** At least two blanks behind it, however long it is. */
function padded(text: string, column: number): string {
  return text.padEnd(column - 2) + "  ";
}

function rate({ periodMs, regular }: Flow): string {
  return `${regular ? "" : "at most "}every ${time(periodMs)}`;
}

/** To three figures: a delay is no more exact than that. */
function time(ms: number): string {
  if (ms < 1) return `${Number((ms * 1000).toPrecision(3))}µs`;
  return timeText(ms < 1000 ? Number(ms.toPrecision(3)) : ms < 60_000 ? Math.round(ms / 10) * 10 : Math.round(ms / 1000) * 1000);
}

function kilobytes(bytes: number): string {
  return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`;
}

function microseconds(ns: number): string {
  return ns < 10_000 ? `${(ns / 1000).toFixed(1)} µs` : `${Math.round(ns / 1000)} µs`;
}

function share(load: number): string {
  const percent = load * 100;
  return percent < 0.1 ? "less than 0.1 %" : `${percent.toFixed(1)} %`;
}
