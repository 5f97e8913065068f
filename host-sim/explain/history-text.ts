/** What an app's journal is good for, as a person reads it: the last lines of `mote explain`. */
import type { Result } from "../../firmware/base/result.js";
import { limits } from "../../firmware/limits.js";
import type { ExplainedHistory } from "./history.js";

const dayMs = 86_400_000;
const indent = "\n          ";

export function historyText(history: Result<ExplainedHistory, "history">): string {
  return "History   " + (history.ok ? lines(history.value) : [history.error.message]).join(indent);
}

function lines(history: ExplainedHistory): string[] {
  const { perSecond, bytesPerSample, journalBytes, holdsMs, years, erasesPerDay, blockS, drainMs, roundTripMs } = history;
  const { ranMs, blocks, blockBytes, unreadable, tooFast } = history;
  const away = holdsMs < dayMs ? "all that it holds" : "a day's outage";
  return [
    `${figure(perSecond)} values a second, ${figure(bytesPerSample)} bytes each: ${journalBytes / 1024} KiB hold ${span(holdsMs)}, then the oldest go`,
    `a power cut costs the last ${blockS} s at most; ${away} is sent in ${span(drainMs)} (${limits.drainWindow} blocks a round trip of ${roundTripMs} ms)`,
    `the flash lasts ${yearsText(years.cycles100000)} at 100,000 erases a sector, ${yearsText(years.cycles10000)} at 10,000: ${figure(erasesPerDay)} erases a day`,
    `assumed from ${span(ranMs)} of a simulated day, run by recorder and journal: ${count(blocks)} blocks of ${Math.round(blockBytes)} bytes`,
    ...(unreadable > 0.5 ? [`  most samples of that run could not be read, as the simulator lacks their sensors: readings take more`] : []),
    ...(tooFast.length === 0 ? [] : [warning(history)]),
  ];
}

function warning({ tooFast, years, holdsMs }: ExplainedHistory): string {
  const which = tooFast.length > 3 ? `${tooFast.slice(0, 3).join(", ")} and ${tooFast.length - 3} more` : tooFast.join(", ");
  const end =
    years.cycles100000 < 5 ? `the flash is worn out after ${yearsText(years.cycles100000)}` : `the journal is full after ${span(holdsMs)}`;
  return `! ${end}: set keep: false on ${which}, or give ${tooFast.length === 1 ? "it" : "them"} a stage that reduces`;
}

function span(ms: number): string {
  const s = ms / 1000;
  if (s < 1) return `${Math.round(ms)} ms`;
  if (s < 100) return `${figure(s)} s`;
  if (s < 6000) return `${figure(s / 60)} min`;
  if (s < 172_800) return `${figure(s / 3600)} h`;
  return `${figure(s / 86_400)} days`;
}

function yearsText(years: number): string {
  if (years >= 1000) return "over a thousand years";
  return years >= 1 ? `${figure(years)} years` : `${figure(years * 365.25)} days`;
}

/** To two figures, or whole. */
function figure(x: number): string {
  return x >= 100 ? count(Math.round(x)) : String(Number(x.toPrecision(2)));
}

function count(x: number): string {
  return x.toLocaleString("en");
}
