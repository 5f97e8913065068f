/**
 * Builds the XS host: our C (c/) and the XS sources into `.cache/xs/mote-xs-32` (or -64), and notes what
 * it built in `built.json` and `built-32.json`. Does nothing when sources, flags and compiler are as before.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { findCompiler, no32Bits, noCompiler } from "./compiler.js";
import { xsPackage, xsSources } from "./package.js";

/** What is neither a host's nor needed: snapshots and lockdown. */
export const leftOut = ["xsSnapshot.c", "xsLockdown.c"];
/** c/defaults.c has these. */
export const renamed = { "xsDefaults.c": ["-DgxDefaults=gxUnstrippedDefaults"] };

/** -O2: the interpreter's jumps need it. Bounds checks: without them a stack overflow corrupts the heap unnoticed. */
export const options = [
  "-O2",
  "-fno-common",
  "-DINCLUDE_XSPLATFORM",
  '-DXSPLATFORM="platform.h"',
  "-DmxBoundsCheck=1",
  "-DmxMinusZero=1",
  "-DmxNoConsole=1",
  "-DmxParse=1",
  "-DmxRun=1",
];

/** Makes `file`, whole or not at all: two builds may run at once. Resolves to what the compiler said when it failed. */
export function compile(command, parameters, file) {
  const partly = `${file}.${process.pid}`;
  return new Promise((resolve) => {
    let output = "";
    const child = spawn(command, [...parameters, "-o", partly], { stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.on("data", (data) => (output += data));
    child.stderr.on("data", (data) => (output += data));
    child.on("error", (error) => resolve(error.message));
    child.on("close", (status) => {
      if (status === 0) renameSync(partly, file);
      else rmSync(partly, { force: true });
      resolve(status === 0 ? undefined : output.trim());
    });
  });
}

/** host-sim/xs/program.ts does the same sum over c/, to see whether a program is still of its sources. */
export function digest(...parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part).update("\0");
  return hash.digest("hex").slice(0, 16);
}

function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

/** `jobs` run side by side; the first that fails ends them. Returns its output. */
export async function inParallel(jobs, onDone) {
  let next = 0;
  let failed;
  async function worker() {
    while (next < jobs.length && failed === undefined) {
      const output = await jobs[next++]();
      failed ??= output;
      onDone();
    }
  }
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, worker));
  return failed;
}

/** Compiles what is not compiled yet and links it. Resolves to what went wrong. */
async function compileAll(compiler, cache, own, sources, program, say, tick) {
  const engine = digest(
    xsPackage.integrity,
    compiler.version,
    ...compiler.flags,
    ...options,
    JSON.stringify(renamed),
    readFileSync(join(own, "platform.h")),
  );
  const folder = join(cache, `objects-${compiler.bits}-${engine}`);
  mkdirSync(folder, { recursive: true });
  const folders = [...["includes", "platforms", "sources"].map((each) => join(sources, each)), own];
  const flags = [...compiler.flags, ...options, ...folders.map((each) => "-I" + each)];
  const file = (from, name, ...extra) => ({
    from: join(from, name),
    to: join(folder, `${from === own ? "host-" : ""}${basename(name, ".c")}.o`),
    extra,
  });
  const scripts = (from) => readdirSync(from).filter((name) => name.endsWith(".c") && !leftOut.includes(name));
  const engineFiles = scripts(join(sources, "sources")).map((name) => file(join(sources, "sources"), name, "-w", ...(renamed[name] ?? [])));
  const hostFiles = scripts(own).map((name) => file(own, name, "-Wall", "-Wextra"));
  const stale = [...engineFiles.filter(({ to }) => !existsSync(to)), ...hostFiles];
  say(`compiling ${stale.length} files for ${compiler.bits} bits with ${compiler.version}`);
  let done = 0;
  const jobs = stale.map(
    ({ from, to, extra }) =>
      () =>
        compile(compiler.command, [...flags, ...extra, "-c", from], to),
  );
  const failed = await inParallel(jobs, () => tick(++done, stale.length));
  const objects = [...engineFiles, ...hostFiles].map(({ to }) => to);
  return failed ?? compile(compiler.command, [...compiler.flags, ...objects, "-lm", "-lpthread"], program);
}

/**
 * Makes sure that the host is there. Resolves to `{ ok, bits, program, built }`, or to `{ ok: false,
 * status, message }`: 3 without a compiler, 1 for all else. `say` gets lines of progress, `tick` how far it is.
 */
export async function buildXs({ root, bits, say = () => {}, tick = () => {} }) {
  const cache = join(root, ".cache", "xs");
  const own = join(root, "host-sim", "xs", "c");
  const ownSum = digest(
    ...readdirSync(own)
      .sort()
      .map((file) => readFileSync(join(own, file))),
  );
  const inputs = digest(ownSum, xsPackage.integrity, ...options, JSON.stringify(renamed), process.env.CC ?? "");
  const noteOf = (which) => join(cache, `built-${which}.json`);
  const usual = join(cache, "built.json");

  // Where only 64 bits could be built, there may be a better compiler by now.
  const before = readJson(noteOf(bits ?? 32));
  if (before?.inputs === inputs && existsSync(join(root, before.program))) return { ...before, built: false };

  const compiler = findCompiler(bits);
  if (compiler === undefined) return { ok: false, status: 3, message: noCompiler };
  if (compiler.bits === 64 && bits !== 64) say(no32Bits);
  const program = `.cache/xs/mote-xs-${compiler.bits}`;
  const note = { ok: true, bits: compiler.bits, program, own: ownSum, inputs };
  const built = readJson(noteOf(compiler.bits))?.inputs !== inputs || !existsSync(join(root, program));
  if (built) {
    try {
      const sources = xsSources(cache, say);
      const wrong = await compileAll(compiler, cache, own, sources, join(root, program), say, tick);
      if (wrong !== undefined) return { ok: false, status: 1, message: `the XS host does not compile:\n${wrong}` };
    } catch (error) {
      return { ok: false, status: 1, message: error.message };
    }
    writeFileSync(noteOf(compiler.bits), JSON.stringify(note) + "\n");
  }
  // The one to use when nobody asks for bits: 32 if there is one.
  if (bits === undefined || readJson(usual)?.bits !== 32) writeFileSync(usual, JSON.stringify(note) + "\n");
  return { ...note, built };
}
