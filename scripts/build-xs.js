/** `npm run build:xs [-- --bits 32|64]`: builds the XS engine. Exit 0 done, 1 it failed, 2 wrong usage, 3 no compiler. */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { buildXs } from "../host-sim/xs/toolchain/build.js";

const words = process.argv.slice(2);
if (words.length > 0 && !(words.length === 2 && words[0] === "--bits" && ["32", "64"].includes(words[1]))) {
  console.error(`build:xs takes nothing, or --bits 32, or --bits 64; not: ${words.join(" ")}`);
  process.exit(2);
}

const onTerminal = process.stdout.isTTY;
const outcome = await buildXs({
  root: dirname(dirname(fileURLToPath(import.meta.url))),
  ...(words.length > 0 ? { bits: Number(words[1]) } : {}),
  say: (line) => console.log(line),
  tick(done, of) {
    if (onTerminal) process.stdout.write(`\r${done} of ${of}${done === of ? "\n" : ""}`);
    else if (done % 10 === 0 || done === of) console.log(`${done} of ${of}`);
  },
});
if (outcome.ok) console.log(`${outcome.program} (${outcome.bits} bits) is ${outcome.built ? "built" : "up to date"}`);
else console.error(outcome.message);
process.exitCode = outcome.ok ? 0 : outcome.status;
