/** What `mote gaps` may be told: its words checked, with one line about what is wrong. */
import { failure, success, type Result } from "../../firmware/base/result.js";
import { defaultStore, storeForm } from "./collect-options.js";
import { commandHelp } from "./command-help.js";
import { parseWords, type OptionForm } from "./words.js";

export interface GapsOptions {
  store: string;
  device: string | undefined;
  json: boolean;
}

const forms: Readonly<Record<string, OptionForm>> = {
  store: storeForm,
  device: { value: "NAME", help: ["one board only"] },
  json: { help: ["one JSON object a board and install, each on a line"] },
};

export function gapsHelp(): string {
  return commandHelp(
    "mote gaps [options]",
    "what is missing in what mote collect keeps, and why",
    forms,
    ["mote gaps --store house.db", "mote gaps --store house.db --device porch-1a2b3c --json"],
    [
      "Lost is what a board's journal gave up and told of, less what arrived after all.",
      "Not arrived yet are numbers that nothing explains: the board sends them again. Times",
      "are UTC, or since a boot where no block of it tells when it was. Boards that send",
      "their data live only, or whose journal has nothing to tell, show no gaps.",
    ],
  );
}

export function parseGapsOptions(words: readonly string[]): Result<GapsOptions, "usage"> {
  const parsed = parseWords(words, forms);
  if (!parsed.ok) return parsed;
  const { store = defaultStore, device, json } = parsed.value;
  if (store === "") return failure("usage", "--store needs a file's name");
  return success({ store, device, json: json !== undefined });
}
