/** How a recording goes on: on a terminal one line, brought up to date in place, with notes above; elsewhere the notes alone. */
import type { Recorder } from "../node/recorder.js";
import { durationText } from "./duration.js";

const drawEveryMs = 200;
/** Columns that stay free, for the terminal's own ^C: a line that it breaks could not be taken away. */
const roomForKeys = 3;

export interface RecordView {
  note(text: string): void;
  /** Takes the line away. */
  end(): void;
}

export function recordView(out: NodeJS.WriteStream, progress: () => string): RecordView {
  if (!out.isTTY) return { note: (text) => void out.write(text + "\n"), end() {} };
  const draw = (): void => {
    const width = out.columns > 0 ? out.columns : 80;
    out.write(`\r\x1b[2K${progress().slice(0, width - roomForKeys)}`);
  };
  const timer = setInterval(draw, drawEveryMs);
  draw();
  return {
    note(text) {
      out.write(`\r\x1b[2K${text}\n`);
      draw();
    },
    end() {
      clearInterval(timer);
      out.write("\r\x1b[2K");
    },
  };
}

export interface RecordCounts {
  readonly messages: number;
  readonly elapsedMs: number;
  /** Undefined where a trace of the traffic is written. */
  readonly recorder: Pick<Recorder, "rows" | "settled" | "missing" | "values"> | undefined;
}

export function progressText({ messages, elapsedMs, recorder }: RecordCounts): string {
  const parts = [durationText(Math.floor(elapsedMs / 1000) * 1000).padEnd(9), plural(messages, "message")];
  if (recorder !== undefined) parts.push(rowsText(recorder));
  parts.push("(Ctrl-C ends)");
  for (const [name, value] of recorder?.values ?? []) if (value !== undefined) parts.push(`${name} ${value}`);
  return "  " + parts.join("  ");
}

function rowsText({ rows, settled, missing }: Pick<Recorder, "rows" | "settled" | "missing">): string {
  if (!settled) return "finding the columns";
  return rows === 0 && missing.length > 0 ? `waiting for ${missing.join(", ")}` : plural(rows, "row");
}

export function plural(count: number, name: string): string {
  return `${count.toLocaleString("en")} ${name}${count === 1 ? "" : "s"}`;
}
