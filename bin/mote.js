#!/usr/bin/env node
// The `mote` command: brings the build up to date, which type-checks it, and hands over to host-sim/cli/main.ts.
// Where no source is younger than the last good build, there is nothing to build: that saves a third of a second.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const compiler = join(root, "node_modules/typescript/bin/tsc");
const main = join(root, "build/host-sim/cli/main.js");
const stamp = join(root, "build/mote.stamp");
const sources = [
  "firmware",
  "host-sim",
  "types",
  "tsconfig.base.json",
  "tsconfig.firmware.json",
  "tsconfig.host.json",
  "tsconfig.web.json",
  "package-lock.json",
];

/** When a file or anything in a folder, names included, last changed, ms. */
function changedMs(path) {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) return 0;
  let latest = status.mtimeMs;
  if (status.isDirectory()) for (const name of readdirSync(path)) latest = Math.max(latest, changedMs(join(path, name)));
  return latest;
}

function upToDate() {
  const builtMs = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return existsSync(main) && sources.every((name) => changedMs(join(root, name)) < builtMs);
}

if (!upToDate()) {
  if (!existsSync(compiler)) {
    console.error(`mote: not installed yet: run \`npm ci\` in ${root}`);
    process.exit(1);
  }
  const begun = new Date();
  const words = [compiler, "-b", join(root, "tsconfig.host.json")];
  const built = spawnSync(process.execPath, words, { stdio: ["ignore", 2, 2] });
  if (built.status !== 0) {
    console.error("mote: the sources above do not compile");
    process.exit(1);
  }
  mkdirSync(join(root, "build"), { recursive: true });
  writeFileSync(stamp, "");
  // What is changed while the compiler runs is younger than this.
  utimesSync(stamp, begun, begun);
}
process.setSourceMapsEnabled(true);
await import("../build/host-sim/cli/main.js");
