/** How far a run in virtual time has come: one line on a terminal, brought up to date in place and gone at the end; nothing elsewhere. */
import { durationText } from "./duration.js";

/** Short runs are over before anybody could read it, ms. */
const quietMs = 400;
const barWidth = 20;
/** Columns that stay free, for the terminal's own ^C: a line that it breaks could not be taken away. */
const roomForKeys = 3;

export interface Progress {
  /** `doneMs` of virtual time have passed. */
  at(doneMs: number): void;
  end(): void;
}

export function progress(out: NodeJS.WriteStream, allMs: number): Progress {
  if (!out.isTTY) return { at() {}, end() {} };
  const startMs = performance.now();
  let drawn = false;
  return {
    at(doneMs) {
      const wallMs = performance.now() - startMs;
      if (wallMs < quietMs) return;
      const width = out.columns > 0 ? out.columns : 80;
      out.write(`\r\x1b[2K${progressText(doneMs, allMs, wallMs).slice(0, width - roomForKeys)}`);
      drawn = true;
    },
    end() {
      if (drawn) out.write("\r\x1b[2K");
    },
  };
}

export function progressText(doneMs: number, allMs: number, wallMs: number): string {
  const share = Math.min(1, doneMs / allMs);
  const full = Math.round(share * barWidth);
  const perSecond = Math.round(doneMs / wallMs).toLocaleString("en");
  const left = share > 0 ? `, ${durationText((wallMs * (1 - share)) / share)} left` : "";
  const percent = `${Math.floor(share * 100)} %`.padStart(5);
  return `  ${"█".repeat(full)}${"░".repeat(barWidth - full)}${percent}  ${perSecond} s simulated a second${left} (Ctrl-C ends)`;
}
