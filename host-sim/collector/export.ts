/** Samples out of a store, one device after the other, each in the order of time; row by row, so that memory does not grow with them. */
import { dateText } from "./date-text.js";
import { missingReasons } from "./schema.js";
import type { Store } from "./store.js";

export interface ExportQuery {
  /** Wall time, ms since 1970: from (included) until before. */
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
  readonly device: string | undefined;
  readonly channel: string | undefined;
}

export interface Sample {
  /** Wall time, ms since 1970. */
  readonly timeMs: number;
  readonly device: string;
  readonly channel: string;
  /** Undefined where it is missing. */
  readonly value: number | undefined;
  readonly decimals: number;
  readonly unit: string;
  readonly missing: string | undefined;
  /** Since boot. */
  readonly ms: number;
  readonly boot: number;
  readonly seq: number;
  /** How far the wall time may be off; undefined: nobody knows. */
  readonly uncertaintyMs: number | undefined;
}

type BootRow = [id: number, boot: number, beganMs: number, uncertaintyMs: number | null, sureAtMs: number, device: string];
type ChannelRow = [id: number, name: string, unit: string, step: number, decimals: number, scale: number];
type PointRow = [channel: number, ms: number, seq: number, number: number | null, missing: number | null];

/** As in the view `samples` (schema.ts). */
const driftPpm = 100;

export function* exported({ sql }: Store, { fromMs = -Infinity, toMs = Infinity, device, channel }: ExportQuery): Generator<Sample> {
  const boots = sql
    .prepare(
      `SELECT t.id, t.boot, began_ms, uncertainty_ms, sure_at_ms, d.name
       FROM boot_times t JOIN installs i ON i.id = t.install JOIN devices d ON d.id = i.device
       WHERE began_ms IS NOT NULL AND (? IS NULL OR d.name = ?) AND began_ms + last_ms >= ? AND began_ms + coalesce(first_ms, 0) < ?
       ORDER BY d.name, i.since_ms, t.boot`,
    )
    .raw()
    .all([device ?? null, device ?? null, finite(fromMs), finite(toMs)]) as BootRow[];
  const channelsOf = sql.prepare("SELECT id, name, unit, step, decimals, scale FROM channel_names WHERE boot = ? ORDER BY channel").raw();
  for (const [id, boot, beganMs, uncertaintyMs, sureAtMs, owner] of boots) {
    const channels = new Map<number, ChannelRow>();
    for (const row of channelsOf.all([id]) as ChannelRow[]) if (channel === undefined || row[1] === channel) channels.set(row[0], row);
    if (channels.size === 0) continue;
    const points = sql
      .prepare(
        `SELECT channel, ms, seq, number, missing FROM points WHERE channel IN (${[...channels.keys()].join(", ")}) AND ms >= ? AND ms < ?
         ORDER BY ms, channel, seq, n`,
      )
      .raw()
      .iterate([finite(fromMs - beganMs), finite(toMs - beganMs)]) as Iterable<PointRow>;
    for (const [of, ms, seq, number, missing] of points) {
      const [, name, unit, step, decimals, scale] = channels.get(of)!;
      yield {
        timeMs: beganMs + ms,
        device: owner,
        channel: name,
        value: number === null ? undefined : (number * step) / scale,
        decimals,
        unit,
        missing: missing === null ? undefined : (missingReasons[missing] ?? "unknown"),
        ms,
        boot,
        seq,
        uncertaintyMs: uncertaintyMs === null ? undefined : uncertaintyMs + Math.floor((Math.abs(ms - sureAtMs) * driftPpm) / 1e6),
      };
    }
  }
}

/** SQLite orders no infinities of ours. */
function finite(ms: number): number {
  return Math.max(-(2 ** 53), Math.min(2 ** 53, ms));
}

export function deviceNames({ sql }: Store): string[] {
  return (sql.prepare("SELECT name FROM devices ORDER BY name").raw().all([]) as [string][]).map(([name]) => name);
}

export function channelNames({ sql }: Store, device: string | undefined): string[] {
  const rows = sql
    .prepare(
      `SELECT DISTINCT c.name FROM channel_names c JOIN boots b ON b.id = c.boot
       JOIN installs i ON i.id = b.install JOIN devices d ON d.id = i.device
       WHERE ? IS NULL OR d.name = ? ORDER BY 1`,
    )
    .raw()
    .all([device ?? null, device ?? null]) as [string][];
  return rows.map(([name]) => name);
}

export const exportHead = "time,device,channel,value,unit,missing,ms,boot,seq,uncertaintyMs";

export function csvRow({ timeMs, device, channel, value, decimals, unit, missing, ms, boot, seq, uncertaintyMs }: Sample): string {
  const said = value === undefined ? "" : value.toFixed(decimals);
  const what = `${cell(device)},${cell(channel)},${said},${cell(unit)},${missing ?? ""}`;
  return `${dateText(timeMs)},${what},${ms},${boot},${seq},${uncertaintyMs ?? ""}`;
}

export function jsonRow({ timeMs, value, missing, uncertaintyMs, device, channel, unit, ms, boot, seq }: Sample): string {
  return JSON.stringify({
    time: dateText(timeMs),
    device,
    channel,
    value: value ?? null,
    unit,
    missing,
    ms,
    boot,
    seq,
    uncertaintyMs: uncertaintyMs ?? null,
  });
}

/** Names may be anybody's: what would begin another row, or a terminal would obey, is shown as �. */
function cell(content: string): string {
  const plain = content.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "�");
  return /[",]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
