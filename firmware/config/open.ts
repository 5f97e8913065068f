/**
 * The settings in force: defaults, over them the seed (of build time, or of the simulator), over them what somebody set,
 * which alone lies in flash. Nothing is kept here: `openConfig` is called once at start, and `setConfig` reads anew.
 * What cannot be read or is wrong is left out and told; the rest holds, so a board always has settings to run on.
 */
import { failure, success, type Failure, type Result } from "../base/result.js";
import type { FlashStorage } from "../device.js";
import type { Config, PartialConfig } from "../settings.js";
import { overlay, readDocument, textOf, unknownSetting, without } from "./document.js";
import { migrate } from "./migrate.js";
import { defaults, fieldNamed } from "./schema.js";
import { type Reading, readStore, writeStore } from "./store.js";

/** `flash`: it cannot be read or written. `newer`: a later Mote wrote it. `settings`: a value is wrong, or a slot is damaged. */
export type ConfigProblem = "flash" | "newer" | "settings";

export interface OpenedConfig {
  /** In force. */
  readonly config: Config;
  /** What somebody set. */
  readonly stored: PartialConfig;
  /** The first thing that was wrong. */
  readonly problem: Failure<ConfigProblem> | undefined;
  /** How many there were: wrong values, damaged slots, a flash that does not work. */
  readonly problems: number;
}

/** Blocks for reading some 100 to 2,100 bytes of flash: 0.3 ms at most. */
export function openConfig(flash: FlashStorage, seed: PartialConfig): OpenedConfig {
  const found = new Problems();
  const config = defaults();
  overlay(
    config,
    readDocument(seed, (message) => found.add("settings", "built in: " + message)),
  );
  const reading = readStore(flash);
  const stored = storedOf(reading, found);
  overlay(config, stored);
  return { config, stored, problem: found.first, problems: found.count };
}

export interface Kept {
  /** What is set now. */
  readonly stored: PartialConfig;
  /** False: all of it was set already, and nothing was written. */
  readonly written: boolean;
}

/**
 * Sets what `changes` has and takes back what `forget` names (as `broker.port`), in one write. Takes effect with the next
 * start. When anything is wrong, nothing is changed. Blocks as `writeStore` does.
 */
export function setConfig(flash: FlashStorage, changes: PartialConfig, forget: readonly string[] = []): Result<Kept, "settings" | "flash"> {
  const found = new Problems();
  const checked = readDocument(changes, (message) => found.add("settings", message));
  for (const name of forget) if (fieldNamed(name) === undefined) found.add("settings", unknownSetting(name));
  if (found.first !== undefined) return failure("settings", found.first.message);

  const reading = readStore(flash);
  if (reading.problem?.kind === "flash") return failure("flash", reading.problem.message);
  const stored = without(storedOf(reading, new Problems()), forget);
  overlay(stored, checked);
  const text = textOf(stored);
  if (text === reading.text) return success({ stored, written: false });
  // Where nothing was ever set, nothing to set is no reason to write.
  if (reading.slot < 0 && text === "{}") return success({ stored, written: false });
  const problem = writeStore(flash, reading, text);
  return problem === undefined ? success({ stored, written: true }) : { ok: false, error: problem };
}

/** What a board lacks to reach anybody, with the remedy; undefined when it lacks nothing. */
export function unconfigured(config: Config): string | undefined {
  const missing: string[] = [];
  if (config.wifi.ssid === "") missing.push("wifi.ssid");
  if (config.broker.host === "") missing.push("broker.host");
  if (missing.length === 0) return undefined;
  return (
    missing.join(" and ") +
    (missing.length === 1 ? " is" : " are") +
    " not set: the board samples and keeps its journal, and reaches nobody. Give it " +
    "npm run flash -- --wifi-ssid NAME --wifi-password … --broker mqtt://host:1883, or, if it is a simulated one, mote config set"
  );
}

function storedOf(reading: Reading, found: Problems): PartialConfig {
  if (reading.problem !== undefined) found.add(reading.problem.kind, reading.problem.message);
  for (let each = 0; each < reading.damaged; each++) {
    const rest = reading.text === undefined ? "what was set is lost" : "the other one holds";
    found.add(
      "settings",
      "a slot of stored settings cannot be read (the power went while it was written, or its flash is damaged): " + rest,
    );
  }
  if (reading.text === undefined) return {};
  let document: unknown;
  try {
    document = migrate(JSON.parse(reading.text), reading.schema);
  } catch {
    found.add("settings", "the stored settings are no JSON: what was set is lost");
    return {};
  }
  return readDocument(document, (message) => found.add("settings", "stored: " + message));
}

/** Counts them, and keeps the first. */
class Problems {
  first: Failure<ConfigProblem> | undefined;
  count = 0;

  add(kind: ConfigProblem, message: string): void {
    this.count++;
    this.first ??= { kind, message };
  }
}
