/** Boards as scenarios write them: those of a kind, numbered in a row, as one entry with a count. */
import type { AppPlan, BoardPlan, InlineApp, StageCall } from "./plan.js";
import { rounded, timeText } from "./schema-time.js";
import { holdsStages } from "./stage-form.js";
import { writtenEnvironment } from "./write-signals.js";
import { writtenJournal } from "./write-history.js";
import type { Writer, Written } from "./write.js";

interface Group {
  readonly name: string;
  readonly first: BoardPlan;
  readonly boards: readonly BoardPlan[];
}

/** `boards` is undefined where all is as by default; `groups` are the names of each group's boards. */
export function writtenBoards(
  writer: Writer,
  boards: readonly BoardPlan[],
): { boards: Written[] | undefined; groups: ReadonlyMap<string, readonly string[]> } {
  const groups = new Map<string, readonly string[]>();
  const entries: Written[] = [];
  const taken = new Set(boards.map(({ name }) => name));
  const texts = new Map<object, string>();
  for (let index = 0; index < boards.length;) {
    const group = groupAt(boards, index, taken, texts);
    if (group.boards.length > 1) {
      taken.add(group.name);
      groups.set(
        group.name,
        group.boards.map(({ name }) => name),
      );
    }
    entries.push(writtenGroup(writer, group));
    index += group.boards.length;
  }
  const [only] = entries as Record<string, Written>[];
  const byDefault = entries.length === 1 && groups.size === 0 && only!["name"] === "board" && Object.keys(only!).length === 1;
  return { boards: byDefault ? undefined : entries, groups };
}

/** The longest row of boards from `index` on that `count` can say. */
function groupAt(boards: readonly BoardPlan[], index: number, taken: ReadonlySet<string>, texts: Map<object, string>): Group {
  const first = boards[index]!;
  const alone = { name: first.name, first, boards: [first] };
  const name = /^(.+)-1$/.exec(first.name)?.[1];
  if (name === undefined || taken.has(name)) return alone;
  const second = boards[index + 1];
  const apartMs = second === undefined ? 0 : rounded(second.startAtMs - first.startAtMs);
  if (apartMs < 0) return alone;
  let count = 1;
  for (let next = boards[index + count]; next !== undefined; next = boards[index + count]) {
    if (next.name !== `${name}-${count + 1}` || rounded(next.startAtMs) !== rounded(first.startAtMs + count * apartMs)) break;
    if (kindOf(next, texts) !== kindOf(first, texts)) break;
    count++;
  }
  return count === 1 ? alone : { name, first, boards: boards.slice(index, index + count) };
}

/** All but name and start, as a text to compare. */
function kindOf(board: BoardPlan, texts: Map<object, string>): string {
  const text = (part: object): string => {
    const known = texts.get(part);
    if (known !== undefined) return known;
    const made = JSON.stringify(part);
    texts.set(part, made);
    return made;
  };
  return `${board.board} ${board.ticksAtBoot} ${text(board.app)} ${text(board.environment)} ${text(board.journal ?? {})}`;
}

function writtenGroup(writer: Writer, { name, first, boards }: Group): Record<string, Written> {
  const written: Record<string, Written> = { name };
  const { app, board, startAtMs, ticksAtBoot, environment, journal } = first;
  if (boards.length > 1) written["count"] = boards.length;
  if (app.kind !== "own") written["app"] = writtenApp(writer, app);
  if (board !== "esp32") written["board"] = board;
  if (startAtMs !== 0) written["starts"] = timeText(startAtMs);
  const apartMs = boards.length > 1 ? rounded(boards[1]!.startAtMs - startAtMs) : 0;
  if (apartMs !== 0) written["apart"] = timeText(apartMs);
  if (ticksAtBoot !== 0) written["clock"] = `${ticksAtBoot}ms`;
  const felt = writtenEnvironment(writer, environment);
  if (felt !== undefined) written["environment"] = felt;
  if (journal !== undefined) written["journal"] = writer.flow(writtenJournal(journal));
  return written;
}

function writtenApp(writer: Writer, app: Exclude<AppPlan, { kind: "own" }>): Written {
  if (app.kind === "inline") return writtenInline(writer, app.app);
  const path = writer.path(app.file);
  return path === app.file ? path : `./${path}`;
}

function writtenInline(writer: Writer, app: InlineApp): Written {
  const sensors = Object.entries(app.sensors).map(([name, { everyMs, phaseMs, driver, on: _, ...rest }]) => {
    const times = { every: timeText(everyMs), ...(phaseMs === undefined ? {} : { phase: timeText(phaseMs) }) };
    return [name, writer.flow({ driver, ...times, ...rest })] as const;
  });
  const channels = Object.entries(app.channels).map(([name, { stages, ...rest }]) => {
    const listed = stages.map(writtenStage);
    return [name, writer.flow({ ...rest, ...(listed.length === 0 ? {} : { stages: listed }) })] as const;
  });
  return {
    ...(app.name === "mote" ? {} : { name: app.name }),
    sensors: Object.fromEntries(sensors),
    channels: Object.fromEntries(channels),
  };
}

function writtenStage([name, ...values]: StageCall): Written {
  if (name === "throttle") return { [name]: timeText(Number(values[0])) };
  if (holdsStages(name)) return { [name]: values.map((call) => writtenStage(call as StageCall)) };
  if (values.length === 0) return name;
  return { [name]: values.length === 1 && !Array.isArray(values[0]) ? values[0] : values };
}
