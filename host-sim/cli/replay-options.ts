/** What `mote replay` may be told: the table of its options, and its words checked, with one line about what is wrong. */
import { failure, success, type Result } from "../../firmware/base/result.js";
import { eventKinds, type EventKind } from "../world/decoded.js";
import { commandHelp } from "./command-help.js";
import { parseDuration } from "./options.js";
import { nearest } from "../../firmware/base/nearest.js";
import { parseWords, quoted, type OptionForm } from "./words.js";

export interface ReplayOptions {
  file: string;
  /** Seconds of the trace a real one. */
  speed: number | "max";
  /** Since the trace's beginning. */
  fromMs: number;
  untilMs: number | undefined;
  untilEvent: string | undefined;
  /** Undefined: all kinds. */
  only: ReadonlySet<EventKind> | undefined;
  json: boolean;
}

const forms: Readonly<Record<string, OptionForm>> = {
  speed: { value: "N|max", help: ["seconds of the trace a real one; default max: all at once"] },
  from: { value: "TIME", help: ["shows nothing before: 500ms, 60s, 10m, 1h or 1d after the", "trace's beginning"] },
  until: { value: "TIME", help: ["stops there"] },
  "until-event": {
    value: "TEXT",
    help: [
      "stops at the first shown line that holds the text, or at",
      "a packet on a topic: 'PUBLISH mote/+/temperature'; exit 1",
      "when it never comes",
    ],
  },
  only: { value: "KIND[,KIND]", help: ["shows only " + eventKinds.slice(0, 6).join(", ") + ",", eventKinds.slice(6).join(", ")] },
  json: { help: ["one JSON object an event in place of the lines"] },
};

export function replayHelp(): string {
  return commandHelp(
    "mote replay TRACE.jsonl [options]",
    "shows a run again, in words",
    forms,
    [
      "mote replay run.jsonl --only mqtt,wifi",
      "mote replay run.jsonl --from 10m --speed 1",
      "mote replay run.jsonl --until-event 'PUBLISH mote/+/temperature'",
    ],
    ["A trace is written by mote sim --trace FILE.jsonl, or by mote record."],
  );
}

export function parseReplayOptions(words: readonly string[]): Result<ReplayOptions, "usage"> {
  let file: string | undefined;
  const parsed = parseWords(words, forms, {
    word(word) {
      if (file !== undefined || word === "" || word.startsWith("-")) return false;
      file = word;
      return true;
    },
  });
  if (!parsed.ok) return parsed;
  if (file === undefined) return failure("usage", "replay needs a trace: mote replay TRACE.jsonl");
  const given = parsed.value;
  const wrong = (option: string, rule: string): Result<never, "usage"> =>
    failure("usage", `--${option} must be ${rule}, not ${quoted(given[option] ?? "")}`);

  const speedText = given["speed"] ?? "max";
  const speed = speedText === "max" ? "max" : /^(\d+\.?\d*|\.\d+)$/.test(speedText) ? Number(speedText) : NaN;
  if (speed !== "max" && !(speed >= 0.001 && speed <= 100_000)) return wrong("speed", "a number from 0.001 to 100000, or max");

  const fromMs = parseDuration(given["from"] ?? "0s");
  if (!Number.isFinite(fromMs)) return wrong("from", "a time such as 500ms, 60s, 10m, 1h or 1d");
  const untilMs = given["until"] === undefined ? undefined : parseDuration(given["until"]);
  if (untilMs !== undefined && !Number.isFinite(untilMs)) return wrong("until", "a time such as 500ms, 60s, 10m, 1h or 1d");
  if (untilMs !== undefined && untilMs < fromMs) return failure("usage", "--until lies before --from: nothing would be shown");

  const untilEvent = given["until-event"];
  if (untilEvent?.trim() === "") return wrong("until-event", "a text, or a packet and a topic such as 'PUBLISH mote/+/temperature'");

  let only: Set<EventKind> | undefined;
  if (given["only"] !== undefined) {
    only = new Set();
    for (const name of given["only"].split(",").map((each) => each.trim())) {
      const kind = eventKinds.find((each) => each === name);
      if (kind === undefined) {
        const near = nearest(name, eventKinds);
        return failure(
          "usage",
          `--only: ${quoted(name)} is no kind of event; ${near === undefined ? `there are ${eventKinds.join(", ")}` : `did you mean ${near}?`}`,
        );
      }
      only.add(kind);
    }
  }

  return success({ file, speed, fromMs, untilMs, untilEvent: untilEvent?.trim(), only, json: given["json"] !== undefined });
}
