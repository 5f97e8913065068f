/** What goes wrong with a store, in words with the remedy. What may pass is worth waiting for. */
export interface StoreTrouble {
  readonly kind: "full" | "locked" | "corrupt" | "foreign" | "read-only" | "unwritable" | "broken";
  readonly message: string;
  /** Trying again may help. */
  readonly passes: boolean;
}

/** Undefined for what is no error of SQLite: a mistake in this program. */
export function storeTrouble(error: unknown, file: string): StoreTrouble | undefined {
  const { code = "", message = "" } = error as { code?: string; message?: string };
  const trouble = (kind: StoreTrouble["kind"], text: string, passes = false): StoreTrouble => ({
    kind,
    message: `${file}: ${text}`,
    passes,
  });
  if (code.startsWith("SQLITE_FULL")) return trouble("full", "its disk is full: make room on it", true);
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) {
    return trouble("locked", "another program writes to it and does not let go: end it, or wait until it is done", true);
  }
  if (code.startsWith("SQLITE_NOTADB")) return trouble("foreign", "this is no SQLite file: name another with --store");
  if (code.startsWith("SQLITE_CORRUPT")) {
    return trouble("corrupt", "its contents are damaged: move it away and begin a new one (sqlite3 FILE .recover saves what can be read)");
  }
  if (/^SQLITE_(READONLY|PERM|AUTH)/.test(code))
    return trouble("read-only", "it may not be written by you: change its permissions, or name another with --store");
  if (code.startsWith("SQLITE_"))
    return trouble("broken", `its disk does not obey (${message}): look after it, or name another file with --store`);
  if (message.startsWith("ConnectionFailed"))
    return trouble("unwritable", "it cannot be opened: look whether the folder is there and may be written");
  return undefined;
}
