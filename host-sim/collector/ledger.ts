/**
 * What the store knows of devices, installs, boots and channels, at hand while a collector works: read when first met, changed in
 * memory, and written with `save` inside the transaction of what changed it. Bounded: what is too much is let go, and read again.
 */
import type { BlockSeries } from "../blocks/block.js";
import type { Progress, Stretch } from "./progress.js";
import type { Sql } from "./store.js";

export interface Install extends Progress {
  readonly id: number;
  readonly device: string;
  readonly install: number;
  arrivedMs: number;
}

export interface Boot {
  readonly id: number;
  firstMs: number | null;
  lastMs: number;
  offsetMs: number | null;
  offsetAtMs: number | null;
  nearMs: number | null;
  beforeOffsetMs: number | null;
  beforeLastMs: number | null;
}

interface Channel {
  readonly id: number;
  named: boolean;
}

type Row = (number | string | null)[];

const heldMax = 20_000;

export class Ledger {
  readonly #sql: Sql;
  readonly #devices = new Map<string, number>();
  readonly #installs = new Map<string, Install>();
  readonly #boots = new Map<string, Boot>();
  readonly #channels = new Map<string, Channel>();
  readonly #changedInstalls = new Set<Install>();
  readonly #changedBoots = new Set<Boot>();
  readonly #statements = new Map<string, ReturnType<Sql["prepare"]>>();

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  row(question: string, words: Row): Row | undefined {
    return this.#statement(question).get(words) as unknown as Row | undefined;
  }

  run(command: string, words: Row): number {
    return Number(this.#statement(command).run(words).lastInsertRowid);
  }

  #statement(text: string): ReturnType<Sql["prepare"]> {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      statement = this.#sql.prepare(text);
      // Rows as lists; what gives none may not be asked for them.
      if (text.startsWith("SELECT")) statement.raw();
      this.#statements.set(text, statement);
    }
    return statement;
  }

  /** Undefined when nothing of it is here yet. */
  install(device: string, install: number): Install | undefined {
    const key = `${install} ${device}`;
    const held = this.#installs.get(key);
    if (held !== undefined) return held;
    const row = this.row(
      `SELECT i.id, base, settled, next, next_boot, highest, since_ms, arrived_ms FROM installs i JOIN devices d ON d.id = i.device
       WHERE d.name = ? AND install = ?`,
      [device, install],
    ) as number[] | undefined;
    if (row === undefined) return undefined;
    const [id, base, settled, next, nextBoot, highest, sinceMs, arrivedMs] = row as [number, ...number[]] & { length: 8 };
    const known: Install = {
      id,
      device,
      install,
      base: base!,
      settled: settled === 1,
      next: next!,
      nextBoot: nextBoot!,
      highest: highest!,
      sinceMs: sinceMs!,
      arrivedMs: arrivedMs!,
    };
    this.#installs.set(key, known);
    return known;
  }

  addInstall(device: string, install: number, progress: Progress, nowMs: number): Install {
    let owner = this.#devices.get(device) ?? (this.row("SELECT id FROM devices WHERE name = ?", [device])?.[0] as number | undefined);
    owner ??= this.run("INSERT INTO devices (name) VALUES (?)", [device]);
    this.#devices.set(device, owner);
    const { base, settled, next, nextBoot, highest, sinceMs } = progress;
    const id = this.run(
      `INSERT INTO installs (device, install, base, settled, next, next_boot, highest, since_ms, arrived_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [owner, install, base, settled ? 1 : 0, next, nextBoot, highest, sinceMs, nowMs],
    );
    const added: Install = { ...progress, id, device, install, arrivedMs: nowMs };
    this.#installs.set(`${install} ${device}`, added);
    return added;
  }

  /** This is the only install of its device. */
  isNew({ device }: Install): boolean {
    const question = "SELECT count(*) FROM (SELECT 1 FROM installs i JOIN devices d ON d.id = i.device WHERE d.name = ? LIMIT 2)";
    return this.row(question, [device])![0] === 1;
  }

  boot(install: Install, boot: number, lastMs: number): Boot {
    const key = `${install.id} ${boot}`;
    let held = this.#boots.get(key);
    if (held !== undefined) return held;
    const row = this.row(
      `SELECT id, first_ms, last_ms, offset_ms, offset_at_ms, near_ms, before_offset_ms, before_last_ms FROM boots
       WHERE install = ? AND boot = ?`,
      [install.id, boot],
    ) as (number | null)[] | undefined;
    if (row === undefined) {
      const id = this.run("INSERT INTO boots (install, boot, last_ms) VALUES (?, ?, ?)", [install.id, boot, lastMs]);
      held = { id, firstMs: null, lastMs, offsetMs: null, offsetAtMs: null, nearMs: null, beforeOffsetMs: null, beforeLastMs: null };
    } else {
      held = {
        id: row[0]!,
        firstMs: row[1]!,
        lastMs: row[2]!,
        offsetMs: row[3]!,
        offsetAtMs: row[4]!,
        nearMs: row[5]!,
        beforeOffsetMs: row[6]!,
        beforeLastMs: row[7]!,
      };
    }
    this.#boots.set(key, held);
    return held;
  }

  channel(boot: Boot, series: BlockSeries): number {
    const { id: channel, step, decimals, name, unit } = series;
    const key = `${boot.id} ${channel} ${step} ${decimals}`;
    let held = this.#channels.get(key);
    if (held === undefined) {
      const row = this.row("SELECT id, name FROM channels WHERE boot = ? AND channel = ? AND step = ? AND decimals = ?", [
        boot.id,
        channel,
        step,
        decimals,
      ]);
      const id =
        (row?.[0] as number | undefined) ??
        this.run("INSERT INTO channels (boot, channel, step, decimals, scale) VALUES (?, ?, ?, ?, ?)", [
          boot.id,
          channel,
          step,
          decimals,
          10 ** decimals,
        ]);
      held = { id, named: typeof row?.[1] === "string" };
      this.#channels.set(key, held);
    }
    if (!held.named && name !== undefined) {
      this.run("UPDATE channels SET name = ?, unit = ? WHERE id = ?", [name, unit ?? "", held.id]);
      held.named = true;
    }
    return held.id;
  }

  /** The stretch of numbers, of those that are here, which holds `next`. */
  behind(install: Install, next: number): Stretch | undefined {
    const block = this.row(
      // Those that follow one another from it on, at most a thousand.
      `SELECT max(seq), boot FROM (SELECT seq, boot, seq - row_number() OVER (ORDER BY seq) AS run FROM
         (SELECT seq, max(boot) AS boot FROM blocks WHERE install = ? AND seq >= ? GROUP BY seq ORDER BY seq LIMIT 1000))
       WHERE run = ? - 1`,
      [install.id, next, next],
    );
    if (typeof block?.[0] === "number") return { from: next, to: block[0], boot: block[1] as number };
    const gap = this.row(
      `SELECT max(CASE WHEN first_seq <= ? AND last_seq >= ? THEN last_seq ELSE seq END),
         max(boot, CASE WHEN seq = ? THEN to_boot ELSE boot END)
       FROM gaps WHERE install = ? AND (seq = ? OR (first_seq <= ? AND last_seq >= ?))`,
      [next, next, next, install.id, next, next, next],
    );
    return typeof gap?.[0] === "number" ? { from: next, to: gap[0], boot: gap[1] as number } : undefined;
  }

  changed(install: Install, boot?: Boot): void {
    this.#changedInstalls.add(install);
    if (boot !== undefined) this.#changedBoots.add(boot);
  }

  save(): void {
    for (const { id, base, settled, next, nextBoot, highest, arrivedMs } of this.#changedInstalls) {
      this.run("UPDATE installs SET base = ?, settled = ?, next = ?, next_boot = ?, highest = ?, arrived_ms = ? WHERE id = ?", [
        base,
        settled ? 1 : 0,
        next,
        nextBoot,
        highest,
        arrivedMs,
        id,
      ]);
    }
    for (const boot of this.#changedBoots) {
      this.run(
        `UPDATE boots SET first_ms = ?, last_ms = ?, offset_ms = ?, offset_at_ms = ?, near_ms = ?, before_offset_ms = ?, before_last_ms = ?
         WHERE id = ?`,
        [boot.firstMs, boot.lastMs, boot.offsetMs, boot.offsetAtMs, boot.nearMs, boot.beforeOffsetMs, boot.beforeLastMs, boot.id],
      );
    }
    this.#changedInstalls.clear();
    this.#changedBoots.clear();
    if (this.#devices.size + this.#installs.size + this.#boots.size + this.#channels.size > heldMax) this.forget();
  }

  /** What was changed and not saved is gone: after a transaction that failed. */
  forget(): void {
    for (const held of [this.#devices, this.#installs, this.#boots, this.#channels]) held.clear();
    this.#changedInstalls.clear();
    this.#changedBoots.clear();
  }
}
