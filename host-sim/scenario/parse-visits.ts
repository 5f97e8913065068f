/** Who comes to the boards with a phone and what they are told there: a scenario's `visits`; and the networks that they can be told of. */
import { mistakeIn } from "../../firmware/config/field.js";
import { fieldNamed, settingNames } from "../../firmware/config/schema.js";
import { type Boards, boardsNamed } from "./parse-boards.js";
import type { NetworkPlan, VisitPlan } from "./plan.js";
import { Fields } from "./reader-fields.js";
import { describe, quote, type Reader, type Spot, valueOf } from "./reader.js";
import { timeText } from "./schema-time.js";

const visitKeys = ["at", "for", "board", "set", "confirm", "undo", "restart"];
const networkKeys = ["ssid", "password", "from", "until"];
/** As long as a person tries by default. */
export const patienceMs = 300_000;
/** With an entry for a thousand boards counted a thousand times. */
const visitsMax = 10_000;
const networksMax = 100;
const setExample = "a table of settings such as { broker.host: 10.0.0.3 }";
const setHint = "docs/config.md has them all";
const ssidBytesMax = 32;
const yesNo = ["yes", "no"] as const;

export function visitsOf(reader: Reader, spot: Spot | undefined, durationMs: number, boards: Boards): VisitPlan[] {
  const all: VisitPlan[] = [];
  for (const entry of (spot && reader.list(spot, "a visit", "a list of visits")) ?? []) {
    const fields = Fields.of(reader, entry, "a visit", visitKeys, "a table such as { at: 2m, set: { broker.host: 10.0.0.3 } }");
    if (fields === undefined) continue;
    fields.required("at", "at: 2m");
    const atMs = fields.time("at", 0, 0, durationMs);
    const forMs = fields.time("for", patienceMs, 1000, durationMs);
    const before = reader.mistakes;
    const set = settingsOf(reader, fields.get("set"));
    const confirm = fields.word("confirm", "no", yesNo) === "yes";
    const undo = fields.word("undo", "no", yesNo) === "yes";
    const restart = fields.word("restart", "no", yesNo) === "yes";
    if (confirm && undo) fields.wrong("undo", "a visit either confirms what is on trial or undoes it: leave one out");
    if (Object.keys(set).length === 0 && !confirm && !undo && !restart && reader.mistakes === before) {
      fields.missing(`nothing is done on this visit: add set, ${setExample}`);
    }
    const visit: VisitPlan = { atMs, forMs, set, byHand: confirm ? "confirm" : undo ? "undo" : "nothing", restart };
    const names = boardsNamed(reader, fields, boards);
    if (names === undefined) all.push(visit);
    else for (const board of names) all.push({ ...visit, board });
    if (all.length > visitsMax) {
      reader.wrong(entry, `these are more than ${visitsMax} visits, counting each board`);
      break;
    }
  }
  return all;
}

/** By the firmware's own table: what a board would refuse is a mistake here. */
function settingsOf(reader: Reader, spot: Spot | undefined): Record<string, string | number> {
  const set: Record<string, string | number> = {};
  for (const { key, value } of (spot && reader.entries(spot, setExample)) ?? []) {
    const field = fieldNamed(key.text);
    if (field === undefined) {
      const near = reader.meant(key.text, settingNames());
      reader.wrong(key, `there is no setting ${quote(key.text)}${near === "" ? `; ${setHint}` : near}`);
      continue;
    }
    const given = valueOf(value.node);
    if (typeof given !== "string" && typeof given !== "number") {
      reader.wrong(value, `${key.text} must be a text or a number, not ${describe(value.node)}`);
      continue;
    }
    const mistake = mistakeIn(key.text, field, given);
    if (mistake !== undefined) reader.wrong(value, mistake);
    else set[key.text] = given;
  }
  return set;
}

/** `own`: the network that all boards are built for. */
export function networksOf(reader: Reader, spot: Spot | undefined, durationMs: number, own: string): NetworkPlan[] {
  const all: NetworkPlan[] = [];
  for (const entry of (spot && reader.list(spot, "a network", "a list of networks")) ?? []) {
    const fields = Fields.of(reader, entry, "a network", networkKeys, "a table such as { ssid: shed, password: swordfish }");
    const named = fields?.required("ssid", "ssid: shed");
    const ssid = named && reader.text(named);
    if (fields === undefined || named === undefined || ssid === undefined) continue;
    const bytes = new TextEncoder().encode(ssid).length;
    if (bytes === 0 || bytes > ssidBytesMax || /\p{C}/u.test(ssid)) {
      reader.wrong(named, `ssid must be 1 to ${ssidBytesMax} bytes of text, not ${quote(ssid)}`);
    }
    if (all.some((each) => each.ssid === ssid)) reader.wrong(named, `two networks are named ${quote(ssid)}: leave one of them out`);
    if (ssid === own && fields.has("password")) fields.wrong("password", `${own} is the boards' own network: leave password out`);
    const fromMs = fields.time("from", 0, 0, durationMs);
    const untilMs = fields.time("until", Infinity, 0, durationMs);
    if (untilMs < fromMs) fields.wrong("until", `until must not come before from, ${timeText(fromMs)}`);
    all.push({ ssid, password: fields.text("password", ""), fromMs, untilMs });
    if (all.length > networksMax) {
      reader.wrong(entry, `at most ${networksMax} networks are possible`);
      break;
    }
  }
  return all;
}
