/** What `mote decode` may be told: its words checked, with one line about what is wrong. */
import { failure, success, type Result } from "../../firmware/base/result.js";
import { commandHelp } from "./command-help.js";
import { parseWords, quoted, type OptionForm } from "./words.js";

export interface DecodeOptions {
  /** `-` is stdin. */
  file: string;
  form: "table" | "json" | "csv";
}

const forms: Readonly<Record<string, OptionForm>> = {
  json: { help: ["one JSON object a block or gap, with all its samples"] },
  csv: { help: ["one row a sample, missing sample or gap"] },
};

export function decodeHelp(): string {
  return commandHelp(
    "mote decode FILE|- [options]",
    "shows what blocks of samples hold, and gap records",
    forms,
    ["mote decode blocks.bin", "mote decode traffic.jsonl --csv > samples.csv", "mosquitto_sub -N -t 'mote/+/data' -C 1 | mote decode -"],
    [
      "FILE holds blocks as the board sends them, one after the other; or the same in",
      "hex; or traffic that mote record saved as .jsonl, of which the messages that are",
      "blocks or gaps are shown. What each byte means stands in",
      "firmware/telemetry/FORMAT.md and firmware/journal/FORMAT.md. Exit code 1 when",
      "something cannot be decoded; the others are shown all the same.",
    ],
  );
}

export function parseDecodeOptions(words: readonly string[]): Result<DecodeOptions, "usage"> {
  let file: string | undefined;
  const parsed = parseWords(
    words.map((word) => (word === "-" ? "./-" : word)),
    forms,
    {
      word(word) {
        if (file !== undefined) return false;
        file = word === "./-" ? "-" : word;
        return true;
      },
    },
  );
  if (!parsed.ok) return parsed;
  if (file === undefined) return failure("usage", "decode needs a file of blocks, or - for stdin");
  if (file === "") return failure("usage", `decode needs a file, not ${quoted(file)}`);
  const { json, csv } = parsed.value;
  if (json !== undefined && csv !== undefined) return failure("usage", "--json and --csv are two forms: leave one out");
  return success({ file, form: json !== undefined ? "json" : csv !== undefined ? "csv" : "table" });
}
