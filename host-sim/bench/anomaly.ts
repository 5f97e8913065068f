/**
 * The anomaly stage: NAB's score over recordings made up by a seed, and over the real one where this
 * computer has it, all at one threshold and without a parameter; and what a sample costs on XS.
 */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { alarmScore, anomalyScorer } from "../../firmware/pipeline/anomaly/scorer.js";
import { failure, type Result, success } from "../../firmware/base/result.js";
import { runInXs } from "../xs/run.js";
import { checksum, type Measured } from "./anomaly-rounds.js";
import { recordings, type Recording } from "./anomaly-signals.js";
import { type Benchmark, median, type Row } from "./benchmark.js";
import { normalised, tally, type Tally } from "./nab.js";

/** Not among those with which the constants were chosen. */
const seed = 2015;
const each = 4;

/** From this module's place in build/. */
const office = fileURLToPath(new URL("../../../../shared/data/office-temperature.csv", import.meta.url));
const officeWindows = [
  ["2013-12-15 07:00:00", "2013-12-30 09:00:00"],
  ["2014-03-29 15:00:00", "2014-04-20 22:00:00"],
] as const;

/** What NAB says of a new scorer that sees the recording once. */
export function judge({ values, windows }: Pick<Recording, "values" | "windows">): Tally {
  return tally({ scores: values.map(anomalyScorer().score), windows }, alarmScore);
}

function measureOnXs(): Result<Measured> {
  const ran = runInXs({
    source: 'import { measure } from "host-sim/bench/anomaly-rounds"; report(measure());',
    preload: ["firmware/pipeline/anomaly/scorer"],
  });
  return ran.ok ? success(ran.value.value as Measured) : failure(ran.error.kind, ran.error.message);
}

export const anomaly: Benchmark = {
  name: "anomaly",
  run() {
    const measured = measureOnXs();
    if (!measured.ok) return measured;
    const { nsASample, slots, chunkBytes, samples, checksum: onXs } = measured.value;
    return success([
      ...madeUp(),
      ...real(),
      { what: "a sample on XS", measured: median(nsASample), unit: "ns" },
      { what: "slots allocated a sample on XS", measured: slots / samples, limit: { equal: 0 } },
      { what: "chunk bytes allocated a sample on XS", measured: chunkBytes / samples, unit: "B", limit: { equal: 0 } },
      { what: "sum of scores, XS as Node", measured: String(onXs), limit: { equal: String(checksum()) } },
    ]);
  },
};

function madeUp(): Row[] {
  const all = recordings(seed, each);
  const tallies = all.map(judge);
  const rows = all.reduce((sum, { values }) => sum + values.length, 0);
  const families = [...new Set(all.map(({ family }) => family))];
  const of = (family: string) => normalised(tallies.filter((_, i) => all[i]!.family === family));
  return [
    { what: `NAB standard, ${all.length} recordings made up`, measured: normalised(tallies), limit: { atLeast: 50 } },
    { what: "rows for each false alarm", measured: Math.round(rows / tallies.reduce((sum, one) => sum + one.falseAlarms, 0)) },
    ...families.map((family) => ({ what: `NAB standard, ${family}`, measured: of(family) })),
  ];
}

function real(): Row[] {
  if (!existsSync(office)) return [];
  const rows = readFileSync(office, "utf8").trim().split(/\r?\n/).slice(1);
  const times = rows.map((row) => row.slice(0, row.indexOf(",")));
  const values = rows.map((row) => Number(row.slice(row.indexOf(",") + 1)));
  const windows = officeWindows.map(([first, last]): [number, number] => [times.indexOf(first), times.indexOf(last)]);
  return [{ what: "NAB standard, a real office's temperature", measured: normalised([judge({ values, windows })]) }];
}
