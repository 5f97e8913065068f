/** The file that a recording goes to. It never writes over one that holds something, writes whole lines a few times a second, and leaves no empty file. */
import { closeSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { failure, success, type Result } from "../../firmware/base/result.js";
import { writeReason } from "./write-reason.js";

const writeEveryMs = 250;

export interface RecordFile {
  write(line: string): void;
  /** Undefined, or what went wrong on the way. */
  close(): string | undefined;
}

/** `onLost` is called once, when the file cannot be written any more. */
export function openRecord(path: string, onLost: () => void): Result<RecordFile, "file"> {
  let descriptor: number;
  const before = statSync(path, { throwIfNoEntry: false });
  if (before?.isFile() === true && before.size > 0) {
    return failure("file", `--out ${path}: it is there already, and recordings are not written over: remove it, or name another`);
  }
  try {
    descriptor = openSync(path, "w");
  } catch (error) {
    return failure("file", `--out ${path}: it cannot be written: ${writeReason(error)}`);
  }
  let lines = "";
  let written = 0;
  let lost: string | undefined;
  const timer = setInterval(flush, writeEveryMs);

  function flush(): void {
    if (lost !== undefined || lines === "") return;
    const bytes = Buffer.from(lines);
    lines = "";
    try {
      for (let at = 0; at < bytes.length;) {
        const count = writeSync(descriptor, bytes, at);
        at += count;
        written += count;
      }
    } catch (error) {
      lost = `--out ${path}: it is not whole: ${writeReason(error)}`;
      onLost();
    }
  }

  return success({
    write(line) {
      lines += line + "\n";
    },
    close() {
      clearInterval(timer);
      flush();
      closeSync(descriptor);
      if (written === 0 && before?.isFile() !== false) rmSync(path, { force: true });
      return lost;
    },
  });
}
