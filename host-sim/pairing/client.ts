/**
 * All that can be asked of a board over one session: the verbs of docs/ble.md. Requests wait for each other, and every failure
 * is a value whose message says what to do.
 */
import { failure, success, type Result } from "../../firmware/base/result.js";
import type {
  BoardClient,
  BoardEvent,
  BoardInfo,
  FieldText,
  GattLink,
  LogLine,
  PairingError,
  Reading,
  SetOutcome,
  SettingValue,
  TrialState,
  FoundNetwork,
} from "./contract.js";
import { bodyMax, Session, usualPatience, type Patience, type Reply } from "./session.js";
import {
  lines,
  readEvent,
  readField,
  readInfo,
  readLogLine,
  readNetwork,
  readPage,
  readPairs,
  readReading,
  readSetOutcome,
  readSetting,
  readTrial,
  refusals,
} from "./texts.js";

type Outcome<Value> = Result<Value, PairingError>;
type Asked<Value> = Promise<Outcome<Value>>;

/** Of a list: more than any board has, so that one that never ends does not go on for ever. */
const pagesMax = 1_000;
const unread = "The board's answer cannot be read here: its firmware is of another version. Flash it again, or take a newer Mote here.";

/**
 * Opens a session over a link, which it takes over: it is closed when this fails. `secret`: 15 bytes, as `readPairing` gives them.
 * The first request is made here: with it the board knows that it was no recorded hello.
 */
export async function openBoard(link: GattLink, secret: Uint8Array, patience: Patience = usualPatience): Asked<BoardClient> {
  const info = await infoOf(link, patience.info);
  if (!info.ok) {
    link.close();
    return info;
  }
  const session = await Session.open(link, info.value, secret, patience.welcome);
  if (!session.ok) return session;
  const client = new Client(info.value, session.value, patience);
  const about = await client.about();
  if (about.ok) return success(client);
  client.close();
  return about;
}

/** What the board says of itself, where that does not rule a session out. */
async function infoOf(link: GattLink, waitMs: number): Asked<BoardInfo> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), waitMs)));
  const bytes = await Promise.race([link.readInfo().catch(() => undefined), silence]);
  clearTimeout(timer);
  if (bytes === undefined)
    return failure("gone", "The board does not answer. Come closer to it, see that it has power, and connect again.");
  if (bytes[0] !== undefined && bytes[0] !== 1) return { ok: false, error: refusals(11) };
  const info = readInfo(bytes);
  if (info === undefined) return failure("version", unread);
  if (!info.windowOpen) return { ok: false, error: refusals(4) };
  if (info.locked) return { ok: false, error: refusals(5) };
  if (!info.hasSecret) return { ok: false, error: refusals(6) };
  return success(info);
}

class Client implements BoardClient {
  readonly info: BoardInfo;
  onEvent: (event: BoardEvent) => void = () => {};
  onEnded: BoardClient["onEnded"] = () => {};
  readonly #session: Session;
  readonly #patience: Patience;

  constructor(info: BoardInfo, session: Session, patience: Patience) {
    this.info = info;
    this.#session = session;
    this.#patience = patience;
    session.onEvent = (kind, body) => {
      const event = readEvent(kind, body);
      if (event !== undefined) this.onEvent(event);
    };
    session.onEnded = (error) => this.onEnded(error);
  }

  about = (): Asked<ReadonlyMap<string, string>> => this.#read(1, "", readPairs);
  settings = (): Asked<readonly SettingValue[]> => this.#list(2, 0, readSetting);
  schema = (): Asked<readonly FieldText[]> => this.#list(3, 0, readField);
  trial = (): Asked<TrialState> => this.#read(5, "", readTrial);
  confirm = (): Asked<TrialState> => this.#read(6, "", readTrial);
  undo = (): Asked<TrialState> => this.#read(7, "", readTrial);
  scan = (): Asked<readonly FoundNetwork[]> => this.#read(8, "", (body) => all(lines(body), readNetwork), this.#patience.scan);
  live = (on: boolean): Asked<undefined> => this.#do(9, on ? "on" : "off");
  log = (first: number): Asked<readonly LogLine[]> => this.#list(10, first, readLogLine);
  health = (): Asked<ReadonlyMap<string, string>> => this.#read(11, "", readPairs);
  journal = (): Asked<ReadonlyMap<string, string>> => this.#read(12, "", readPairs);
  identify = (): Asked<undefined> => this.#do(13, "");
  restart = (): Asked<undefined> => this.#do(14, "");
  factoryReset = (): Asked<undefined> => this.#do(15, "erase");
  raw = (): Asked<readonly Reading[]> => this.#list(16, 0, readReading);

  async set(changes: ReadonlyMap<string, string>, forget: readonly string[] = []): Asked<SetOutcome> {
    const parts = [`schema ${this.info.schema}`];
    for (const [name, value] of changes) {
      if (!isName(name)) return noName(name);
      if (/[\n\0]/.test(value)) return failure("setting", `The value of ${name} has a line break or a zero in it: take it out.`);
      parts.push(`${name}=${value}`);
    }
    for (const name of forget) {
      if (!isName(name)) return noName(name);
      parts.push(name);
    }
    const body = parts.join("\n");
    const bytes = new TextEncoder().encode(body).length;
    if (bytes <= bodyMax) return this.#read(4, body, readSetOutcome);
    return failure(
      "setting",
      `These changes take ${bytes} bytes, and the board takes ${bodyMax} at once: shorten the longest, or apply some first.`,
    );
  }

  close(): void {
    this.#session.close();
  }

  async #do(verb: number, body: string): Asked<undefined> {
    const reply = await this.#ask(verb, body);
    return reply.ok ? success(undefined) : reply;
  }

  async #read<Value>(verb: number, body: string, read: (body: string) => Value | undefined, waitMs?: number): Asked<Value> {
    const reply = await this.#ask(verb, body, waitMs);
    if (!reply.ok) return reply;
    const value = read(reply.value);
    return value === undefined ? failure("version", unread) : success(value);
  }

  async #list<Value>(verb: number, first: number, read: (line: string) => Value | undefined): Asked<readonly Value[]> {
    const found: Value[] = [];
    let at = first;
    for (let count = 0; count < pagesMax; count++) {
      const page = await this.#read(verb, at === 0 ? "" : String(at), readPage);
      if (!page.ok) return page;
      const entries = all(page.value.lines, read);
      if (entries === undefined) break;
      found.push(...entries);
      const { next } = page.value;
      if (next === undefined) return success(found);
      if (next <= at) break;
      at = next;
    }
    return failure("version", unread);
  }

  async #ask(verb: number, body: string, waitMs = this.#patience.reply): Asked<string> {
    const reply = await this.#session.request(verb, body, waitMs);
    if (!reply.ok) return reply;
    return reply.value.status === 0 ? success(reply.value.body) : { ok: false, error: refused(reply.value) };
  }
}

/** Each line read; undefined where one cannot be. */
function all<Value>(found: readonly string[], read: (line: string) => Value | undefined): Value[] | undefined {
  const values: Value[] = [];
  for (const line of found) {
    const value = read(line);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

function isName(name: string): boolean {
  return /^[^=\s]+$/.test(name);
}

function noName(name: string): { readonly ok: false; readonly error: { readonly kind: "setting"; readonly message: string } } {
  return failure("setting", `“${name.slice(0, 40)}” is no name of a setting: it has no spaces and no “=”.`);
}

function refused({ status, body }: Reply): { readonly kind: PairingError; readonly message: string } {
  const more = body === "" ? "" : ` ${body}`;
  switch (status) {
    case 16:
      return { kind: "version", message: "The board's firmware cannot do this yet. Flash a newer one." };
    case 18:
      return { kind: "setting", message: body === "" ? "A setting is wrong." : body };
    case 19:
      return {
        kind: "board",
        message: `The board's flash does not work, so nothing was kept.${more} Restart the board; if it stays so, replace it.`,
      };
    case 20:
      return { kind: "refused", message: "Nothing is on trial: it was kept or undone before." };
    case 21:
      return { kind: "board", message: `This board cannot do that.${more}` };
    case 22:
      return {
        kind: "board",
        message: "The board's radio cannot scan just now: it is joining a Wi-Fi. Wait some seconds, and scan again.",
      };
    case 23:
      return { kind: "version", message: "The board's settings are of another version: its firmware was changed. Connect again." };
    default:
      return { kind: "refused", message: `The board does not understand this (status ${status}).${more}` };
  }
}
