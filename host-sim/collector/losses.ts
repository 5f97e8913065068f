/** What a store does not have, and why: gaps less what arrived after all, numbers that have not arrived yet, pauses, restarts. */
import type { LossReason } from "../blocks/gap.js";
import type { Sql, Store } from "./store.js";

/** A time of a boot, and the wall time where it is known. */
export interface Moment {
  readonly boot: number;
  /** Since that boot. */
  readonly ms: number;
  /** Since 1970. */
  readonly timeMs: number | undefined;
}

export interface Loss {
  readonly reason: LossReason;
  /** Of the gap itself. */
  readonly seq: number;
  /** Numbers of the records it speaks of; undefined: none had one. */
  readonly first: number | undefined;
  readonly last: number | undefined;
  /** Without those that arrived after all. */
  readonly records: number;
  readonly samples: number;
  readonly arrived: number;
  readonly more: boolean;
  readonly samplesUnknown: boolean;
  /** Undefined where nobody knows. */
  readonly from: Moment | undefined;
  readonly to: Moment | undefined;
}

export interface Hole {
  readonly first: number;
  readonly last: number;
  /** The last sample before it, and the first one after. */
  readonly after: Moment | undefined;
  readonly before: Moment | undefined;
}

export interface Pause {
  readonly channel: string;
  readonly from: Moment;
  readonly to: Moment;
  /** 0: nobody knows. */
  readonly lost: number;
}

export interface Restart {
  readonly last: Moment;
  readonly first: Moment;
}

export interface InstallReport {
  readonly device: string;
  readonly install: number;
  readonly base: number;
  /** Everything below it is here or explained. */
  readonly next: number;
  readonly highest: number;
  readonly blocks: number;
  readonly samples: number;
  readonly losses: readonly Loss[];
  readonly holes: readonly Hole[];
  readonly pauses: readonly Pause[];
  readonly restarts: readonly Restart[];
}

type Row = (number | string | null)[];

export function* reports({ sql }: Store, device: string | undefined): Generator<InstallReport> {
  const installs = all(
    sql,
    `SELECT i.id, d.name, i.install, base, next, highest FROM installs i JOIN devices d ON d.id = i.device
     WHERE ? IS NULL OR d.name = ? ORDER BY d.name, since_ms`,
    [device ?? null, device ?? null],
  ) as [number, string, number, number, number, number][];
  for (const [id, name, install, base, next, highest] of installs) {
    const clock = new Clock(sql, id);
    const [blocks, samples] = all(sql, "SELECT count(*), coalesce(sum(samples), 0) FROM blocks WHERE install = ?", [id])[0] as [
      number,
      number,
    ];
    yield {
      device: name,
      install,
      base,
      next,
      highest,
      blocks,
      samples,
      losses: losses(sql, id, clock),
      holes: holes(sql, id, next, highest, clock),
      pauses: pauses(sql, id, clock),
      restarts: restarts(clock),
    };
  }
}

function all(sql: Sql, question: string, words: Row): Row[] {
  return sql.prepare(question).raw().all(words) as Row[];
}

class Clock {
  readonly boots: readonly { boot: number; firstMs: number | null; lastMs: number; beganMs: number | null }[];

  constructor(sql: Sql, install: number) {
    const rows = all(sql, "SELECT boot, first_ms, last_ms, began_ms FROM boot_times WHERE install = ? ORDER BY boot", [install]);
    this.boots = (rows as [number, number | null, number, number | null][]).map(([boot, firstMs, lastMs, beganMs]) => ({
      boot,
      firstMs,
      lastMs,
      beganMs,
    }));
  }

  at(boot: number, ms: number): Moment {
    const beganMs = this.boots.find((each) => each.boot === boot)?.beganMs;
    return { boot, ms, timeMs: typeof beganMs === "number" ? beganMs + ms : undefined };
  }
}

function losses(sql: Sql, install: number, clock: Clock): Loss[] {
  const found: Loss[] = [];
  let grownTo = -1;
  const rows = all(
    sql,
    `SELECT g.reason, g.seq, g.first_seq, g.last_seq, g.records, g.samples, g.more, g.samples_unknown, g.times_unknown,
       g.from_boot, g.from_ms, g.to_boot, g.to_ms,
       (SELECT count(*) FROM blocks b WHERE g.records > 0 AND b.install = g.install AND b.seq BETWEEN g.first_seq AND g.last_seq),
       (SELECT coalesce(sum(samples), 0) FROM blocks b
         WHERE g.records > 0 AND b.install = g.install AND b.seq BETWEEN g.first_seq AND g.last_seq)
     FROM gaps g WHERE g.install = ?
       -- That samples are being lost, where how many came later.
       AND NOT (g.more = 1 AND g.samples = 0 AND EXISTS (SELECT 1 FROM gaps o WHERE o.install = g.install AND o.reason = g.reason
         AND o.boot = g.boot AND o.seq > g.seq AND o.more = 0))
       -- What a later gap tells on.
       AND NOT EXISTS (SELECT 1 FROM gaps o WHERE o.install = g.install AND o.seq > g.seq AND o.records > 0
         AND g.seq BETWEEN o.first_seq AND o.last_seq AND NOT (o.seq BETWEEN o.first_seq AND o.last_seq))
     ORDER BY g.first_seq, g.last_seq DESC`,
    [install],
  ) as [LossReason, ...number[]][];
  for (const [
    reason,
    seq,
    first,
    last,
    records,
    samples,
    more,
    samplesUnknown,
    timesUnknown,
    fromBoot,
    fromMs,
    toBoot,
    toMs,
    arrived,
    had,
  ] of rows) {
    // What another gap stands for as well, which has grown since.
    const inPlace = reason === "thinned-out" || reason === "damaged";
    if (inPlace && last! <= grownTo) continue;
    if (inPlace) grownTo = last!;
    const known = timesUnknown === 0;
    found.push({
      reason,
      seq: seq!,
      first: records === 0 ? undefined : first!,
      last: records === 0 ? undefined : last!,
      records: Math.max(0, records! - arrived!),
      samples: Math.max(0, samples! - had!),
      arrived: arrived!,
      more: more === 1,
      samplesUnknown: samplesUnknown === 1,
      from: known ? clock.at(fromBoot!, fromMs!) : undefined,
      to: known ? clock.at(toBoot!, toMs!) : undefined,
    });
  }
  return found.sort((one, other) => one.seq - other.seq);
}

/** Losses for the same reason that follow one another without a number between them, as one: a full journal tells of each sector. */
export function joined(losses: readonly Loss[]): Loss[] {
  const found: Loss[] = [];
  for (const loss of losses) {
    const before = found[found.length - 1];
    const follows = before?.last !== undefined && loss.first === before.last + 1 && loss.reason === before.reason;
    if (!follows || loss.from === undefined || before.to === undefined) {
      found.push(loss);
      continue;
    }
    found[found.length - 1] = {
      ...before,
      last: loss.last,
      to: loss.to,
      records: before.records + loss.records,
      samples: before.samples + loss.samples,
      arrived: before.arrived + loss.arrived,
      more: before.more || loss.more,
      samplesUnknown: before.samplesUnknown || loss.samplesUnknown,
    };
  }
  return found;
}

/** Numbers from `next` on that are neither here nor explained. */
function holes(sql: Sql, install: number, next: number, highest: number, clock: Clock): Hole[] {
  if (next > highest) return [];
  const rows = all(
    sql,
    `WITH there AS (
       SELECT seq AS first, seq AS last FROM blocks WHERE install = ? AND seq >= ?
       UNION ALL SELECT first_seq, last_seq FROM gaps WHERE install = ? AND last_seq >= ?
       UNION ALL SELECT seq, seq FROM gaps WHERE install = ? AND seq >= ?),
     reached AS (SELECT first, max(last) OVER (ORDER BY first, last ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before FROM there)
     SELECT coalesce(before + 1, ?), first - 1 FROM reached WHERE first > coalesce(before + 1, ?) ORDER BY first`,
    [install, next, install, next, install, next, next, next],
  ) as [number, number][];
  const edge = (order: string, seq: number): Row | undefined =>
    all(sql, `SELECT boot, first_ms, last_ms FROM blocks WHERE install = ? AND first_ms IS NOT NULL AND ${order} LIMIT 1`, [
      install,
      seq,
    ])[0];
  return rows.map(([first, last]) => {
    const after = edge("seq < ? ORDER BY seq DESC", first) as [number, number, number] | undefined;
    const before = edge("seq > ? ORDER BY seq", last) as [number, number, number] | undefined;
    return {
      first,
      last,
      after: after === undefined ? undefined : clock.at(after[0], after[2]),
      before: before === undefined ? undefined : clock.at(before[0], before[1]),
    };
  });
}

function pauses(sql: Sql, install: number, clock: Clock): Pause[] {
  const rows = all(
    sql,
    `SELECT c.name, b.boot, p.from_ms, p.to_ms, p.lost FROM boots b JOIN channel_names c ON c.boot = b.id JOIN pauses p ON p.channel = c.id
     WHERE b.install = ? ORDER BY b.boot, p.from_ms, c.channel`,
    [install],
  ) as [string, number, number, number, number][];
  return rows.map(([channel, boot, fromMs, toMs, lost]) => ({ channel, from: clock.at(boot, fromMs), to: clock.at(boot, toMs), lost }));
}

function restarts({ boots }: Clock): Restart[] {
  const found: Restart[] = [];
  const moment = (boot: number, ms: number, beganMs: number | null): Moment => ({
    boot,
    ms,
    timeMs: beganMs === null ? undefined : beganMs + ms,
  });
  const heard = boots.filter(({ firstMs }) => firstMs !== null);
  for (let index = 1; index < heard.length; index++) {
    const one = heard[index - 1]!;
    const next = heard[index]!;
    found.push({ last: moment(one.boot, one.lastMs, one.beganMs), first: moment(next.boot, next.firstMs!, next.beganMs) });
  }
  return found;
}
