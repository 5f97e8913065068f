/**
 * A store: one SQLite file, which one collector at a time writes and anybody may read meanwhile. What was
 * committed survives kills and power cuts (WAL, synchronous FULL). The lock is a second file: the system frees it, however its owner ends.
 */
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, openSync, realpathSync, statSync } from "node:fs";
import Database from "libsql";
import { failure, success, type Result } from "../../firmware/base/result.js";
import { applicationId, schema, storeVersion } from "./schema.js";
import { storeTrouble } from "./trouble.js";

export type Sql = InstanceType<typeof Database>;

export interface Store {
  readonly sql: Sql;
  readonly file: string;
  /** By which the broker knows it again. */
  readonly clientId: string;
  /** The file is where it was when it was opened: what is committed can be found. */
  isInPlace(): boolean;
  close(): void;
}

/** A writer that waits longer would keep everything else of this process waiting. */
const busyMs = 250;
const openBusyMs = 2000;

const openReasons: Record<string, string> = {
  ENOENT: "there is no such folder: make it, or name another file with --store",
  ENOTDIR: "a part of its path is no folder: name another file with --store",
  EISDIR: "it is a folder: name a file in it with --store",
  EACCES: "it may not be written by you: change its permissions, or name another with --store",
  EPERM: "it may not be written by you: change its permissions, or name another with --store",
  EROFS: "its disk is read-only: name a file on another with --store",
  ENOSPC: "its disk is full: make room on it",
};

/** For writing: makes the file when there is none. `:memory:` holds nothing on disk. */
export function openStore(file: string): Result<Store, "store"> {
  const fresh = file !== ":memory:" && !existsSync(file);
  if (file !== ":memory:") {
    try {
      closeSync(openSync(file, "a"));
    } catch (error) {
      const { code = "", message } = error as NodeJS.ErrnoException;
      return failure("store", `${file}: ${openReasons[code] ?? message}`);
    }
  }
  return guarded(file, () => {
    // By its own name: another that leads to it is the same store.
    const lock = file === ":memory:" ? undefined : lockOf(realpathSync(file));
    if (lock === "taken") return failure("store", `${file}: another mote collect is at work on it: end that, or name another with --store`);
    const sql = new Database(file, { timeout: openBusyMs });
    const close = (): void => {
      try {
        // libSQL leaves the log beside the file when it closes; as one file it can be copied.
        sql.pragma("wal_checkpoint(TRUNCATE)");
      } catch {
        // Nothing is lost by that.
      }
      sql.close();
      lock?.exec("ROLLBACK");
      lock?.close();
    };
    try {
      const wrong = fresh ? undefined : mistaken(sql, file);
      if (wrong !== undefined) {
        close();
        return failure("store", wrong);
      }
      sql.pragma("journal_mode = WAL");
      sql.exec("PRAGMA synchronous = FULL");
      sql.exec(`PRAGMA busy_timeout = ${busyMs}`);
      if (versionOf(sql) === 0) create(sql);
      const row = sql.prepare("SELECT value FROM meta WHERE key = 'client'").raw().get([]) as unknown as [string];
      return success({ sql, file, clientId: row[0], isInPlace: placeOf(file), close });
    } catch (error) {
      close();
      throw error;
    }
  });
}

/** For reading, beside a collector or alone. */
export function readStore(file: string): Result<Store, "store"> {
  if (!existsSync(file)) return failure("store", `${file}: there is no such file: mote collect makes one`);
  return guarded(file, () => {
    const sql = new Database(file, { timeout: openBusyMs });
    const wrong = mistaken(sql, file) ?? (versionOf(sql) === 0 ? `${file}: it is empty: nothing was collected into it yet` : undefined);
    if (wrong !== undefined) {
      sql.close();
      return failure("store", wrong);
    }
    sql.exec("PRAGMA query_only = 1");
    return success({ sql, file, clientId: "", isInPlace: placeOf(file), close: () => void sql.close() });
  });
}

/** Errors of the store as values; others are mistakes in this program, and thrown. */
export function guarded<Value>(file: string, run: () => Result<Value, "store">): Result<Value, "store"> {
  try {
    return run();
  } catch (error) {
    const trouble = storeTrouble(error, file);
    if (trouble === undefined) throw error;
    return failure("store", trouble.message);
  }
}

function lockOf(file: string): Sql | "taken" {
  const lock = new Database(file + ".lock", { timeout: 0 });
  try {
    lock.exec("BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    lock.close();
    if (storeTrouble(error, file)?.kind === "locked") return "taken";
    throw error;
  }
}

function placeOf(file: string): () => boolean {
  if (file === ":memory:") return () => true;
  const { ino, dev } = statSync(file);
  return () => {
    const now = statSync(file, { throwIfNoEntry: false });
    return now !== undefined && now.ino === ino && now.dev === dev;
  };
}

function number(sql: Sql, question: string): number {
  return Number((sql.prepare(question).raw().get([]) as unknown as [number])[0]);
}

function versionOf(sql: Sql): number {
  return number(sql, "PRAGMA user_version");
}

/** Why this file is none that we may use. */
function mistaken(sql: Sql, file: string): string | undefined {
  const version = versionOf(sql);
  const id = number(sql, "PRAGMA application_id");
  if (id === applicationId && version === storeVersion) return undefined;
  if (id === applicationId) {
    const age = version > storeVersion ? "a newer" : "an older";
    const made = `it was made by ${age} Mote (store version ${version}, and this one knows ${storeVersion})`;
    return `${file}: ${made}: use that one, or name another file with --store`;
  }
  if (id === 0 && version === 0 && number(sql, "SELECT count(*) FROM sqlite_master") === 0) return undefined;
  return `${file}: it holds another program's data: name another file with --store`;
}

function create(sql: Sql): void {
  sql.exec("BEGIN IMMEDIATE");
  try {
    if (versionOf(sql) === 0) {
      sql.exec(schema);
      sql.prepare("INSERT INTO meta VALUES ('client', ?)").run([`mote-collect-${randomBytes(8).toString("hex")}`]);
    }
    sql.exec("COMMIT");
  } catch (error) {
    if (sql.inTransaction) sql.exec("ROLLBACK");
    throw error;
  }
}
