#!/usr/bin/env node
// Writes host-sim/explain/measured-costs.ts: what `mote explain` says that stages and boards cost, measured on XS; times are the middle of three runs.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const { measureStageFigures } = await import("../build/host-sim/bench/stages.js");
const { measureBoardBytes } = await import("../build/host-sim/bench/board-bytes.js");
const file = fileURLToPath(new URL("../host-sim/explain/measured-costs.ts", import.meta.url));

const runs = [];
for (let run = 0; run < 3; run++) {
  const measured = measureStageFigures();
  if (!measured.ok) {
    console.error(`stage-costs: ${measured.error.message}`);
    process.exit(1);
  }
  runs.push(measured.value);
}
const middle = (values) => Math.round([...values].sort((a, b) => a - b)[1]);
const rows = runs[0].map(({ name, stage, bytes }, index) => {
  const of = (key) => middle(runs.map((figures) => figures[index][key]));
  return `  { name: ${JSON.stringify(name)}, stage: ${JSON.stringify(stage ?? null)}, meanNs: ${of("ns")}, worstNs: ${of("worstNs")}, bytes: ${bytes} },`;
});
const board = measureBoardBytes();
if (!board.ok) {
  console.error(`stage-costs: ${board.error.message}`);
  process.exit(1);
}
const text = `/** Written by scripts/stage-costs.js from measurements on XS: not by hand. See stage-costs.ts for what the figures mean. */

/** Bytes; bench/board-bytes.ts says of what. */
export const measuredBoard = ${JSON.stringify(board.value)};

export const measuredCosts: readonly {
  readonly name: string;
  readonly stage: unknown;
  readonly meanNs: number;
  readonly worstNs: number;
  readonly bytes: number;
}[] = [
${rows.join("\n")}
];
`;
writeFileSync(file, text);
console.log(`host-sim/explain/measured-costs.ts: ${rows.length} rows; then: npx oxfmt@0.78.0 host-sim/explain/measured-costs.ts`);
