/** `mote replay`: shows a trace in words, at once or in its own time, until its end, a time or an event. Returns the exit code. */
import { once } from "node:events";
import { type DecodedEvent, TraceDecoder } from "../world/decoded.js";
import { complain } from "./complaint.js";
import { durationText } from "./duration.js";
import { Interruption } from "./interruption.js";
import { LineTooLong, type Lines, openLines } from "./replay-lines.js";
import type { ReplayOptions } from "./replay-options.js";
import { colouredText, eventText } from "./replay-text.js";
import { stopsAt } from "./replay-stop.js";

/** A trace's lines are not strictly in order: within one callback a board's thread is ahead of the world, by what its calls cost. No callback takes as long, µs. */
const aheadMaxUs = 10e6;
/** Characters that are written at once. */
const pieceLength = 32 * 1024;

export async function replay(options: ReplayOptions): Promise<number> {
  const lines = await openLines(options.file);
  if (!lines.ok) return complain(lines.error.message, 2);
  const interruption = new Interruption();
  try {
    return await new Replay(options, interruption).run(lines.value);
  } finally {
    interruption.release();
  }
}

class Replay {
  readonly #options: ReplayOptions;
  readonly #interruption: Interruption;
  readonly #interrupted: Promise<void>;
  readonly #decoder = new TraceDecoder();
  readonly #stops: ((event: DecodedEvent, line: string) => boolean) | undefined;
  readonly #coloured = process.stdout.isTTY && !process.env["NO_COLOR"];
  readonly #boards = new Set<string>();
  #beginUs: number | undefined;
  #lastUs = 0;
  #shown = 0;
  #all = 0;
  #piece = "";
  #pacedFromMs: number | undefined;

  constructor(options: ReplayOptions, interruption: Interruption) {
    this.#options = options;
    this.#interruption = interruption;
    this.#interrupted = new Promise((resolve) => interruption.onRequested(resolve));
    this.#stops = options.untilEvent === undefined ? undefined : stopsAt(options.untilEvent);
  }

  async run(lines: Lines): Promise<number> {
    const { file, untilEvent, json } = this.#options;
    let number = 0;
    let stopped: string | undefined;
    const wrong = async (what: string): Promise<number> => {
      await this.#flush();
      return complain(`${file}:${number + 1}: ${what}`, 2);
    };
    try {
      reading: for await (const piece of lines) {
        for (const line of piece) {
          const text = line.endsWith("\r") ? line.slice(0, -1) : line;
          const events = this.#decoder.feed(number === 0 ? text.replace(/^\uFEFF/, "") : text);
          if (!events.ok) return await wrong(text.trim() === "" ? "the line is empty" : events.error.message);
          number++;
          for (const event of events.value) {
            stopped = await this.#take(event);
            if (stopped !== undefined || this.#interruption.requested) break reading;
          }
        }
      }
    } catch (error) {
      if (error instanceof LineTooLong) return await wrong("the line is too long: this is no trace");
      return await wrong(`it cannot be read on: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (number === 0) return complain(`${file}: it is empty: a trace is written by mote sim --trace, or by mote record`, 2);
    await this.#flush();
    if (!json && !this.#interruption.urgent) await this.#write(this.#summary(stopped));
    if (untilEvent !== undefined && stopped === undefined && !this.#interruption.requested) {
      return complain(`${JSON.stringify(untilEvent)} never came`, 1);
    }
    return 0;
  }

  /** Why it is the last, if it is. */
  async #take(event: DecodedEvent): Promise<string | undefined> {
    const { fromMs, untilMs, only, json } = this.#options;
    this.#beginUs ??= event.board === "" ? event.atUs : 0;
    const us = Math.max(0, event.atUs - this.#beginUs);
    const untilUs = (untilMs ?? Infinity) * 1000;
    if (us > untilUs) return us > untilUs + aheadMaxUs ? `stopped at ${durationText(untilMs!)}` : undefined;
    this.#all++;
    this.#boards.add(event.board);
    this.#lastUs = Math.max(this.#lastUs, us);
    if (us < fromMs * 1000 || (only !== undefined && !only.has(event.kind))) return undefined;
    await this.#pace(us);
    if (this.#interruption.requested) return undefined;
    this.#shown++;
    const line = eventText(event, us);
    this.#piece += (json ? jsonText(event) : this.#coloured ? colouredText(event, us) : line) + "\n";
    const last = this.#stops?.(event, line) === true;
    if (last || this.#piece.length > pieceLength) await this.#flush();
    return last ? "stopped at this event" : undefined;
  }

  async #pace(us: number): Promise<void> {
    const { speed, fromMs } = this.#options;
    if (speed === "max") return;
    this.#pacedFromMs ??= performance.now();
    const waitMs = this.#pacedFromMs + (us / 1000 - fromMs) / speed - performance.now();
    if (waitMs < 1) return;
    await this.#flush();
    let timer: NodeJS.Timeout | undefined;
    const passed = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, Math.min(waitMs, 2 ** 30));
    });
    await Promise.race([passed, this.#interrupted]);
    clearTimeout(timer);
  }

  async #flush(): Promise<void> {
    const piece = this.#piece;
    this.#piece = "";
    if (piece !== "") await this.#write(piece);
  }

  /** As fast as the reader reads; who went away is waited for no more. */
  async #write(text: string): Promise<void> {
    if (process.stdout.destroyed || process.stdout.write(text)) return;
    await Promise.race([once(process.stdout, "drain").catch(() => {}), this.#interrupted]);
  }

  #summary(stopped: string | undefined): string {
    const boards = this.#boards.has("") ? "recorded traffic" : `${this.#boards.size} ${this.#boards.size === 1 ? "board" : "boards"}`;
    const count =
      this.#shown === this.#all
        ? this.#all.toLocaleString("en")
        : `${this.#shown.toLocaleString("en")} of ${this.#all.toLocaleString("en")}`;
    return `\nShown     ${count} events over ${durationText(this.#lastUs / 1000)} of ${boards}${stopped === undefined ? "" : `, ${stopped}`}\n`;
  }
}

function jsonText({ atUs, board, kind, way, text, packet }: DecodedEvent): string {
  return JSON.stringify({ us: atUs, board, kind, way, text, packet });
}
