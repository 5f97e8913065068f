/**
 * Makes a recording (recording.ts) out of messages as they come: each topic that gives a quantity fills
 * its column, a value holds until the next, and a row is written for each millisecond that brought
 * something, once that is over and every column has a value. One topic fills one column: the first that came, unless
 * columns were named.
 *
 * Where only wildcards say what is wanted, the columns are those that came within `settleMs` of the first;
 * until then rows wait, so that none is lost.
 */
import { printable } from "../world/decoded-text.js";
import { isUtf8 } from "node:buffer";
import { recordable } from "../world/environment.js";
import { type Column, readingOf } from "./recorder-reading.js";

export interface Message {
  /** Since 1970, ms; never before the message that came before. */
  readonly atMs: number;
  readonly topic: string;
  readonly payload: Buffer;
  /** It comes out of the broker's memory: old, nobody knows how old. */
  readonly retain: boolean;
}

export interface RecorderOptions {
  /** Topics by the columns that were named. */
  readonly columns: ReadonlyMap<Column, string>;
  readonly filters: readonly string[];
  readonly write: (line: string) => void;
  /** What a person should know, each once. */
  readonly note: (text: string) => void;
}

/** How long to wait for further columns, ms. */
const settleMs = 5000;
/** What is said of topics that are left out is bounded: there may be any number of them. */
const notesMax = 20;

/** So many readings at most wait for the columns. */
const waitingMax = 100_000;

export class Recorder {
  rows = 0;
  /** Messages for a column that held no usable number. */
  unreadable = 0;
  /** The latest value of each column, in the recording's order. */
  readonly values = new Map<Column, number | undefined>();
  readonly #options: RecorderOptions;
  readonly #sources = new Map<Column, string>();
  readonly #noted = new Set<string>();
  #settled: boolean;
  #waiting: { readonly atMs: number; readonly column: Column; readonly value: number }[] = [];
  #rowAtMs: number | undefined;
  #headed = false;

  constructor(options: RecorderOptions) {
    this.#options = options;
    for (const [column, topic] of options.columns) {
      this.values.set(column, undefined);
      this.#sources.set(column, topic);
    }
    this.#settled = true;
    for (const filter of options.filters) {
      const last = filter.slice(filter.lastIndexOf("/") + 1);
      if (last === "+" || last === "#") this.#settled = false;
      else if (isColumn(last) && !this.#twin(last)) this.values.set(last, undefined);
    }
  }

  /** False while further columns may come. */
  get settled(): boolean {
    return this.#settled;
  }

  /** Columns that have no value yet. */
  get missing(): Column[] {
    return [...this.values].flatMap(([column, value]) => (value === undefined ? [column] : []));
  }

  take({ atMs, topic, payload, retain }: Message): void {
    if (retain) return;
    this.pass(atMs);
    const column = this.#columnOf(topic);
    if (column === undefined) return;
    const text = isUtf8(payload) ? payload.toString("utf8") : "";
    const reading = readingOf(column, text);
    if (!reading.ok) {
      this.unreadable++;
      this.#noteOnce(`Note    ${topic} is left out where it has no reading: ${reading.error.message}`);
      return;
    }
    const { value, from } = reading.value;
    this.#sources.set(column, topic);
    if (from !== undefined) this.#noteOnce(`Note    ${column} is converted to ${unitOf(column)} from ${from} (${topic})`);
    if (this.#settled) this.#put(atMs, column, value);
    else {
      this.values.set(column, value);
      this.#waiting.push({ atMs, column, value });
    }
  }

  /** Time passes, perhaps without a message: what need not wait any more is written. */
  pass(nowMs: number): void {
    const first = this.#waiting[0];
    if (!this.#settled && first !== undefined && (nowMs - first.atMs >= settleMs || this.#waiting.length >= waitingMax)) this.#settle();
    if (this.#rowAtMs !== undefined && Math.floor(nowMs) > this.#rowAtMs) this.#writeRow();
  }

  /** What still waits becomes rows. */
  end(): void {
    this.#settle();
    this.#writeRow();
  }

  #columnOf(topic: string): Column | undefined {
    for (const [column, source] of this.#sources) if (source === topic) return column;
    const last = topic.slice(topic.lastIndexOf("/") + 1);
    if (!isColumn(last)) return undefined;
    const source = this.#sources.get(last) ?? this.#sources.get(this.#twin(last) ?? last);
    if (source !== undefined) {
      this.#noteOnce(`Note    ${topic} is left out: ${last} is taken from ${source} (another choice: --column ${last}=${topic})`);
      return undefined;
    }
    if (this.#settled && !this.values.has(last)) {
      this.#noteOnce(`Note    ${topic} is left out: it was no column when the rows began (with it: --column ${last}=${topic})`);
      return undefined;
    }
    return last;
  }

  /** A column of the same quantity under another name. */
  #twin(column: Column): Column | undefined {
    return [...this.values.keys()].find((other) => other !== column && recordable[other] === recordable[column]);
  }

  #settle(): void {
    if (this.#settled) return;
    this.#settled = true;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { column } of waiting) this.values.set(column, undefined);
    for (const { atMs, column, value } of waiting) this.#put(atMs, column, value);
  }

  /** The readings of one millisecond share a row, as rows must come one after the other. */
  #put(atMs: number, column: Column, value: number): void {
    const rowAtMs = Math.floor(atMs);
    if (rowAtMs !== this.#rowAtMs) this.#writeRow();
    this.#rowAtMs = rowAtMs;
    this.values.set(column, value);
  }

  #writeRow(): void {
    if (this.#rowAtMs === undefined || this.missing.length > 0) return;
    if (!this.#headed) this.#options.write(["timestamp", ...this.values.keys()].join(","));
    this.#headed = true;
    this.#options.write([new Date(this.#rowAtMs).toISOString(), ...this.values.values()].join(","));
    this.#rowAtMs = undefined;
    this.rows++;
  }

  #noteOnce(raw: string): void {
    // Topics may be anything that somebody publishes.
    const text = printable(raw);
    if (this.#noted.size > notesMax || this.#noted.has(text)) return;
    this.#noted.add(text);
    this.#options.note(this.#noted.size > notesMax ? "Note    there is more of this kind, which is not said any more" : text);
  }
}

export function isColumn(name: string): name is Column {
  return Object.hasOwn(recordable, name);
}

function unitOf(column: Column): string {
  const units = {
    temperatureC: "°C",
    outdoorC: "°C",
    humidityPercent: "%",
    pressurePa: "Pa",
    pulsesPerS: "pulses a second",
    analogShare: "0 … 1",
    accelerationMs2: "m/s²",
  };
  return units[recordable[column]];
}
