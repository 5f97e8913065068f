/** What `mote explain` may be told. */
import { success, type Result } from "../../firmware/base/result.js";
import { commandHelp } from "./command-help.js";
import { parseWords, type OptionForm } from "./words.js";

export interface ExplainOptions {
  readonly app: string | undefined;
  readonly json: boolean;
}

const forms: Readonly<Record<string, OptionForm>> = {
  app: { value: "FILE", help: ["the app to explain: TypeScript, or the same as JSON;", "default firmware/app.ts"] },
  json: { help: ["one JSON object: the app as JSON, where it has one, and", "each channel explained"] },
};

export function parseExplainOptions(words: readonly string[]): Result<ExplainOptions, "usage"> {
  const parsed = parseWords(words, forms);
  if (!parsed.ok) return parsed;
  return success({ app: parsed.value["app"], json: parsed.value["json"] !== undefined });
}

export function explainHelp(): string {
  return commandHelp(
    "mote explain [--app FILE]",
    "what becomes of each channel's samples: rates, delays, memory, cost",
    forms,
    ["mote explain", "mote explain --app my/app.ts", "mote explain --app my/app.ts --json"],
    [
      "Delays are those of slow changes: a median of 5 at one sample a second shows",
      "them 2 s late. Costs are measured on XS on a computer; an ESP32 is slower.",
    ],
  );
}
