/** `mote gaps`: what a store does not have, and why, in words or JSON. Returns the exit code. */
import { dateText } from "../collector/date-text.js";
import { lossWords } from "../blocks/gap-rendering.js";
import { bootTime } from "../blocks/rendering.js";
import { joined, reports, type Hole, type InstallReport, type Loss, type Moment } from "../collector/losses.js";
import { readStore } from "../collector/store.js";
import { storeTrouble } from "../collector/trouble.js";
import { shown } from "./collect-voice.js";
import { complain } from "./complaint.js";
import { unknownName } from "./export.js";
import type { GapsOptions } from "./gaps-options.js";
import { plural } from "./record-view.js";

/** Lines of a kind, a board. */
const linesMax = 20;

export function gaps({ store: file, device, json }: GapsOptions): number {
  const opened = readStore(file);
  if (!opened.ok) return complain(opened.error.message, 1);
  const store = opened.value;
  try {
    const unknown = unknownName(store, { device });
    if (unknown !== undefined) return complain(`${file}: ${unknown}`, 1);
    let count = 0;
    for (const report of reports(store, device)) {
      const text = json ? JSON.stringify(report, withTimes) + "\n" : (count === 0 ? "" : "\n") + reportText(report);
      process.stdout.write(text);
      count++;
    }
    if (count === 0 && !json) process.stdout.write("Nothing was collected yet.\n");
    return 0;
  } catch (error) {
    const trouble = storeTrouble(error, file);
    if (trouble === undefined) throw error;
    return complain(trouble.message, 1);
  } finally {
    store.close();
  }
}

function withTimes(key: string, value: unknown): unknown {
  return key === "timeMs" && typeof value === "number" ? dateText(value) : value;
}

function reportText(report: InstallReport): string {
  const { device, install, base, highest, blocks, samples, losses, holes, pauses, restarts } = report;
  const numbers = `numbers ${base.toLocaleString("en")} to ${highest.toLocaleString("en")}`;
  const lines = [`${shown(device)}  install ${hex(install)}: ${plural(samples, "sample")} in ${plural(blocks, "block")}, ${numbers}`];
  const isLost = ({ records, samples: gone, more, samplesUnknown, arrived }: Loss): boolean =>
    records > 0 || gone > 0 || more || (arrived === 0 && samplesUnknown);
  const lost = losses.filter(isLost);
  const found = losses.length - lost.length;
  list(lines, joined(lost).map(lossText));
  if (found > 0) lines.push(`  ${plural(found, "gap")} more, of which everything arrived after all`);
  list(lines, holes.map(holeText));
  list(
    lines,
    pauses.map(({ channel, from, to, lost: gone }) => {
      const count = gone === 0 ? "an unknown number of samples" : plural(gone, "sample");
      return `not sampled      ${span(from, to)}  ${shown(channel)}: ${count}`;
    }),
  );
  list(
    lines,
    restarts.map(
      ({ last, first }) => `restarted        ${span(last, first)}  boot ${last.boot} to ${first.boot}: last sample before, first after`,
    ),
  );
  if (lost.length + holes.length + pauses.length === 0) lines.push("  nothing is missing");
  return lines.join("\n") + "\n";
}

function list(lines: string[], texts: readonly string[]): void {
  for (const text of texts.slice(0, linesMax)) lines.push("  " + text);
  if (texts.length > linesMax) lines.push(`  … and ${(texts.length - linesMax).toLocaleString("en")} more such: --json tells all`);
}

function lossText({ reason, records, samples, arrived, more, samplesUnknown, from, to }: Loss): string {
  const count = samplesUnknown ? "an unknown number of samples" : plural(samples, "sample");
  const of = records === 0 ? "" : ` in ${plural(records, "block")}`;
  const others = arrived === 0 ? "" : `; ${plural(arrived, "block")} arrived after all`;
  const when = from === undefined || to === undefined ? "nobody knows when" : span(from, to);
  return `lost             ${when}  ${more ? "at least " : ""}${count}${of}: ${lossWords[reason]}${others}`;
}

function holeText({ first, last, after, before }: Hole): string {
  const count = last - first + 1;
  const numbers =
    count === 1 ? `number ${first.toLocaleString("en")}` : `numbers ${first.toLocaleString("en")} to ${last.toLocaleString("en")}`;
  const when = after === undefined || before === undefined ? (before === undefined ? "" : `before ${at(before)}`) : span(after, before);
  return `not arrived yet  ${when}  ${plural(count, "record")}, ${numbers}`;
}

function span(from: Moment, to: Moment): string {
  const end = at(to);
  const begin = at(from);
  // The same day is said once.
  const same = begin.slice(0, 11) === end.slice(0, 11) && to.timeMs !== undefined;
  return `${begin} – ${same ? end.slice(11) : end}`;
}

function at({ boot, ms, timeMs }: Moment): string {
  if (timeMs === undefined) return `boot ${boot} + ${bootTime(ms)}`;
  return dateText(timeMs).replace("T", " ").slice(0, -1);
}

function hex(x: number): string {
  return x.toString(16).padStart(8, "0");
}
