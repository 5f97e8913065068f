/** The file that a run's trace goes to, written in pieces while the run goes on; what cannot be written is said in the end. */
import { closeSync, openSync, writeSync } from "node:fs";
import { failure, success, type Result } from "../../firmware/base/result.js";
import { writeReason } from "./write-reason.js";

/** A piece, characters. */
const pieceLength = 256 * 1024;

export interface TraceFile {
  write(line: string): void;
  /** Undefined, or what went wrong on the way. */
  close(): string | undefined;
}

export function openTrace(path: string): Result<TraceFile, "trace"> {
  let descriptor: number;
  try {
    descriptor = openSync(path, "w");
  } catch (error) {
    return failure("trace", `--trace ${path}: it cannot be written: ${writeReason(error)}`);
  }
  let piece = "";
  let lost: string | undefined;

  function flush(): void {
    if (lost === undefined) {
      try {
        const bytes = Buffer.from(piece);
        for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
      } catch (error) {
        lost = `--trace ${path}: it is not whole: ${writeReason(error)}`;
      }
    }
    piece = "";
  }

  return success({
    write(line) {
      piece += line + "\n";
      if (piece.length > pieceLength) flush();
    },
    close() {
      flush();
      closeSync(descriptor);
      return lost;
    },
  });
}
