/**
 * What a board says, read: its info, the bodies of its replies and events, its refusals in words (docs/ble.md). What cannot be
 * read is undefined, never a guess.
 */
import type { Failure } from "../../firmware/base/result.js";
import type {
  BoardEvent,
  BoardInfo,
  FieldText,
  FoundNetwork,
  LogLine,
  PairingError,
  Reading,
  SetOutcome,
  SettingValue,
  TrialState,
} from "./contract.js";

export function readInfo(bytes: Uint8Array): BoardInfo | undefined {
  if (bytes.length < 16) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const flags = view.getUint8(1);
  return {
    protocol: view.getUint8(0),
    windowOpen: (flags & 1) !== 0,
    hasSecret: (flags & 2) !== 0,
    locked: (flags & 4) !== 0,
    sessionOpen: (flags & 8) !== 0,
    onTrial: (flags & 16) !== 0,
    guessesLeft: view.getUint8(2),
    windowS: view.getUint16(4, true),
    id: Array.from(bytes.subarray(6, 12), (byte) => byte.toString(16).padStart(2, "0")).join(""),
    schema: view.getUint16(12, true),
    maximumWrite: view.getUint16(14, true),
  };
}

/** A refusal of the board, and what to do about it. */
export function refusals(code: number): Failure<PairingError> {
  const say = (kind: PairingError, message: string) => ({ kind, message });
  switch (code) {
    case 4:
      return say("closed", "The board takes no new sessions just now. Press its button, and connect again within 5 minutes.");
    case 5:
      return say("locked", "Too many wrong pairing codes were tried. Press the board's button, and connect again.");
    case 6:
      return say("board", "The board has no pairing secret. Flash it again with “npm run flash”, which gives it one.");
    case 7:
      return say(
        "secret",
        "This pairing code is another board's. Take the code of this board: its label, or what was shown when it was flashed.",
      );
    case 9:
      return say("gone", "The session with the board is over, for example because it has restarted. Connect again.");
    case 10:
      return say("refused", "The board is busy with another connection attempt. Wait a moment, and connect again.");
    case 11:
      return say("version", "The board's firmware speaks another version of this protocol. Flash it again, or take a newer Mote here.");
    case 12:
      return say("gone", "The session was not used for too long, so the board has ended it. Connect again.");
    default:
      return say("refused", `The board has ended the session (refusal ${code}). Connect again; if that does not help, restart the board.`);
  }
}

/** Without what would steer a terminal: tabs part fields, and nothing else of the kind belongs into a line. */
export function lines(body: string): string[] {
  // oxlint-disable-next-line no-control-regex
  return body === "" ? [] : body.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "\ufffd").split("\n");
}

export interface Page {
  readonly lines: readonly string[];
  /** Undefined for the last page. */
  readonly next: number | undefined;
}

export function readPage(body: string): Page | undefined {
  const [first, ...rest] = lines(body);
  if (first === "end") return { lines: rest, next: undefined };
  const next = /^next (\d{1,9})$/.exec(first ?? "");
  return next === null ? undefined : { lines: rest, next: Number(next[1]) };
}

/** `name value` each; a value may have spaces, or be empty. */
export function readPairs(body: string): ReadonlyMap<string, string> | undefined {
  const pairs = new Map<string, string>();
  for (const line of lines(body)) {
    const [, name, value] = /^(\S+)(?: (.*))?$/.exec(line) ?? [];
    if (name === undefined) return undefined;
    pairs.set(name, value ?? "");
  }
  return pairs;
}

const origins = { s: "set", b: "built-in", d: "default" } as const;

export function readSetting(line: string): SettingValue | undefined {
  const [, origin, name, value] = /^([sbd]) ([^=]+)(?:=(.*))?$/.exec(line) ?? [];
  return name === undefined ? undefined : { origin: origins[origin as "s" | "b" | "d"], name, value };
}

export function readField(line: string): FieldText | undefined {
  const parts = line.split("\t");
  if (parts.length !== 8) return undefined;
  const [name, type, a, b, c, value, flags, about] = parts as [string, string, string, string, string, string, string, string];
  if (type !== "text" && type !== "whole" && type !== "choice") return undefined;
  const isText = type === "text";
  const isWhole = type === "whole";
  const whole = /^-?\d+$/;
  // A name becomes a property in files of settings.
  if (!/^[a-z][A-Za-z0-9]*\.[a-z][A-Za-z0-9]*$/.test(name) || (isText && !whole.test(b)) || (isWhole && !(whole.test(a) && whole.test(b))))
    return undefined;
  return {
    name,
    type,
    form: isText ? a : "",
    bytesMax: isText ? Number(b) : 0,
    min: isWhole ? Number(a) : 0,
    max: isWhole ? Number(b) : 0,
    unit: isWhole ? c : "",
    choices: type === "choice" ? a.split(",") : [],
    default: value,
    secret: flags.includes("s"),
    restart: flags.includes("r"),
    trial: flags.includes("t"),
    about,
  };
}

export function readTrial(body: string): TrialState | undefined {
  const [first = "", ...names] = lines(body);
  const [, state, rest] = /^(none|trial|kept|undone)(?: (.*))?$/.exec(first) ?? [];
  if (state === undefined || (state === "trial" && !/^\d+$/.test(rest ?? ""))) return undefined;
  return {
    state: state as TrialState["state"],
    leftS: state === "trial" ? Number(rest) : 0,
    reason: state === "undone" ? (rest ?? "") : "",
    names,
  };
}

export function readSetOutcome(body: string): SetOutcome | undefined {
  const [first = "", ...rest] = lines(body);
  const [, state, left] = /^(?:(kept|same)|(?:trial) (\d+))$/.exec(first) ?? [];
  if (state === undefined && left === undefined) return undefined;
  if (!rest.every((line) => /^restart \S+$/.test(line))) return undefined;
  const restart = rest.map((line) => line.slice("restart ".length));
  return { state: (state as "kept" | "same" | undefined) ?? "trial", leftS: Number(left ?? 0), restart };
}

export function readNetwork(line: string): FoundNetwork | undefined {
  const [, rssi, security, ssid] = /^(-?\d+) (open|wep|wpa) (.+)$/s.exec(line) ?? [];
  return ssid === undefined ? undefined : { ssid, rssi: Number(rssi), security: security as FoundNetwork["security"] };
}

export function readReading(line: string): Reading | undefined {
  const [channel, value, unit, ms, more] = line.split("\t");
  if (!channel || value === undefined || unit === undefined || more !== undefined || !/^\d+$/.test(ms ?? "")) return undefined;
  const error = value.startsWith("!") ? value.slice(1) : undefined;
  const number = Number(value);
  if (error === undefined && (value.trim() === "" || !Number.isFinite(number))) return undefined;
  return { channel, value: error === undefined ? number : undefined, error, unit, ms: Number(ms) };
}

export function readLogLine(line: string): LogLine | undefined {
  const [, number, ms, text] = /^(\d+) (\d+) (.*)$/s.exec(line) ?? [];
  return text === undefined ? undefined : { number: Number(number), ms: Number(ms), text };
}

/** Undefined also for kinds that a newer board may have. */
export function readEvent(kind: number, body: string): BoardEvent | undefined {
  if (kind === 1) {
    const reading = readReading(body);
    return reading && { kind: "live", reading };
  }
  if (kind === 2) {
    const trial = readTrial(body);
    return trial && { kind: "trial", trial };
  }
  return kind === 3 ? { kind: "network", text: body } : undefined;
}
