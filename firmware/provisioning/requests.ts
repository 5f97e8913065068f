/**
 * What a session may ask for, verb by verb (docs/ble.md): each request gets one reply, at once or, of a scan, later. Nothing
 * a body holds is trusted; what does not fit changes nothing.
 */
import { decodeUtf8, utf8Length } from "../base/utf8.js";
import type { Failure } from "../base/result.js";
import { openConfig } from "../config/open.js";
import { fieldNamed, settingNames } from "../config/schema.js";
import { limits } from "../limits.js";
import type { BoardAccess } from "./access.js";
import { event, type Request, type Session, status } from "./contract.js";
import { Feed, shownLine } from "./feed.js";
import { firstOf, page } from "./page.js";
import { readChanges, schemaLine, settingLine, trialText } from "./setting-lines.js";

const verb = Object.freeze({
  about: 1,
  settings: 2,
  schema: 3,
  set: 4,
  trial: 5,
  confirm: 6,
  undo: 7,
  scan: 8,
  live: 9,
  log: 10,
  health: 11,
  journal: 12,
  identify: 13,
  restart: 14,
  factoryReset: 15,
  raw: 16,
  close: 17,
});

/** A class, since its methods stay in flash. */
export class Requests {
  private readonly access: BoardAccess;
  private readonly session: Session;
  private readonly feed: Feed;

  constructor(access: BoardAccess, session: Session) {
    this.access = access;
    this.session = session;
    this.feed = new Feed(access.device.timers, (index) => access.latest(index), session);
  }

  answer({ id, verb: asked, body }: Request): void {
    const text = decodeUtf8(body);
    if (text === undefined) return this.session.reply(id, status.malformed, "");
    this.obey(id, asked, text);
  }

  /** Nobody is there any more. */
  stop(): void {
    this.feed.stop();
    this.access.watch(false);
  }

  trialChanged(): void {
    if (this.session.open) this.session.event(event.trial, this.trial());
  }

  networkChanged(text: string): void {
    if (this.session.open) this.session.event(event.network, text);
  }

  private obey(id: number, asked: number, body: string): void {
    const { access } = this;
    switch (asked) {
      case verb.about:
        return this.done(id, access.about());
      case verb.settings:
      case verb.schema:
      case verb.log:
      case verb.raw:
        return this.list(id, asked, body);
      case verb.set:
        return this.set(id, body);
      case verb.trial:
        return this.done(id, this.trial());
      case verb.confirm:
      case verb.undo:
        return this.judge(id, asked === verb.confirm);
      case verb.scan:
        return access.scan((found) => {
          if (found === undefined) return this.session.reply(id, status.radio, "");
          const text = page(0, (index) => foundLine(found[index]));
          const head = text.indexOf("\n");
          this.done(id, head < 0 ? "" : text.slice(head + 1));
        });
      case verb.live:
        if (body !== "on" && body !== "off") return this.session.reply(id, status.malformed, "");
        if (body === "on") this.feed.start();
        else this.feed.stop();
        return this.done(id, "");
      case verb.health:
        return this.done(id, access.health());
      case verb.journal:
        return this.done(id, access.journal());
      case verb.identify:
        if (!access.canIdentify || !access.identify()) return this.session.reply(id, status.unsupported, "");
        return this.done(id, "");
      case verb.restart:
        access.restart();
        return this.done(id, "");
      case verb.factoryReset:
        if (body !== "erase") return this.session.reply(id, status.malformed, "");
        access.factoryReset();
        return this.done(id, "");
      case verb.close:
        return this.session.close();
      default:
        return this.session.reply(id, status.unknownVerb, "");
    }
  }

  private list(id: number, asked: number, body: string): void {
    const { access } = this;
    let first = firstOf(body);
    if (first === undefined) return this.session.reply(id, status.malformed, "");
    const names = asked === verb.settings || asked === verb.schema ? settingNames() : [];
    if (asked === verb.settings) {
      const opened = openConfig(access.device.flash, access.seed);
      return this.done(
        id,
        page(first, (index) => (index < names.length ? settingLine(names[index]!, opened, access.seed) : undefined)),
      );
    }
    if (asked === verb.schema)
      return this.done(
        id,
        page(first, (index) => (index < names.length ? schemaLine(names[index]!) : undefined)),
      );
    if (asked === verb.raw) return this.raw(id, first);
    const { log } = access;
    if (first < log.first) first = log.first;
    this.done(
      id,
      page(first, (number) => (number < log.next ? log.line(number) : undefined)),
    );
  }

  private raw(id: number, first: number): void {
    const { access } = this;
    access.watch(true);
    this.done(
      id,
      page(first, (index) => {
        const shown = access.latest(index);
        if (shown === undefined) return undefined;
        const x = access.reading(shown.channel);
        return x === x ? shownLine({ channel: shown.channel, x, error: undefined, unit: shown.unit, atMs: shown.atMs }) : "";
      }),
    );
  }

  private set(id: number, body: string): void {
    const { trial, note } = this.access;
    const read = readChanges(body);
    if (!read.ok) return this.refuse(id, read.error);
    const set = trial.set(read.value.changes, read.value.forget);
    if (!set.ok) return this.refuse(id, set.error);
    const { written, onTrial, changed } = set.value;
    if (written) note.call(this.access, onTrial ? "settings are on trial" : "settings were changed");
    let text = !written ? "same" : onTrial ? "trial " + trial.leftS : "kept";
    for (const name of changed) if (fieldNamed(name)!.restart) text += "\nrestart " + name;
    this.done(id, text);
  }

  private judge(id: number, confirmed: boolean): void {
    const { trial } = this.access;
    if (trial.state !== "trial") return this.session.reply(id, status.noTrial, "");
    const problem = confirmed ? trial.keep() : trial.undo("hand");
    if (problem !== undefined) return this.refuse(id, problem);
    this.done(id, this.trial());
  }

  private trial(): string {
    const { trial, device, seed } = this.access;
    return trialText(trial, device.flash, seed);
  }

  private refuse(id: number, { kind, message }: Failure<"malformed" | "version" | "settings" | "flash">): void {
    const code =
      kind === "malformed" ? status.malformed : kind === "version" ? status.version : kind === "flash" ? status.flash : status.setting;
    this.session.reply(id, code, fitting(message));
  }

  private done(id: number, body: string): void {
    this.session.reply(id, status.done, body);
  }
}

function foundLine(point: { readonly ssid: string; readonly rssi: number; readonly security: string } | undefined): string | undefined {
  return point === undefined ? undefined : point.rssi + " " + point.security + " " + point.ssid;
}

/** Of four bytes at most, with room for the three of "…". */
const cutCharacters = Math.floor((limits.replyBytesMax - 3) / 4);

/** A message for people, cut where it would not fit a reply. */
function fitting(message: string): string {
  return utf8Length(message) <= limits.replyBytesMax ? message : message.slice(0, cutCharacters) + "…";
}
