/**
 * Brings in the chips that a user describes in a file for `--chip`: an ES module whose default export is a
 * chip, several, or a function that makes them, once for each board.
 */
import { mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { failure, success, type Result } from "../../firmware/base/result.js";
import { trace } from "../ecma419/ambient.js";
import type { I2CChip } from "../world/chips/chip.js";
import { type ChipScript, scriptError, ScriptedChip } from "../world/chips/scripted.js";
import type { Environment } from "../world/environment.js";
import { bundleFile } from "./app-bundle.js";
import { exportsOf } from "./app-file.js";

/** Makes a board's chips anew, in its environment. */
export type MakeChips = (environment: Environment) => readonly I2CChip[];

export async function loadChips(file: string): Promise<Result<MakeChips, "chip">> {
  const entry = statSync(file, { throwIfNoEntry: false });
  if (entry?.isFile() !== true) return failure("chip", `${file}: ${entry === undefined ? "there is no such file" : "it is no file"}`);
  const folder = mkdtempSync(join(tmpdir(), "mote-chip-"));
  try {
    const bundled = await bundleFile(realpathSync(file));
    if (!bundled.ok) return failure("chip", bundled.error.message);
    const module = join(folder, "chip.mjs");
    writeFileSync(module, bundled.value);
    const exported = await exportsOf(module, file);
    if (!exported.ok) return failure("chip", exported.error.message);
    const { default: given } = exported.value as { default?: unknown };
    const once = scriptsOf(given, file);
    const complain = (mistake: string): void => trace(`Note    ${file}: the chip does not answer: ${mistake}\n`);
    return once.ok ? success((environment) => made(given, file).map((script) => new ScriptedChip(script, environment, complain))) : once;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The chips that a default export stands for, checked. */
function scriptsOf(given: unknown, file: string): Result<readonly ChipScript[], "chip"> {
  let chips: unknown;
  try {
    chips = typeof given === "function" ? given() : given;
  } catch (error) {
    return failure("chip", `${file}: its function throws: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (chips === undefined) return failure("chip", `${file}: its default export must be a chip: export default { address, registers }`);
  const several = Array.isArray(chips);
  const scripts: unknown[] = Array.isArray(chips) ? chips : [chips];
  const addresses = new Set<number>();
  for (const [index, script] of scripts.entries()) {
    const place = several ? `${file}: chip ${index + 1}` : `${file}: the chip`;
    const wrong = scriptError(script, place);
    if (wrong !== undefined) return failure("chip", wrong);
    const { address } = script as ChipScript;
    if (addresses.has(address)) return failure("chip", `${place} has the address 0x${address.toString(16)} of another`);
    addresses.add(address);
  }
  return success(scripts as ChipScript[]);
}

function made(given: unknown, file: string): readonly ChipScript[] {
  const scripts = scriptsOf(given, file);
  if (!scripts.ok) throw new Error(scripts.error.message);
  return scripts.value;
}
