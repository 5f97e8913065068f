/** What `mote sim` may be told: the table of its options, and its words checked, with one line about what is wrong. */
import { failure, success, type Result } from "../../firmware/base/result.js";
import type { Settings } from "../../firmware/settings.js";
import { recordable } from "../world/environment.js";
import { brokerOf, brokerRule, withoutPassword } from "./broker-url.js";
import { parseWords, quoted, type OptionForm } from "./words.js";

export interface SimOptions {
  /** A file in place of the repository's own app. */
  app: string | undefined;
  /** A file that describes chips on the I²C bus. */
  chip: string | undefined;
  engine: "node" | "xs";
  /** Virtual seconds a real one; "max" is virtual time with the broker model. */
  speed: number | "max";
  /** Of virtual time. */
  durationMs: number | undefined;
  seed: number;
  /** How many boards run the app. */
  boards: number;
  broker: Settings["broker"] | undefined;
  source: { kind: "world" } | { kind: "host" } | { kind: "recording"; file: string };
  traceFile: string | undefined;
  /** The folder in which the board's flash outlasts the run. */
  state: string | undefined;
  json: boolean;
  /** The dashboard's port; "off"; undefined: on with `start`, off with `sim`. */
  dashboard: number | "off" | undefined;
  /** Bytes of the XS arena. */
  arenaBytes: number;
}

/** The heap that a board gives JavaScript (manifest.json, creation). */
export const defaultArenaBytes = 80 * 1024;

const columns = Object.keys(recordable);

export const simForms: Readonly<Record<string, OptionForm>> = {
  app: { value: "FILE", help: ['the app to run: TypeScript that imports from "mote", or', "the same as JSON; default firmware/app.ts"] },
  chip: { value: "FILE.js", help: ["chips on its I2C bus for drivers of your own, as", "docs/drivers.md describes them"] },
  engine: { value: "node|xs", help: ["Node's engine (default), or XS, the one on the board", "(npm run build:xs)"] },
  speed: {
    value: "N|max",
    help: ["virtual seconds a real one, default 1; max: virtual time", "and a modelled broker, fast, the same on every run"],
  },
  duration: {
    value: "TIME",
    help: ["of virtual time: 500ms, 60s, 10m, 1h or 1d; default: a", "recording's length, with --speed max 60s, or until Ctrl-C"],
  },
  seed: { value: "N", help: ["what chance is drawn from, default 1: same seed, same run"] },
  boards: { value: "N", help: ["so many boards of this app, default 1, at most 10000"] },
  broker: { value: "URL", help: ["in place of the embedded one:", "mqtt://[user:password@]host[:port]"] },
  source: {
    value: "world|host|FILE.csv",
    help: [
      "a simulated day's weather (default), this computer's own",
      "sensors, or a recording: a column timestamp, and of",
      `${columns.slice(0, 4).join(", ")},`,
      `${columns.slice(4).join(", ")} at least one`,
    ],
  },
  dashboard: { value: "PORT|off", help: ["a page that shows the run and breaks it; `start` has one", "on port 8080, or on a free one"] },
  trace: { value: "FILE.jsonl", help: ["every byte on the wire and every bus transaction, with", "its virtual time"] },
  state: {
    value: "DIR",
    help: ["keeps the board's flash in a folder: the next run goes on", "with it, and mote config sets what is in it"],
  },
  arena: { value: "BYTES", help: [`the XS engine's heap, default ${defaultArenaBytes}`] },
  json: {
    help: [
      "the last line of stdout is one JSON object of counts,",
      "whenever a run came to its end: also when the board never",
      "reached its broker (exit 1)",
    ],
  },
};

const longestMs = 366 * 86_400_000;

export function parseSimOptions(words: readonly string[]): Result<SimOptions, "usage"> {
  const parsed = parseWords(words, simForms);
  if (!parsed.ok) return parsed;
  const given = parsed.value;
  const wrong = (option: string, rule: string): Result<never, "usage"> =>
    failure("usage", `--${option} must be ${rule}, not ${quoted(given[option] ?? "")}`);

  const engine = given["engine"] ?? "node";
  if (engine !== "node" && engine !== "xs") return wrong("engine", "node or xs");

  const speedText = given["speed"] ?? "1";
  const speed = speedText === "max" ? "max" : decimal(speedText);
  if (speed !== "max" && !(speed >= 0.001 && speed <= 1000)) return wrong("speed", "a number from 0.001 to 1000, or max");

  const durationMs = given["duration"] === undefined ? undefined : parseDuration(given["duration"]);
  if (Number.isNaN(durationMs)) return wrong("duration", "a time such as 500ms, 60s, 10m, 1h or 1d");
  if (durationMs !== undefined && !(durationMs >= 1 && durationMs <= longestMs)) return wrong("duration", "from 1ms to 366d");

  const seed = whole(given["seed"] ?? "1");
  if (!(seed <= 4294967295)) return wrong("seed", "a whole number from 0 to 4294967295");

  const boards = whole(given["boards"] ?? "1");
  if (!(boards >= 1 && boards <= 10_000)) return wrong("boards", "a whole number from 1 to 10000");

  const arenaBytes = given["arena"] === undefined ? defaultArenaBytes : whole(given["arena"]);
  if (!(arenaBytes >= 8192 && arenaBytes <= 16_777_216)) return wrong("arena", "bytes, a whole number from 8192 to 16777216");
  if (given["arena"] !== undefined && engine !== "xs") return failure("usage", "--arena is the heap of the xs engine: add --engine xs");

  const broker = given["broker"] === undefined ? undefined : brokerOf(given["broker"]);
  if (given["broker"] !== undefined && broker === undefined)
    return failure("usage", `--broker must be ${brokerRule}, not ${quoted(withoutPassword(given["broker"]))}`);
  if (broker !== undefined && speed === "max") {
    return failure("usage", "--speed max is virtual time, which no real broker keeps: leave --broker out, or give --speed a number");
  }

  const dashboard = given["dashboard"] === undefined || given["dashboard"] === "off" ? given["dashboard"] : whole(given["dashboard"]);
  if (typeof dashboard === "number" && !(dashboard >= 1 && dashboard <= 65535)) return wrong("dashboard", "a port from 1 to 65535, or off");

  for (const option of ["app", "chip", "trace"]) if (given[option] === "") return wrong(option, "a file");
  if (given["state"] === "") return wrong("state", "a folder");
  if (given["state"] !== undefined && boards > 1) return failure("usage", "--state keeps one board's flash: leave --boards out");
  const source = given["source"] ?? "world";
  if (source !== "world" && source !== "host" && !/.\.csv$/i.test(source)) return wrong("source", "world, host or a file ending in .csv");
  if (source === "host" && speed === "max") {
    return failure("usage", "--source host reads this computer as it is now: give --speed a number instead of max");
  }
  if (source === "host" && boards > 1) return failure("usage", "--source host is one computer: leave --boards out");
  if (source === "host" && given["app"] !== undefined) return failure("usage", "--source host brings its own app: leave --app out");

  return success({
    app: given["app"],
    chip: given["chip"],
    engine,
    speed,
    durationMs,
    seed,
    boards,
    broker,
    source: source === "world" || source === "host" ? { kind: source } : { kind: "recording", file: source },
    traceFile: given["trace"],
    state: given["state"],
    json: given["json"] !== undefined,
    dashboard: dashboard as number | "off" | undefined,
    arenaBytes,
  });
}

/** NaN when it is none. */
function decimal(text: string): number {
  return /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : NaN;
}

function whole(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : NaN;
}

const unitsMs: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** In ms; NaN when it is none. */
export function parseDuration(text: string): number {
  const match = /^([\d.]+)(ms|s|m|h|d)$/.exec(text);
  return match === null ? NaN : decimal(match[1]!) * unitsMs[match[2]!]!;
}
