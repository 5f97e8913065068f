/**
 * The keys of what an app declares: which there are, and what to say of any other. A key that nobody reads
 * would be a wish that nobody hears, so it is refused.
 */
import { nearest } from "./base/nearest.js";
import { quote } from "./base/quote.js";

export const declaredKeys = {
  app: ["name", "sensors", "channels"],
  sensor: ["driver", "on", "everyMs", "phaseMs", "pin", "address", "options"],
  channel: ["from", "unit", "resolution", "stages", "keep"],
} as const;

type Declared = keyof typeof declaredKeys;

/** ESPHome's words for the same, and where they stand here. */
const foreign: readonly (readonly [word: string, key: string, at: Declared])[] = [
  ["filters", "stages", "channel"],
  ["accuracy_decimals", "resolution", "channel"],
  ["unit_of_measurement", "unit", "channel"],
  ["update_interval", "everyMs", "sensor"],
  ["platform", "driver", "sensor"],
];

/** What is wrong with the keys of a declared thing; undefined when nothing is. */
export function keyMistake(of: Declared, given: object): string | undefined {
  const known: readonly string[] = declaredKeys[of];
  for (const key of Object.keys(given)) {
    if (known.indexOf(key) >= 0) continue;
    return "unknown key " + quote(key) + hint(of, key, known);
  }
  return undefined;
}

function hint(of: Declared, key: string, known: readonly string[]): string {
  for (const [word, meant, at] of foreign) {
    if (word === key) return ", did you mean " + (at === of ? "" : "a " + at + "'s ") + quote(meant) + "?";
  }
  const near = nearest(key, known);
  return near === undefined
    ? ", " + (of === "app" ? "an app" : "a " + of) + " has " + known.join(", ")
    : ", did you mean " + quote(near) + "?";
}

/** "… is missing, it must be …", or "… must be …, not …"; `remedy` ends the second. */
export function needed(key: string, need: string, given: unknown, remedy = ""): string {
  if (given === undefined) return key + " is missing, it must be " + need;
  return key + " must be " + need + ", not " + quote(given) + remedy;
}

/** A remedy for a time that was given as a text, such as "60s"; nothing for any other value. */
export function timeRemedy(given: unknown): string {
  const parts = typeof given === "string" ? /^ *(\d{1,9}(?:\.\d{1,3})?) *(ms|s|sec|m|min|h|d)? *$/.exec(given) : null;
  if (parts === null) return "";
  return ": write " + Math.floor(Number(parts[1]) * unitMs(parts[2]) + 0.5) + " (ms)";
}

function unitMs(unit: string | undefined): number {
  if (unit === "s" || unit === "sec") return 1000;
  if (unit === "m" || unit === "min") return 60_000;
  if (unit === "h") return 3_600_000;
  return unit === "d" ? 86_400_000 : 1;
}
