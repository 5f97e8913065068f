/** What `mote explain` may be told. */
import { failure, success, type Result } from "../../firmware/base/result.js";
import { commandHelp } from "./command-help.js";
import { parseWords, type OptionForm } from "./words.js";

export interface ExplainOptions {
  readonly app: string | undefined;
  readonly json: boolean;
}

const forms: Readonly<Record<string, OptionForm>> = {
  app: { value: "FILE", help: ["the same as FILE, the app to explain: TypeScript, or the same as JSON;", "default firmware/app.ts"] },
  json: { help: ["one JSON object: the app as JSON, where it has one, and", "each channel explained"] },
};

export function parseExplainOptions(words: readonly string[]): Result<ExplainOptions, "usage"> {
  let file: string | undefined;
  const parsed = parseWords(words, forms, {
    word(word) {
      if (file !== undefined) return false;
      file = word;
      return true;
    },
  });
  if (!parsed.ok) return parsed;
  const { app = file } = parsed.value;
  if (file !== undefined && app !== file) return failure("usage", "one app at a time: name its file once");
  return success({ app, json: parsed.value["json"] !== undefined });
}

export function explainHelp(): string {
  return commandHelp(
    "mote explain [FILE]",
    "what becomes of each channel's samples: rates, delays, memory, cost",
    forms,
    ["mote explain", "mote explain my/app.ts", "mote explain my/app.ts --json"],
    [
      "Delays are those of slow, steady changes: a median of 5 at one sample a second",
      "shows them 2 s late. Where a result stands until the next one comes, that is no",
      "part of it. Costs are measured on XS on a computer; an ESP32 is slower.",
    ],
  );
}
