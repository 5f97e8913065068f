/**
 * The settings in force: defaults, over them the seed (of build time, or of the simulator), over them what somebody set,
 * which alone lies in flash. Nothing is kept here: each function reads anew. What cannot be read or is wrong is left out
 * and told; the rest holds, so a board always has settings to run on. What could cut a board off is set on trial (trial.ts).
 */
import { failure, success, type Failure, type Result } from "../base/result.js";
import type { FlashStorage } from "../device.js";
import type { Config, PartialConfig } from "../settings.js";
import { overlay, readDocument, textOf, unknownSetting, valueOf, without } from "./document.js";
import type { UndoReason } from "./marks.js";
import { migrate } from "./migrate.js";
import { defaults, fieldNamed, settingNames } from "./schema.js";
import { type Held, type Reading, readStore, writeStore } from "./store.js";

/** `flash`: it cannot be read or written. `newer`: a later Mote wrote it. `settings`: a value is wrong, or a slot is damaged. */
export type ConfigProblem = "flash" | "newer" | "settings";

export interface OpenedConfig {
  /** In force. */
  readonly config: Config;
  /** What somebody set; on trial, that. */
  readonly stored: PartialConfig;
  /** Of the settings that are on trial: the restarts since. Undefined where nothing is. */
  readonly trialBoots: number | undefined;
  /** The last trial was undone, and why. */
  readonly undone: UndoReason | undefined;
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
  const { trial, undone } = reading;
  return { config, stored, trialBoots: trial?.marks.boots, undone, problem: found.first, problems: found.count };
}

export interface Kept {
  /** What is set now. */
  readonly stored: PartialConfig;
  /** False: all of it was set already, and nothing was written. */
  readonly written: boolean;
  /** It holds for the time being. */
  readonly onTrial: boolean;
  /** Settings whose value in force is another now, as `broker.port`. */
  readonly changed: readonly string[];
}

/**
 * Sets what `changes` has and takes back what `forget` names (as `broker.port`), in one write. When anything is wrong, nothing
 * is changed. With `trialOver`, the built-in settings, what could cut the board off goes on trial; while something is on trial,
 * all that comes on top does too, and its time begins anew. Without it, all is kept at once. Blocks as `writeStore` does.
 */
export function setConfig(
  flash: FlashStorage,
  changes: PartialConfig,
  forget: readonly string[] = [],
  trialOver?: PartialConfig,
): Result<Kept, "settings" | "flash"> {
  const found = new Problems();
  const checked = readDocument(changes, (message) => found.add("settings", message));
  for (const name of forget) if (fieldNamed(name) === undefined) found.add("settings", unknownSetting(name));
  if (found.first !== undefined) return failure("settings", found.first.message);

  const reading = readStore(flash);
  if (reading.problem?.kind === "flash") return failure("flash", reading.problem.message);
  const before = storedOf(reading, new Problems());
  const stored = without(before, forget);
  overlay(stored, checked);
  const text = textOf(stored);
  const changed = differing(before, stored, trialOver ?? {});
  const { kept, trial } = reading;
  const held = trial ?? kept;
  // Where nothing was ever set, nothing to set is no reason to write.
  if (text === (held?.text ?? "{}") && (trialOver !== undefined || trial === undefined)) {
    return success({ stored, written: false, onTrial: trial !== undefined, changed });
  }
  const onTrial = trialOver !== undefined && (trial !== undefined || changed.some((name) => fieldNamed(name)!.trial));
  const problem = writeStore(flash, reading, text, onTrial);
  return problem === undefined ? success({ stored, written: true, onTrial, changed }) : { ok: false, error: problem };
}

function differing(before: PartialConfig, after: PartialConfig, seed: PartialConfig): string[] {
  return settingNames().filter((name) => inForce(before, seed, name) !== inForce(after, seed, name));
}

function inForce(stored: PartialConfig, seed: PartialConfig, name: string): unknown {
  return valueOf(stored, name) ?? valueOf(seed, name) ?? fieldNamed(name)!.default;
}

/** What the trial has changed over what was kept and is built in (`seed`), as `broker.port`; of no use where nothing is on trial. */
export function namesOnTrial(flash: FlashStorage, seed: PartialConfig = {}): string[] {
  const { kept, trial } = readStore(flash);
  const quiet = new Problems();
  return trial === undefined ? [] : differing(documentOf(kept, quiet), documentOf(trial, quiet), seed);
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
    " not set: the board samples and keeps its journal, and reaches nobody. Press its button and tell it over Bluetooth (docs/ble.md), " +
    "or build it in: npm run flash -- --wifi-ssid NAME --wifi-password … --broker mqtt://host:1883"
  );
}

function storedOf(reading: Reading, found: Problems): PartialConfig {
  if (reading.problem !== undefined) found.add(reading.problem.kind, reading.problem.message);
  for (let each = 0; each < reading.damaged; each++) {
    const rest = (reading.trial ?? reading.kept)?.text === undefined ? "what was set is lost" : "the other one holds";
    found.add(
      "settings",
      "a slot of stored settings cannot be read (the power went while it was written, or its flash is damaged): " + rest,
    );
  }
  return documentOf(reading.trial ?? reading.kept, found);
}

function documentOf(held: Held | undefined, found: Problems): PartialConfig {
  if (held?.text === undefined) return {};
  let document: unknown;
  try {
    document = migrate(JSON.parse(held.text), held.schema);
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
