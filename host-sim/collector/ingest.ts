/**
 * Takes records into the store, each identity (device, install, boot, seq) once, whatever comes how often and in whatever order. Runs
 * inside one transaction a batch: what `commit` returned for is in the store for good, and nothing of what it threw for.
 */
import { sampleCount, type Block } from "../blocks/block.js";
import { explained, type Gap } from "../blocks/gap.js";
import { lossWords, lostText } from "../blocks/gap-rendering.js";
import { heard, spanOf } from "./hearing.js";
import { Ledger, type Install } from "./ledger.js";
import { type Payload, readPayload } from "./payload.js";
import { Points } from "./points.js";
import { begin, cover, watermark, type Stretch } from "./progress.js";
import type { Sql } from "./store.js";

export interface Arrival {
  readonly device: string;
  readonly payload: Uint8Array;
  readonly atMs: number;
  /** The broker delivers it once more, or kept it. */
  readonly again: boolean;
}

export interface Watermark {
  readonly install: number;
  readonly boot: number;
  readonly seq: number;
}

/** What a batch came to. */
export interface Taken {
  blocks: number;
  samples: number;
  gaps: number;
  duplicates: number;
  malformed: number;
  conflicts: number;
  /** What may be confirmed to whom. */
  readonly watermarks: Map<string, Watermark>;
  /** Devices that sent what was here: they do not know their watermark. */
  readonly unaware: Set<string>;
  /** Never seen before. */
  devices: number;
  readonly notes: Note[];
}

export interface Note {
  readonly kind: "malformed" | "conflict" | "gap";
  readonly device: string;
  readonly text: string;
}

const notesMax = 100;
/** Longer names are shortened: a topic may be anybody's. */
const deviceLengthMax = 128;

export class Ingest {
  readonly #sql: Sql;
  readonly #ledger: Ledger;
  readonly #points: Points;
  #refused = new Map<string, { device: string; what: string; count: number; atMs: number; reason: string }>();

  constructor(sql: Sql) {
    this.#sql = sql;
    this.#ledger = new Ledger(sql);
    this.#points = new Points(sql);
  }

  /** What may be confirmed to each device now, of the install that it was last heard with. */
  watermarks(): Map<string, Watermark> {
    const found = new Map<string, Watermark>();
    const rows = this.#sql
      .prepare(
        "SELECT d.name, i.install, base, settled, next, next_boot FROM installs i JOIN devices d ON d.id = i.device ORDER BY arrived_ms",
      )
      .raw()
      .all([]) as [string, number, number, number, number, number][];
    for (const [device, install, base, settled, next, nextBoot] of rows) {
      const seq = watermark({ base, settled: settled === 1, next });
      if (seq !== undefined) found.set(device, { install, boot: nextBoot, seq });
    }
    return found;
  }

  /** Takes them in one transaction. Throws what the store throws, and then none of them is in it. */
  commit(arrivals: readonly Arrival[]): Taken {
    const taken = nothing();
    const touched = new Set<Install>();
    try {
      this.#sql.exec("BEGIN IMMEDIATE");
      for (const arrival of arrivals) this.#take(arrival, taken, touched);
      this.#points.end();
      this.#ledger.save();
      this.#saveRefused();
      this.#sql.exec("COMMIT");
    } catch (error) {
      this.#ledger.forget();
      this.#points.drop();
      this.#refused.clear();
      if (this.#sql.inTransaction) this.#sql.exec("ROLLBACK");
      throw error;
    }
    for (const install of touched) {
      const seq = watermark(install);
      if (seq !== undefined) taken.watermarks.set(install.device, { install: install.install, boot: install.nextBoot, seq });
    }
    return taken;
  }

  #take(arrival: Arrival, taken: Taken, touched: Set<Install>): void {
    const device = arrival.device.length > deviceLengthMax ? arrival.device.slice(0, deviceLengthMax) + "…" : arrival.device;
    const payload = readPayload(arrival.payload);
    if (!payload.ok) {
      taken.malformed++;
      this.#refuse(taken, device, "malformed", payload.error.message, arrival.atMs);
      return;
    }
    const install = this.#record(device, payload.value, arrival, taken);
    if (install === undefined) return;
    install.arrivedMs = arrival.atMs;
    touched.delete(install);
    touched.add(install);
  }

  #record(device: string, payload: Payload, arrival: Arrival, taken: Taken): Install | undefined {
    const { identity, crc, bytes } = payload;
    let install = this.#ledger.install(device, identity.install);
    const verdict = install === undefined ? "new" : this.#known(install, payload);
    if (verdict === "conflict") {
      taken.conflicts++;
      const which = `install ${hex(identity.install)} boot ${identity.boot} number ${identity.seq}`;
      const text = `${which} came again with other contents: the first is kept`;
      this.#refuse(taken, device, "conflict", text, arrival.atMs);
      return install;
    }
    const stretches = stretchesOf(payload);
    if (install === undefined) {
      const [first, ...others] = stretches.sort((one, other) => one.from - other.from);
      install = this.#ledger.addInstall(device, identity.install, begin(first!, arrival.atMs), arrival.atMs);
      if (this.#ledger.isNew(install)) taken.devices++;
      for (const other of others) this.#cover(install, other, arrival);
    } else for (const stretch of stretches) this.#cover(install, stretch, arrival);
    this.#ledger.changed(install);
    if (verdict === "duplicate") {
      taken.duplicates++;
      taken.unaware.add(device);
      return install;
    }
    if (payload.kind === "block") this.#addBlock(install, payload.block, identity.boot, identity.seq, crc, bytes, arrival, taken);
    else this.#addGap(install, payload.gap, crc, arrival, taken);
    return install;
  }

  #known(install: Install, { kind, identity, crc, bytes, ...what }: Payload): "new" | "duplicate" | "conflict" {
    const who = [install.id, identity.seq, identity.boot];
    if (kind === "block") {
      const row = this.#ledger.row("SELECT crc, bytes FROM blocks WHERE install = ? AND seq = ? AND boot = ?", who);
      return row === undefined ? "new" : row[0] === crc && row[1] === bytes ? "duplicate" : "conflict";
    }
    const row = this.#ledger.row("SELECT crc, reason, last_seq FROM gaps WHERE install = ? AND seq = ? AND boot = ?", who);
    if (row === undefined) return "new";
    if (row[0] === crc) return "duplicate";
    const { gap } = what as { gap: Gap };
    const { to } = explained(gap)[0]!;
    const inPlace = (reason: unknown): boolean => reason === "thinned-out" || reason === "damaged";
    // A gap that stands in the place of what was lost grows as more is lost there.
    if (!inPlace(gap.reason) || !inPlace(row[1]) || to === row[2]) return "conflict";
    return to > (row[2] as number) ? "new" : "duplicate";
  }

  #cover(install: Install, stretch: Stretch, { atMs, again }: Arrival): void {
    cover(install, stretch, atMs, again, (next) => this.#ledger.behind(install, next));
  }

  #addBlock(
    install: Install,
    block: Block,
    boot: number,
    seq: number,
    crc: number,
    bytes: number,
    { atMs, again }: Arrival,
    taken: Taken,
  ): void {
    const { firstMs, lastMs } = spanOf(block);
    const samples = sampleCount(block);
    this.#ledger.run(
      "INSERT INTO blocks (install, seq, boot, crc, bytes, samples, first_ms, last_ms, arrived_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      [install.id, seq, boot, crc, bytes, samples, firstMs ?? null, lastMs ?? null, atMs],
    );
    const known = this.#ledger.boot(install, boot, lastMs ?? block.startMs);
    if (firstMs !== undefined && lastMs !== undefined) heard(known, firstMs, lastMs, atMs, again);
    for (const series of block.channels) this.#points.add(this.#ledger.channel(known, series), seq, series);
    this.#ledger.changed(install, known);
    taken.blocks++;
    taken.samples += samples;
  }

  #addGap(install: Install, gap: Gap, crc: number, { atMs }: Arrival, taken: Taken): void {
    const { boot, seq } = gap.identity;
    const { from, to } = explained(gap)[0]!;
    this.#ledger.run(`INSERT OR REPLACE INTO gaps VALUES (${"?, ".repeat(16)}?)`, [
      install.id,
      seq,
      boot,
      crc,
      gap.reason,
      from,
      to,
      gap.count,
      gap.samples,
      gap.more ? 1 : 0,
      gap.samplesUnknown ? 1 : 0,
      gap.timesUnknown ? 1 : 0,
      gap.from.boot,
      gap.from.ms,
      gap.to.boot,
      gap.to.ms,
      atMs,
    ]);
    taken.gaps++;
    if (taken.notes.length < notesMax) taken.notes.push({ kind: "gap", device: install.device, text: gapNote(gap) });
  }

  #refuse(taken: Taken, device: string, what: "malformed" | "conflict", reason: string, atMs: number): void {
    if (taken.notes.length < notesMax) taken.notes.push({ kind: what, device, text: reason });
    const key = `${what} ${device}`;
    const entry = this.#refused.get(key);
    if (entry === undefined) this.#refused.set(key, { device, what, count: 1, atMs, reason });
    else {
      entry.count++;
      entry.atMs = atMs;
      entry.reason = reason;
    }
  }

  #saveRefused(): void {
    for (const { device, what, count, atMs, reason } of this.#refused.values()) {
      this.#ledger.run(
        `INSERT INTO refused VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count,
         last_ms = excluded.last_ms, last_reason = excluded.last_reason`,
        [device, what, count, atMs, reason],
      );
    }
    this.#refused.clear();
  }
}

function nothing(): Taken {
  return {
    blocks: 0,
    samples: 0,
    gaps: 0,
    duplicates: 0,
    malformed: 0,
    conflicts: 0,
    watermarks: new Map(),
    unaware: new Set(),
    devices: 0,
    notes: [],
  };
}

function stretchesOf(payload: Payload): Stretch[] {
  const { boot, seq } = payload.identity;
  if (payload.kind === "block") return [{ from: seq, to: seq, boot }];
  const { gap } = payload;
  return explained(gap).map(({ from, to }) => ({ from, to, boot: from === seq && to > seq ? Math.max(boot, gap.to.boot) : boot }));
}

function gapNote(gap: Gap): string {
  return gap.more && gap.samples === 0
    ? `samples are being lost: ${lossWords[gap.reason]}`
    : `${lostText(gap)} lost: ${lossWords[gap.reason]}`;
}

function hex(x: number): string {
  return x.toString(16).padStart(8, "0");
}
