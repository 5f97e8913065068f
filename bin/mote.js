#!/usr/bin/env node
// The `mote` command: brings the build up to date, which type-checks it, and hands over to host-sim/cli/main.ts.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const compiler = root + "node_modules/typescript/bin/tsc";
const main = root + "build/host-sim/cli/main.js";

if (existsSync(compiler)) {
  const built = spawnSync(process.execPath, [compiler, "-b", root + "tsconfig.host.json"], { stdio: ["ignore", 2, 2] });
  if (built.status !== 0) {
    console.error("mote: the sources above do not compile");
    process.exit(1);
  }
} else if (!existsSync(main)) {
  console.error("mote: not installed yet: run `npm ci` in " + root);
  process.exit(1);
}
process.setSourceMapsEnabled(true);
await import("../build/host-sim/cli/main.js");
