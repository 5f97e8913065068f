/** How far a campaign has come: one line on a terminal, brought up to date in place; a line now and then elsewhere. */
import { type Point, points } from "../invariants/sometimes.js";
import type { Violation } from "../invariants/watcher.js";
import { durationText } from "./duration.js";

const barWidth = 20;
/** Columns that stay free, for the terminal's own ^C. */
const roomForKeys = 3;
const redrawMs = 100;
const plainEveryMs = 10_000;

export class SwarmView {
  readonly #out: NodeJS.WriteStream;
  readonly #startMs = performance.now();
  #toldMs = performance.now();
  #drawn = false;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  progress(done: number, seeds: number): void {
    const nowMs = performance.now();
    if (nowMs - this.#toldMs < (this.#out.isTTY ? redrawMs : plainEveryMs)) return;
    this.#toldMs = nowMs;
    const text = progressText(done, seeds, nowMs - this.#startMs);
    if (this.#out.isTTY) this.#draw(`${barText(done / seeds)}  ${text} (Ctrl-C ends)`);
    else this.#out.write(`  ${text}\n`);
  }

  /** `left`: faults and visits. */
  shrinking(left: number, tried: number): void {
    if (this.#out.isTTY) this.#draw(`  shrinking: ${left} things left of what was drawn, ${tried} runs tried (Ctrl-C ends)`);
  }

  /** A line that stays. */
  say(text: string): void {
    this.#clear();
    this.#out.write(text + "\n");
  }

  #draw(text: string): void {
    const width = this.#out.columns > 0 ? this.#out.columns : 80;
    this.#out.write(`\r\x1b[2K${text.slice(0, width - roomForKeys)}`);
    this.#drawn = true;
  }

  #clear(): void {
    if (this.#drawn) this.#out.write("\r\x1b[2K");
    this.#drawn = false;
  }
}

function barText(share: number): string {
  const full = Math.round(share * barWidth);
  return `  ${"█".repeat(full)}${"░".repeat(barWidth - full)}`;
}

export function progressText(done: number, seeds: number, wallMs: number): string {
  const left = done > 0 && done < seeds ? `, ${durationText((wallMs / done) * (seeds - done))} left` : "";
  return `${done} of ${seeds} seeds, ${rateText(done, wallMs)} a second${left}`;
}

export function rateText(done: number, wallMs: number): string {
  return ((done * 1000) / Math.max(1, wallMs)).toFixed(1);
}

export function violationText({ invariant, atMs, station, what }: Violation): string {
  const when = Number.isNaN(atMs) ? "" : ` at ${(atMs / 1000).toFixed(3)} s of virtual time`;
  return `${invariant}, on ${station}${when}:\n  ${what}`;
}

/** Which points were reached in how many seeds, rarest first, and which never. */
export function reachedText(reached: ReadonlyMap<Point, number>, done: number): string {
  const names = Object.keys(points) as Point[];
  const sorted = names.sort((a, b) => (reached.get(a) ?? 0) - (reached.get(b) ?? 0));
  return sorted.map((name) => `${String(reached.get(name) ?? 0).padStart(8)} of ${done}  ${points[name]}`).join("\n");
}
