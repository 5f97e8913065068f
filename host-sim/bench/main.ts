/**
 * `npm run bench [-- NAME…] [--json [FILE]]`: every number that was asked for, beside what was
 * measured. Exit 1 when one is missed, 2 for a wrong argument. Another benchmark is one more file and
 * one more entry in `benchmarks`.
 */
import { writeFileSync } from "node:fs";
import { anomaly } from "./anomaly.js";
import type { Benchmark } from "./benchmark.js";
import { campaign } from "./campaign.js";
import { collector } from "./collector.js";
import { dashboard } from "./dashboard.js";
import { defaultApp } from "./default-app.js";
import { encoding } from "./encoding.js";
import { fleets } from "./fleets.js";
import { journal } from "./journal.js";
import { medianOfFive } from "./median.js";
import { mqttCodec } from "./mqtt-codec.js";
import { fourier } from "./fourier.js";
import { outageOfDay } from "./outage.js";
import { peers } from "./peers.js";
import { pipeline } from "./pipeline.js";
import { provisioning } from "./provisioning.js";
import { stages } from "./stages.js";
import { stagesRv32 } from "./stages-rv32.js";
import { allReached, type Outcome, plainData, table } from "./table.js";

const benchmarks: readonly Benchmark[] = [
  pipeline,
  medianOfFive,
  stages,
  stagesRv32,
  peers,
  fourier,
  encoding,
  anomaly,
  mqttCodec,
  defaultApp,
  journal,
  campaign,
  fleets,
  dashboard,
  collector,
  outageOfDay,
  provisioning,
];

interface Arguments {
  chosen: readonly Benchmark[];
  json: boolean;
  file?: string;
}

/** A benchmark's name with dashes for spaces, as an argument. */
function argumentOf(benchmark: Benchmark): string {
  return benchmark.name.toLowerCase().replaceAll(" ", "-");
}

function parse(words: readonly string[]): Arguments | string {
  const parsed: Arguments = { chosen: benchmarks, json: false };
  const chosen: Benchmark[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const named = benchmarks.find((benchmark) => argumentOf(benchmark) === word);
    if (named) chosen.push(named);
    else if (word === "--json") {
      parsed.json = true;
      const next = words[i + 1];
      if (next !== undefined && next.endsWith(".json")) {
        parsed.file = next;
        i++;
      }
    } else return `"${word}" is neither --json [FILE.json] nor a benchmark; there are ${benchmarks.map(argumentOf).join(", ")}`;
  }
  if (chosen.length > 0) parsed.chosen = chosen;
  return parsed;
}

async function measure(chosen: readonly Benchmark[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const benchmark of chosen) {
    process.stderr.write(`measuring ${benchmark.name} …\n`);
    const result = await benchmark.run();
    if (result.ok) outcomes.push({ benchmark: benchmark.name, rows: result.value });
    else outcomes.push({ benchmark: benchmark.name, rows: [], error: result.error.message });
  }
  return outcomes;
}

const parsed = parse(process.argv.slice(2));
if (typeof parsed === "string") {
  process.stderr.write(`bench: ${parsed}\n`);
  process.exitCode = 2;
} else {
  const outcomes = await measure(parsed.chosen);
  const json = JSON.stringify(plainData(outcomes), undefined, 2) + "\n";
  if (!parsed.json || parsed.file !== undefined) process.stdout.write(table(outcomes));
  else process.stdout.write(json);
  if (parsed.file !== undefined) writeFileSync(parsed.file, json);
  process.exitCode = allReached(outcomes) ? 0 : 1;
}
