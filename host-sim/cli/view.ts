/**
 * What a person watches: a line a channel that is brought up to date in place on a terminal, plain lines
 * elsewhere, and only the last of each channel where time is virtual. Notes stand above.
 */
import { sparkline } from "./sparkline.js";

/** How often a terminal is drawn anew at most, ms. */
const drawEveryMs = 100;
const historyLength = 24;
/** Beside the channels, a terminal shows at least this many of its rows' worth of something else. */
const spareRows = 2;

export interface View {
  /** A message that the board published. */
  published(topic: string, payload: string): void;
  note(text: string): void;
  /** Leaves the screen as it is, the cursor below. */
  end(): void;
}

/** `live`: as it comes; otherwise what it came to in the end. */
export function view(board: string, out: NodeJS.WriteStream, live: boolean): View {
  if (!live) return finalView(board, out);
  return out.isTTY ? terminalView(board, out) : plainView(board, out);
}

/** Shows no reading: for those who want only the counts. */
export function notesOnly(out: NodeJS.WriteStream): View {
  return { published() {}, note: (text) => void out.write(text + "\n"), end() {} };
}

function plainView(board: string, out: NodeJS.WriteStream): View {
  return {
    published(topic, payload) {
      const name = channelName(board, topic);
      if (name !== undefined) out.write(`${name.padEnd(14)} ${describe(payload).text}\n`);
    },
    note: (text) => void out.write(text + "\n"),
    end() {},
  };
}

function finalView(board: string, out: NodeJS.WriteStream): View {
  const lines = new Lines(board);
  return {
    published: (topic, payload) => void lines.take(topic, payload),
    note: (text) => void out.write(text + "\n"),
    end: () => void out.write(lines.rows(out.isTTY ? out.columns : 0, Infinity).join("")),
  };
}

function terminalView(board: string, out: NodeJS.WriteStream): View {
  const lines = new Lines(board);
  /** The rows on the screen that are ours, the cursor below them. */
  let drawn: readonly string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let drawnAtMs = -Infinity;

  /** To the start of our first row. A terminal that became narrower has broken them into more. */
  function home(): string {
    let rows = 0;
    for (const row of drawn) rows += Math.max(1, Math.ceil((row.length - 1) / widthOf(out)));
    return rows > 0 ? `\r\x1b[${rows}A\x1b[0J` : "\r\x1b[2K";
  }

  function draw(): void {
    clearTimeout(timer);
    timer = undefined;
    drawnAtMs = performance.now();
    const back = home();
    drawn = lines.rows(widthOf(out), Math.max(1, (out.rows || 24) - spareRows));
    out.write(back + drawn.join(""));
  }

  out.on("resize", draw);
  return {
    published(topic, payload) {
      if (lines.take(topic, payload)) timer ??= setTimeout(draw, Math.max(0, drawnAtMs + drawEveryMs - performance.now()));
    },
    note(text) {
      out.write(home() + text + "\n");
      drawn = [];
      draw();
    },
    end() {
      out.off("resize", draw);
      draw();
    },
  };
}

/** The channels in the order of their first message, each with its latest payloads: read only when shown. */
class Lines {
  readonly #board: string;
  readonly #payloads = new Map<string, string[]>();

  constructor(board: string) {
    this.#board = board;
  }

  /** False when the message is no reading. */
  take(topic: string, payload: string): boolean {
    const name = channelName(this.#board, topic);
    if (name === undefined) return false;
    let payloads = this.#payloads.get(name);
    if (payloads === undefined) {
      payloads = [];
      this.#payloads.set(name, payloads);
    }
    payloads.push(payload);
    if (payloads.length > historyLength) payloads.shift();
    return true;
  }

  /** At most `most` of them, each ending in a line feed and within `width` where that is above 0. */
  rows(width: number, most: number): string[] {
    const rows: string[] = [];
    for (const [name, payloads] of this.#payloads) {
      const left = this.#payloads.size - rows.length;
      if (rows.length === most - 1 && left > 1) {
        rows.push(fit(`  … and ${left} more`, width));
        break;
      }
      const readings = payloads.map(describe);
      const history = readings.flatMap(({ value }) => (value === undefined ? [] : [value]));
      rows.push(fit(`  ${name.padEnd(14)} ${readings[readings.length - 1]!.text.padEnd(16)} ${sparkline(history)}`, width));
    }
    return rows;
  }
}

function widthOf(out: NodeJS.WriteStream): number {
  return out.columns > 0 ? out.columns : 80;
}

/** Below the board's own, and no channel's. */
const ownTopics: readonly string[] = ["status", "counters", "data", "settings"];

/** The channel that a topic belongs to, or undefined for the board's own and for summaries. */
function channelName(board: string, topic: string): string | undefined {
  const name = topic.slice(`mote/${board}/`.length);
  return ownTopics.includes(name) || name.includes("/") ? undefined : name;
}

function describe(payload: string): { text: string; value: number | undefined } {
  const message = JSON.parse(payload) as { value?: number; unit?: string; error?: string };
  if (message.value === undefined) return { text: `no reading: ${message.error}`, value: undefined };
  return { text: message.unit === undefined ? String(message.value) : `${message.value} ${message.unit}`, value: message.value };
}

/** One column is left free: a terminal breaks a line that fills it to the end. */
function fit(text: string, width: number): string {
  const short = width > 0 && text.length >= width ? text.slice(0, width - 1) : text;
  return short.trimEnd() + "\n";
}
