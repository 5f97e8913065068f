/** Explained channels for a terminal: each with its way, a line a stage, and what comes out in the end. */
import type { Flow } from "../../firmware/pipeline/flow.js";
import { timeText } from "../scenario/schema-time.js";
import type { ExplainedChannel, ExplainedHeap, ExplainedStage, Outlives } from "./explained.js";

const columnMost = 60;
const rateColumn = 22;
/** Garbage and what a report takes while it is written need room beside what is kept. */
const heapShareMost = 0.9;

/** `columns`: the terminal's; in fewer than a line takes, rate and delay stand on a line of their own. */
export function explainedText(channels: readonly ExplainedChannel[], heap: ExplainedHeap, columns = Infinity): string {
  if (channels.length === 0) {
    return `The app has no channels: its board reads its sensors and reports nothing.
${heapText(heap)}
`;
  }
  const load = channels.reduce((sum, channel) => sum + channel.load, 0);
  const unmeasured = channels.some(({ stages }) => stages.some(({ cost }) => cost === undefined));
  const time = `Time      ${share(load)} of that of the computer that measured${unmeasured ? ", and what was not measured" : ""}`;
  const total = `${channels.length} ${channels.length === 1 ? "channel" : "channels"}
${time}
${heapText(heap)}`;
  // One column for all channels, unless a stage has very many words.
  const widths = channels.flatMap(({ from, stages }) => [from.length, ...stages.map(({ words }) => words.length + 2)]);
  const column = Math.min(columnMost, Math.max(...widths, 0) + 3);
  const told = channels.map((channel) => channelLines(channel, column));
  const narrow = Math.max(...told.flat().map((line) => line.length)) > columns;
  const texts = narrow ? channels.map((channel) => channelLines(channel, undefined)) : told;
  return [...texts.map((lines) => lines.join("\n")), total].join("\n\n") + "\n";
}

function heapText({ fixedBytes, channelsBytes, arenaBytes }: ExplainedHeap): string {
  const bytes = fixedBytes + channelsBytes;
  const sum = `${kilobytes(fixedBytes)} of firmware and sensors + ${kilobytes(channelsBytes)} of channels`;
  const line = `Heap      about ${kilobytes(bytes)} of the board's ${kilobytes(arenaBytes)}: ${sum}`;
  return bytes > heapShareMost * arenaBytes ? `${line}\n          may not fit: try mote sim --engine xs` : line;
}

/** `column`: where rates stand; undefined: below. */
function channelLines(channel: ExplainedChannel, column: number | undefined): string[] {
  const { name, unit, resolution, from, input, stages, output, about, summaryMs, bytes, worstNs } = channel;
  const lines = [`${name}  ${[unit, `to ${resolution}`].filter(Boolean).join(", ")}`];
  const put = (text: string, right: string): void => {
    if (column === undefined) lines.push(`  ${text}`, `      ${right.replace(/ {2,}/, ", ")}`);
    else lines.push(`  ${padded(text, column)}${right}`);
  };
  put(from, rate(input));
  for (const stage of stages) put(`→ ${stage.words}`, `${rate(stage.flow).padEnd(rateColumn)}  ${added(stage)}`.trimEnd());
  const beside = summaryMs === undefined ? "" : `, a summary every ${time(summaryMs)}`;
  const late = output.delayMs === 0 ? "without delay" : `${about ? "about " : ""}${time(output.delayMs)} late`;
  lines.push(`  = ${output.regular ? "a value" : "at most a value"} ${rate(output).replace(/^at most /, "")}, ${late}${beside}`);
  const unmeasured = stages.filter(({ cost }) => cost === undefined).map(({ stage }) => stage.stage);
  const but = unmeasured.length === 0 ? "" : `, without ${unmeasured.join(", ")}`;
  lines.push(`    ${kilobytes(bytes)}, at worst ${microseconds(worstNs)} a sample${but}`);
  return lines;
}

function added({ addsMs, about, cost, outlives }: ExplainedStage): string {
  const delay = addsMs === 0 ? "" : `${addsMs > 0 ? "delays by" : "ahead by"} ${about ? "about " : ""}${time(Math.abs(addsMs))}`;
  return [delay, cost === undefined ? "cost not measured" : "", outlives ? kept(outlives) : ""].filter(Boolean).join(", ");
}

function kept({ oldMs, withPowerOnly }: Outlives): string {
  return `outlives a restart${withPowerOnly ? " (not a loss of power)" : ""}, at most ${time(oldMs)} old`;
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
