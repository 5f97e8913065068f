/** The file that a run's trace goes to, written in pieces while the run goes on; what cannot be written is said in the end. */
import { closeSync, openSync, writeSync } from "node:fs";
import { failure, success, type Result } from "../../firmware/base/result.js";

/** A piece, characters. */
const pieceLength = 256 * 1024;

export interface TraceFile {
  write(line: string): void;
  /** Undefined, or what went wrong on the way. */
  close(): string | undefined;
}
