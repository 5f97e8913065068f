/** The boards of a scenario, by entries of one or of many of a kind, and the names by which faults and expectations call them. */
import { boards } from "../../firmware/boards/board.js";
import { appOf } from "./parse-app.js";
import { type Absolute, environmentOf } from "./parse-signals.js";
import { journalOf } from "./parse-history.js";
import type { BoardPlan } from "./plan.js";
import { Fields } from "./reader-fields.js";
import { quote, type Reader, type Spot } from "./reader.js";
import { rounded } from "./schema-time.js";

export const boardsMax = 10_000;
const nameForm = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/;
const nameRule = "letters, digits, - and _, at most 40, beginning with a letter or digit";
export const ticksMax = 4_294_967_295;
const kinds = Object.keys(boards) as (keyof typeof boards)[];
const keys = ["name", "count", "app", "board", "starts", "apart", "clock", "environment", "journal"];

export interface Boards {
  readonly all: readonly BoardPlan[];
  /** By what an entry is called: its board, or all of its boards. Each single board of many is there too. */
  readonly called: ReadonlyMap<string, readonly string[]>;
  /** Nothing is wrong with them: where something is, `all` may lack boards, and apps in it may not be those that are meant. */
  readonly right: boolean;
}

export function boardsOf(reader: Reader, spot: Spot | undefined, durationMs: number, absolute: Absolute): Boards {
  const all: BoardPlan[] = [];
  const called = new Map<string, readonly string[]>();
  const before = reader.mistakes;
  const entries = spot === undefined ? undefined : reader.list(spot, "a board", "a list of boards");
  if (spot !== undefined && entries?.length === 0)
    reader.wrong(spot, "there is no board: list at least one, or leave boards out for one of the default");
  if (spot === undefined) entriesOf({ name: "board", count: 1, apartMs: 0 }, plain);
  for (const entry of entries ?? []) {
    const fields = Fields.of(reader, entry, "a board", keys, "a table such as { name: porch, app: own }");
    if (fields === undefined) continue;
    const name = fields.text("name", "board");
    const count = fields.number("count", 1, 1, boardsMax, true);
    const at = fields.get("name") ?? entry;
    const longest = count === 1 ? name : `${name}-${count}`;
    if (!nameForm.test(longest)) reader.wrong(at, `a board's name must be ${nameRule}, not ${quote(longest)}`);
    if (all.length + count > boardsMax) {
      reader.wrong(fields.get("count") ?? entry, `these are ${all.length + count} boards: at most ${boardsMax} are possible`);
      break;
    }
    const app = appOf(reader, fields.get("app"), absolute) ?? plain.app;
    const startAtMs = fields.time("starts", 0, 0, durationMs);
    const apartMs = fields.time("apart", 0, 0, durationMs);
    if (count === 1 && fields.has("apart")) fields.wrong("apart", "apart is the time from one board's start to the next: it needs a count");
    if (rounded(startAtMs + (count - 1) * apartMs) > durationMs) {
      fields.wrong(fields.has("apart") ? "apart" : "starts", "the last of these boards would start after the scenario's end");
    }
    const board = fields.word("board", plain.board, kinds);
    const ticksAtBoot = fields.time("clock", 0, 0, ticksMax);
    if (!Number.isInteger(ticksAtBoot)) fields.wrong("clock", "clock counts whole milliseconds");
    const environment = environmentOf(reader, fields.get("environment"), absolute);
    const journal = journalOf(reader, fields.get("journal"));
    const kept = journal === undefined ? {} : { journal };
    const twin = entriesOf({ name, count, apartMs }, { app, board, startAtMs, ticksAtBoot, environment, ...kept });
    if (twin !== undefined && !fields.mistyped) reader.wrong(at, `two boards are named ${quote(twin)}: give each a name of its own`);
  }
  return { all, called, right: reader.mistakes === before };

  /** Adds the boards of an entry; returns a name that was taken already. */
  function entriesOf(entry: { name: string; count: number; apartMs: number }, board: Omit<BoardPlan, "name">): string | undefined {
    const { name, count, apartMs } = entry;
    const names = count === 1 ? [name] : Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);
    const twin = [name, ...names].find((each) => called.has(each));
    if (twin !== undefined) return twin;
    names.forEach((each, index) => {
      called.set(each, [each]);
      const startAtMs = apartMs === 0 ? board.startAtMs : rounded(board.startAtMs + index * apartMs);
      all.push({ name: each, ...board, startAtMs });
    });
    called.set(name, names);
    return undefined;
  }
}

const plain = { app: { kind: "own" }, board: "esp32", startAtMs: 0, ticksAtBoot: 0, environment: {} } as const satisfies Omit<
  BoardPlan,
  "name"
>;

/** The boards that a fault or an expectation names; undefined: it names none, which means all. */
export function boardsNamed(reader: Reader, fields: Fields, boards: Boards): readonly string[] | undefined {
  const spot = fields.get("board");
  if (spot === undefined) return undefined;
  const name = reader.text(spot, "a board's name");
  if (name === undefined) return [];
  const found = boards.called.get(name);
  if (found !== undefined) return found;
  if (reader.full) return [];
  const names = [...boards.called.keys()];
  const near = reader.meant(name, names.slice(0, 200));
  const list = names.length <= 8 ? `; there are ${names.join(", ")}` : "";
  reader.wrong(spot, `no board is named ${quote(name)}${near === "" ? list : near}`);
  return [];
}
