/**
 * Builds the same XS and the same host in C (../c) for rv32imc, to run in an emulator: into
 * `.cache/xs/mote-xs-rv32`, which is started and spoken to like the host for a computer. Does nothing
 * when sources, flags and compiler are as before.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { compile, digest, inParallel, leftOut, options, renamed } from "../toolchain/build.js";
import { xsPackage, xsSources } from "../toolchain/package.js";
import { gcc, missingTools, startScript, target } from "./tools.js";

/** -Os and dropped sections as Moddable's build for ESP32 has them; what describes the language is the host's. */
const flags = [
  ...target,
  "-Os",
  "-ffunction-sections",
  "-fdata-sections",
  "-fno-common",
  "-D_GNU_SOURCE",
  '-DXSPLATFORM="platform-rv32.h"',
  ...options.filter((option) => option.startsWith("-Dmx") || option === "-DINCLUDE_XSPLATFORM"),
];

/** The emulated board's memory: code, then RAM for the arena of a benchmark and for flash with its parser. */
const layout = Object.entries({
  __flash: 0x80000000,
  __flash_size: 0x400000,
  __ram: 0x80400000,
  __ram_size: 0x9000000,
  __stack_size: 0x100000,
}).map(([symbol, value]) => `-Wl,--defsym=${symbol}=0x${value.toString(16)}`);

const link = ["--oslib=semihost", "--crt0=hosted", ...layout];

/** CSRs are an extension by name; the compiler itself uses none of it. Formats: here `uint32_t` is a long. */
const own = ["-march=rv32imc_zicsr", "-Wall", "-Wextra", "-Wno-format"];

function filesIn(folder) {
  return readdirSync(folder)
    .filter((name) => /\.[ch]$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

async function compileAll(cache, folders, elf, say) {
  const sources = xsSources(cache, say);
  const { status, stdout } = spawnSync(gcc, ["--version"], { encoding: "utf8" });
  const platform = readFileSync(join(folders.rv32, "platform-rv32.h"));
  const engine = digest(xsPackage.integrity, status === 0 ? stdout : "", ...flags, JSON.stringify(renamed), platform);
  const objects = join(cache, `objects-rv32-${engine}`);
  mkdirSync(objects, { recursive: true });
  const search = [...["includes", "platforms", "sources"].map((each) => join(sources, each)), folders.rv32];
  const common = [...flags, ...search.map((each) => `-I${each}`)];
  const scripts = (folder) => filesIn(folder).filter((path) => path.endsWith(".c") && !leftOut.includes(basename(path)));
  const file = (from, prefix, extra) => ({ from, to: join(objects, `${prefix}${basename(from, ".c")}.o`), extra });
  const engineFiles = scripts(join(sources, "sources")).map((from) => file(from, "", ["-w", ...(renamed[basename(from)] ?? [])]));
  const ownExtra = [...own, "-iquote", folders.host];
  const ownFiles = [...scripts(folders.host), ...scripts(folders.rv32)].map((from) => file(from, "host-", ownExtra));
  const stale = [...engineFiles.filter(({ to }) => !existsSync(to)), ...ownFiles];
  say(`compiling ${stale.length} files for rv32imc`);
  const jobs = stale.map(
    ({ from, to, extra }) =>
      () =>
        compile(gcc, [...common, ...extra, "-c", from], to),
  );
  const failed = await inParallel(jobs, () => {});
  const all = [...engineFiles, ...ownFiles].map(({ to }) => to);
  return failed ?? compile(gcc, [...target, ...all, ...link, "-lm"], elf);
}

/** As buildXs: `{ ok, program, built }`, or `{ ok: false, status, message }`, where 3 is for tools that are missing. */
export async function buildRv32({ root, say = () => {} }) {
  const missing = missingTools();
  if (missing !== undefined) return { ok: false, status: 3, message: missing };
  const cache = join(root, ".cache", "xs");
  const folders = { host: join(root, "host-sim", "xs", "c"), rv32: join(root, "host-sim", "xs", "rv32") };
  const program = join(cache, "mote-xs-rv32");
  const elf = `${program}.elf`;
  const note = join(cache, "built-rv32.json");
  const script = startScript(basename(elf));
  const texts = [...filesIn(folders.host), ...filesIn(folders.rv32)].map((path) => readFileSync(path));
  const version = spawnSync(gcc, ["--version"], { encoding: "utf8" }).stdout;
  const inputs = digest(xsPackage.integrity, version, ...flags, ...own, ...link, JSON.stringify(renamed), script, ...texts);
  const before = existsSync(note) ? JSON.parse(readFileSync(note, "utf8")).inputs : undefined;
  if (before === inputs && existsSync(program) && existsSync(elf)) return { ok: true, program, built: false };
  try {
    mkdirSync(cache, { recursive: true });
    const wrong = await compileAll(cache, folders, elf, say);
    if (wrong !== undefined) return { ok: false, status: 1, message: `the XS host does not compile for rv32imc:\n${wrong}` };
  } catch (error) {
    return { ok: false, status: 1, message: error.message };
  }
  writeFileSync(`${program}.${process.pid}`, script);
  chmodSync(`${program}.${process.pid}`, 0o755);
  renameSync(`${program}.${process.pid}`, program);
  writeFileSync(note, JSON.stringify({ inputs }) + "\n");
  return { ok: true, program, built: true };
}
