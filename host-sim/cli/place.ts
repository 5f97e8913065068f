/** Where an error came from, as people read it: a file beside the current folder, and a line. */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { EngineDied } from "../engine.js";

/** ` (at app.ts:12)` for a fault in code; nothing for an error that was put in words on purpose, or an engine that died. Source maps must be on. */
export function placeOf(error: Error): string {
  const at = error.constructor === Error || error instanceof EngineDied ? undefined : topOf(error);
  return at === undefined ? "" : ` (at ${at.file}:${at.line})`;
}

/** The innermost frame that lies in a file. */
export function topOf(error: Error): { file: string; line: number } | undefined {
  for (const frame of (error.stack ?? "").split("\n")) {
    const match = /^ +at .*?((?:file:\/\/|\/|[A-Z]:\\)[^()]+?):(\d+)(?::\d+)?\)?$/.exec(frame);
    if (match === null) continue;
    const path = match[1]!.startsWith("file:") ? fileURLToPath(match[1]!) : match[1]!;
    return { file: readable(path), line: Number(match[2]) };
  }
  return undefined;
}

/** Relative where that is shorter. */
export function readable(path: string): string {
  const near = relative(process.cwd(), path);
  return near.length < path.length ? near : path;
}
