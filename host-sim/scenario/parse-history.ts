/** How boards keep and send their history, and who takes it: a board's `journal` and the scenario's `consumer`. */
import type { ConsumerPlan, JournalPlan } from "./plan.js";
import { Fields } from "./reader-fields.js";
import type { Reader, Spot } from "./reader.js";
import { timeText } from "./schema-time.js";

/** What a partition may have (firmware/journal/contract.ts). */
export const sectorsMin = 4;
export const sectorsMax = 1024;
export const blockMaxS = 3600;
export const commitMaxMs = 600_000;

const journalKeys = ["when-full", "acknowledge", "block", "sectors"];
const consumerKeys = ["commit", "away", "crashes", "strays"];

export function journalOf(reader: Reader, spot: Spot | undefined): JournalPlan | undefined {
  if (spot === undefined) return undefined;
  const fields = Fields.of(reader, spot, "a journal", journalKeys, "a table such as { acknowledge: consumer, block: 30s }");
  if (fields === undefined) return undefined;
  const whenFull = fields.word("when-full", undefined, ["drop-oldest", "drop-newest", "thin-out"]);
  const acknowledge = fields.word("acknowledge", undefined, ["broker", "consumer"]);
  const blockMs = fields.time("block", undefined, 1000, blockMaxS * 1000);
  if (blockMs !== undefined && blockMs % 1000 !== 0) fields.wrong("block", "block counts whole seconds");
  const sectors = fields.number("sectors", undefined, sectorsMin, sectorsMax, true);
  return {
    ...(whenFull === undefined ? {} : { whenFull }),
    ...(acknowledge === undefined ? {} : { acknowledge }),
    ...(blockMs === undefined ? {} : { blockS: blockMs / 1000 }),
    ...(sectors === undefined ? {} : { sectors }),
  };
}

export function consumerOf(reader: Reader, spot: Spot | undefined, durationMs: number): ConsumerPlan | undefined {
  if (spot === undefined) return undefined;
  const fields = Fields.of(reader, spot, "a consumer", consumerKeys, "a table such as { commit: 100ms }");
  if (fields === undefined) return undefined;
  const away: { fromMs: number; untilMs: number }[] = [];
  const list = fields.get("away");
  for (const entry of (list && reader.list(list, "a time away", "a list of times such as { from: 5m, until: 10m }")) ?? []) {
    const times = Fields.of(reader, entry, "a time away", ["from", "until"], "a table such as { from: 5m, until: 10m }");
    if (times === undefined) continue;
    times.required("from", "from: 5m");
    const fromMs = times.time("from", 0, 0, durationMs);
    const untilMs = times.time("until", durationMs, 0, durationMs);
    if (untilMs < fromMs) times.wrong("until", `until must not come before from, ${timeText(fromMs)}`);
    away.push({ fromMs, untilMs });
  }
  return {
    commitMs: fields.time("commit", 100, 0, commitMaxMs),
    away,
    crashesMs: timesOf(reader, fields.get("crashes"), "a crash", durationMs),
    straysMs: timesOf(reader, fields.get("strays"), "a stray confirmation", durationMs),
  };
}

function timesOf(reader: Reader, spot: Spot | undefined, what: string, durationMs: number): number[] {
  const times: number[] = [];
  for (const entry of (spot && reader.list(spot, what, "a list of times such as [3m, 7m30s]")) ?? []) {
    const ms = reader.time({ ...entry, name: what }, 0, durationMs);
    if (ms !== undefined) times.push(ms);
  }
  return times;
}
