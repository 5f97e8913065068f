/**
 * One process at a time has a folder: a file `lock` in it names the process. The lock of a process that is gone,
 * however it ended, is taken over.
 */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface FolderLock {
  release(): void;
}

/** How often somebody else may be quicker. */
const attemptsMost = 10;

/** The process that has it, if one has. Throws what the file system throws. */
export function lockFolder(folder: string): FolderLock | { readonly pid: number } {
  const path = join(folder, "lock");
  const own = join(folder, `lock.${process.pid}`);
  const gone = join(folder, `lock.gone.${process.pid}`);
  // A name for a file that is whole: who reads the lock reads all of it.
  writeFileSync(own, `${process.pid}\n`);
  try {
    for (let attempt = 0; attempt < attemptsMost; attempt++) {
      if (link(own, path)) return { release: () => rmSync(path, { force: true }) };
      const pid = holder(path);
      if (pid === undefined) continue;
      if (lives(pid)) return { pid };
      // One of several who find it stale takes it away.
      if (!move(path, gone)) continue;
      const taken = holder(gone);
      if (taken !== undefined && taken !== pid && lives(taken)) {
        link(gone, path);
        return { pid: taken };
      }
    }
    throw new Error("its lock changes hands all the time");
  } finally {
    rmSync(own, { force: true });
    rmSync(gone, { force: true });
  }
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function move(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

/** Undefined when the lock is gone again; a lock that names nobody is nobody's. */
function holder(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, "utf8"));
    return Number.isInteger(pid) && pid > 0 ? pid : 0;
  } catch {
    return undefined;
  }
}

function lives(pid: number): boolean {
  if (pid === 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
