/** `node scripts/build-xs-rv32.js`: builds XS for the emulated ESP32-C3, as its benchmark does by itself. Exit 0 done, 1 it failed, 2 wrong usage, 3 tools are missing. */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { buildRv32 } from "../host-sim/xs/rv32/build.js";

if (process.argv.length > 2) {
  console.error(`build-xs-rv32 takes nothing; not: ${process.argv.slice(2).join(" ")}`);
  process.exit(2);
}

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const outcome = await buildRv32({ root, say: (line) => console.log(line) });
if (outcome.ok) console.log(`${outcome.program.slice(root.length + 1)} is ${outcome.built ? "built" : "up to date"}`);
else console.error(outcome.message);
process.exitCode = outcome.ok ? 0 : outcome.status;
