/** What `mote collect` may be told: its words checked, with one line about what is wrong. */
import { failure, success, type Result } from "../../firmware/base/result.js";
import type { Settings } from "../../firmware/settings.js";
import { brokerOf, brokerRule, withoutPassword } from "./broker-url.js";
import { commandHelp } from "./command-help.js";
import { parseDuration } from "./options.js";
import { parseWords, quoted, type OptionForm } from "./words.js";

export interface CollectOptions {
  broker: Settings["broker"];
  store: string;
  /** Undefined: until Ctrl-C. */
  durationMs: number | undefined;
  json: boolean;
}

export const defaultStore = "mote.db";
export const storeForm: OptionForm = { value: "FILE", help: [`the SQLite file, default ${defaultStore}`] };
const longestMs = 366 * 86_400_000;

const forms: Readonly<Record<string, OptionForm>> = {
  broker: { value: "URL", help: ["mqtt://[user:password@]host[:port], default", "mqtt://127.0.0.1"] },
  store: { ...storeForm, help: [...storeForm.help.slice(0, -1), `the SQLite file, made if need be; default ${defaultStore}`] },
  duration: { value: "TIME", help: ["500ms, 60s, 10m, 1h or 1d; default: until Ctrl-C"] },
  json: { help: ["stdout has one JSON object a line: what happens, and", "counts each second in which something came"] },
};

export function collectHelp(): string {
  return commandHelp(
    "mote collect [options]",
    "keeps what boards send, so that nothing is lost or doubled",
    forms,
    ["mote collect --store house.db", "mote collect --broker mqtt://me:secret@10.0.0.5 --store /data/house.db --json"],
    [
      "Subscribes mote/+/data on a session that the broker keeps, and confirms to broker",
      "and boards only what is on disk: it may be killed at any moment. While it runs,",
      "mote export, mote gaps and sqlite3 may read the file. docs/collect.md tells all.",
    ],
  );
}

export function parseCollectOptions(words: readonly string[]): Result<CollectOptions, "usage"> {
  const parsed = parseWords(words, forms);
  if (!parsed.ok) return parsed;
  const { broker: url = "mqtt://127.0.0.1", store = defaultStore, duration, json } = parsed.value;
  const broker = brokerOf(url);
  if (broker === undefined) return failure("usage", `--broker must be ${brokerRule}, not ${quoted(withoutPassword(url))}`);
  if (store === "") return failure("usage", "--store needs a file's name");
  const durationMs = duration === undefined ? undefined : parseDuration(duration);
  if (durationMs !== undefined && !(durationMs >= 1 && durationMs <= longestMs)) {
    return failure("usage", `--duration must be a time from 1ms to 366d, such as 60s, 10m or 1h, not ${quoted(duration ?? "")}`);
  }
  return success({ broker, store, durationMs, json: json !== undefined });
}
