/** What `mote explain` may be told. */
import { failure, success, type Result } from "../../firmware/base/result.js";
import { commandHelp } from "./command-help.js";
import { timeOf } from "../scenario/schema-time.js";
import { parseWords, type OptionForm } from "./words.js";

export interface ExplainOptions {
  readonly app: string | undefined;
  readonly json: boolean;
  readonly roundTripMs: number;
}

const usualRoundTripMs = 100;

const forms: Readonly<Record<string, OptionForm>> = {
  app: { value: "FILE", help: ["the same as FILE, the app to explain: TypeScript, or the same as JSON;", "default firmware/app.ts"] },
  "round-trip": {
    value: "TIME",
    help: ["from the board to the broker and back, for how long an outage", "takes to be sent afterwards; default 100ms"],
  },
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
  const { "round-trip": trip } = parsed.value;
  const roundTripMs = trip === undefined ? usualRoundTripMs : timeOf(trip);
  if (typeof roundTripMs === "string" || roundTripMs > 60_000) {
    return failure("usage", `--round-trip ${trip}: must be a time such as 50ms or 1s, at most 1m`);
  }
  return success({ app, json: parsed.value["json"] !== undefined, roundTripMs });
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
      "How long the journal lasts is reckoned from a short run of the app in a",
      "simulated day, all settings as by default.",
    ],
  );
}
