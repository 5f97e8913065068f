/** The words of the command line, checked: what `mote sim` may be told, and one line about what is wrong. */
import { parseArgs } from "node:util";
import { failure, success, type Result } from "../../firmware/base/result.js";
import type { Settings } from "../../firmware/settings.js";

export interface SimOptions {
  /** A file beside the repository's own app. */
  app: string | undefined;
  engine: "node" | "xs";
  /** Virtual seconds a real one; "max" is virtual time with the broker model. */
  speed: number | "max";
  durationMs: number | undefined;
  seed: number;
  broker: Settings["broker"] | undefined;
  source: { kind: "world" } | { kind: "host" } | { kind: "recording"; file: string };
  traceFile: string | undefined;
  json: boolean;
  /** Bytes of the XS arena. */
  arenaBytes: number;
}

/** The heap that a board gives JavaScript (manifest.json, creation). */
export const defaultArenaBytes = 64 * 1024;

export function parseSimOptions(words: readonly string[]): Result<SimOptions, "usage"> {
  let values: Record<string, string | boolean | undefined>;
  try {
    ({ values } = parseArgs({
      args: [...words],
      options: {
        app: { type: "string" },
        engine: { type: "string" },
        speed: { type: "string" },
        duration: { type: "string" },
        seed: { type: "string" },
        broker: { type: "string" },
        source: { type: "string" },
        trace: { type: "string" },
        arena: { type: "string" },
        json: { type: "boolean" },
      },
    }));
  } catch (error) {
    return failure("usage", (error as Error).message.split("\n")[0]!.replace(/\.? To specify.*$/, ""));
  }
  const text = (name: string): string | undefined => values[name] as string | undefined;

  const engine = text("engine") ?? "node";
  if (engine !== "node" && engine !== "xs") return failure("usage", `--engine must be node or xs, not ${quoted(engine)}`);

  const speedText = text("speed") ?? "1";
  const speed = speedText === "max" ? "max" : /^\d+(\.\d+)?$/.test(speedText) ? Number(speedText) : NaN;
  if (speed !== "max" && !(speed > 0 && speed <= 1000)) {
    return failure("usage", `--speed must be a number above 0 and at most 1000, or max, not ${quoted(speedText)}`);
  }

  const durationText = text("duration");
  const durationMs = durationText === undefined ? undefined : parseDuration(durationText);
  if (durationText !== undefined && durationMs === undefined) {
    return failure("usage", `--duration must be a time such as 500ms, 60s, 10m, 1h or 1d, not ${quoted(durationText)}`);
  }

  const seedText = text("seed") ?? "1";
  if (!/^\d{1,10}$/.test(seedText) || Number(seedText) > 4294967295) {
    return failure("usage", `--seed must be a whole number from 0 to 4294967295, not ${quoted(seedText)}`);
  }

  const arenaText = text("arena");
  const arenaBytes = arenaText === undefined ? defaultArenaBytes : Number(arenaText);
  if (!(Number.isInteger(arenaBytes) && arenaBytes >= 8192 && arenaBytes <= 16_777_216)) {
    return failure("usage", `--arena must be bytes from 8192 to 16777216, not ${quoted(arenaText ?? "")}`);
  }
  if (arenaText !== undefined && engine !== "xs") return failure("usage", "--arena is the heap of the xs engine: add --engine xs");

  const brokerText = text("broker");
  const broker = brokerText === undefined ? undefined : parseBroker(brokerText);
  if (brokerText !== undefined && broker === undefined) {
    return failure("usage", `--broker must be like mqtt://192.168.1.5:1883, not ${quoted(brokerText)}`);
  }
  if (broker !== undefined && speed === "max") {
    return failure("usage", "--speed max runs in virtual time, where a real broker has no clock: leave --broker out, or give --speed a number");
  }

  const sourceText = text("source") ?? "world";
  if (sourceText === "host" && speed === "max") {
    return failure("usage", "--source host reads this computer as it is now: give --speed a number instead of max");
  }
  if (sourceText === "host" && text("app") !== undefined) {
    return failure("usage", "--source host brings its own app: leave --app out");
  }
  if (sourceText !== "world" && sourceText !== "host" && !sourceText.endsWith(".csv")) {
    return failure("usage", `--source must be world, host or a file ending in .csv, not ${quoted(sourceText)}`);
  }

  return success({
    app: text("app"),
    engine,
    speed,
    durationMs,
    seed: Number(seedText),
    broker,
    source: sourceText === "world" || sourceText === "host" ? { kind: sourceText } : { kind: "recording", file: sourceText },
    traceFile: text("trace"),
    json: values["json"] === true,
    arenaBytes,
  });
}

const unitsMs: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text);
  if (match === null) return undefined;
  const ms = Number(match[1]) * unitsMs[match[2]!]!;
  return ms > 0 ? ms : undefined;
}

function parseBroker(text: string): Settings["broker"] | undefined {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return undefined;
  }
  if (url.protocol !== "mqtt:" || url.hostname === "" || (url.pathname !== "" && url.pathname !== "/")) return undefined;
  const port = url.port === "" ? 1883 : Number(url.port);
  if (port === 0) return undefined;
  return {
    host: url.hostname,
    port,
    ...(url.username === "" ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === "" ? {} : { password: decodeURIComponent(url.password) }),
  };
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
