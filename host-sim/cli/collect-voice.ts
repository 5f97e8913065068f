/** How `mote collect` tells what happens: to people, or with --json to programs, one object a line. */
import type { Collector, Counts } from "../collector/collector.js";
import type { Note } from "../collector/ingest.js";
import { durationText } from "./duration.js";
import { plural, recordView, type RecordView } from "./record-view.js";

export interface CollectVoice {
  begin(collector: Collector, storeBytes: number): void;
  listening(resumed: boolean): void;
  away(why: string): void;
  note(note: Note): void;
  waiting(kind: string, why: string): void;
  storing(): void;
  end(counts: Counts): void;
}

const everyMs = 1000;
/** The rate is that of the last so many seconds. */
const rateSeconds = 5;
const deviceNotesMax = 1000;

export function collectVoice(json: boolean, url: string, store: string): CollectVoice {
  return json ? new JsonVoice(url, store) : new TextVoice(url, store);
}

/** A device that sends nothing but rubbish is told once; all is counted. */
class Once {
  readonly #said = new Set<string>();

  first({ kind, device }: Note): boolean {
    const key = `${kind} ${device}`;
    if (this.#said.has(key) || this.#said.size >= deviceNotesMax) return false;
    this.#said.add(key);
    return true;
  }
}

class JsonVoice implements CollectVoice {
  readonly #url: string;
  readonly #store: string;
  readonly #once = new Once();
  #timer: NodeJS.Timeout | undefined;
  #last = "";

  constructor(url: string, store: string) {
    this.#url = url;
    this.#store = store;
  }

  begin({ counts }: Collector): void {
    this.#last = JSON.stringify(counts);
    this.#say("begun", { broker: this.#url, store: this.#store, ...counts });
    this.#timer = setInterval(() => {
      const now = JSON.stringify(counts);
      if (now !== this.#last) this.#say("stored", { ...counts });
      this.#last = now;
    }, everyMs);
  }

  listening(resumed: boolean): void {
    this.#say("listening", { broker: this.#url, resumed });
  }

  away(why: string): void {
    this.#say("away", { broker: this.#url, why });
  }

  note(note: Note): void {
    if (note.kind === "gap" || this.#once.first(note)) this.#say(note.kind, { device: note.device, text: note.text });
  }

  waiting(kind: string, why: string): void {
    this.#say("waiting", { kind, why });
  }

  storing(): void {
    this.#say("storing", {});
  }

  end(counts: Counts): void {
    clearInterval(this.#timer);
    this.#say("ended", { ...counts });
  }

  #say(event: string, what: object): void {
    process.stdout.write(JSON.stringify({ event, at: new Date().toISOString(), ...what }) + "\n");
  }
}

class TextVoice implements CollectVoice {
  readonly #url: string;
  readonly #store: string;
  readonly #once = new Once();
  #view: RecordView | undefined;
  #timer: NodeJS.Timeout | undefined;
  #beganMs = 0;
  #awayMs: number | undefined;
  #connected = false;
  /** The broker knows this store's session from before. */
  #known = false;
  #lastGap = "";
  #recent: number[] = [0];

  constructor(url: string, store: string) {
    this.#url = url;
    this.#store = store;
  }

  begin({ counts }: Collector, storeBytes: number): void {
    this.#beganMs = performance.now();
    this.#known = counts.devices > 0;
    const before =
      counts.devices === 0 ? "a new store" : `${plural(counts.devices, "device")}, ${(storeBytes / 1e6).toFixed(1)} MB from before`;
    process.stdout.write(`Collect  ${this.#url}, mote/+/data\nInto     ${this.#store} (${before})\n`);
    process.stdout.write(`Look     mote export --store ${this.#store} --csv, mote gaps --store ${this.#store}\nStop     Ctrl-C\n`);
    this.#timer = setInterval(() => {
      this.#recent.push(counts.samples);
      if (this.#recent.length > rateSeconds + 1) this.#recent.shift();
    }, everyMs);
    this.#view = recordView(process.stdout, () => this.#progress(counts));
  }

  listening(resumed: boolean): void {
    if (this.#awayMs !== undefined) {
      const after = durationText(performance.now() - this.#awayMs);
      this.#say(this.#connected ? `Connected again after ${after}.` : `Connected to ${this.#url}.`);
    }
    if (this.#known && !resumed) {
      this.#say("The broker had forgotten this session: what came meanwhile is not here, unless boards send it again.");
      this.#say("mote gaps shows it. A broker that keeps sessions over restarts (Mosquitto: persistence true) forgets none.");
    }
    this.#known = true;
    this.#awayMs = undefined;
    this.#connected = true;
  }

  away(why: string): void {
    if (this.#awayMs !== undefined) {
      // Its restart goes through several troubles, a wrong password does not pass by itself.
      if (why.startsWith("it refuses")) this.#say(`Still no connection to ${this.#url}: ${why}.`);
    } else if (this.#connected) this.#say(`The connection to ${this.#url} is lost: ${why}. Trying again.`);
    else this.#say(`No connection to ${this.#url}: ${why}. Trying again.`);
    this.#awayMs ??= performance.now();
  }

  note(note: Note): void {
    const { kind, device, text } = note;
    if (kind === "gap") this.#lastGap = `${shown(device)}: ${text}`;
    else if (this.#once.first(note)) {
      const what = kind === "malformed" ? "a malformed payload" : "a conflict";
      this.#say(`Kept out  ${what} of ${shown(device)}: ${shown(text)} (more of it is counted only)`);
    }
  }

  waiting(_kind: string, why: string): void {
    this.#say(`Waiting  ${why}. Until then nothing is confirmed, and boards and broker keep what they have.`);
  }

  storing(): void {
    this.#say("Storing again: all that waited is on disk.");
  }

  end(counts: Counts): void {
    clearInterval(this.#timer);
    this.#view?.end();
    const { samples, blocks, gaps, duplicates, malformed, conflicts, devices } = counts;
    const also = [
      gaps === 0 ? "" : plural(gaps, "gap"),
      duplicates === 0 ? "" : `${duplicates.toLocaleString("en")} that came twice`,
      malformed === 0 ? "" : `${malformed.toLocaleString("en")} malformed`,
      conflicts === 0 ? "" : plural(conflicts, "conflict"),
    ].filter((text) => text !== "");
    const took = durationText(performance.now() - this.#beganMs);
    const more = also.length === 0 ? "" : `; ${also.join(", ")}`;
    process.stdout.write(
      `Stored   ${plural(samples, "sample")} in ${plural(blocks, "block")} in ${took}${more}; ${plural(devices, "device")} in all\n`,
    );
  }

  #say(text: string): void {
    if (this.#view === undefined) process.stdout.write(text + "\n");
    else this.#view.note(text);
  }

  #progress({ samples, blocks, gaps, devices, malformed }: Counts): string {
    const seconds = Math.max(1, this.#recent.length - 1);
    const rate = (this.#recent[this.#recent.length - 1]! - this.#recent[0]!) / seconds;
    const parts = [
      durationText(Math.floor((performance.now() - this.#beganMs) / 1000) * 1000).padEnd(6),
      plural(samples, "sample"),
      plural(blocks, "block"),
      plural(devices, "device"),
      `${Math.round(rate).toLocaleString("en")}/s`,
    ];
    if (this.#awayMs !== undefined) parts.push("no broker");
    if (malformed > 0) parts.push(`${malformed.toLocaleString("en")} malformed`);
    if (gaps > 0) parts.push(`last gap ${this.#lastGap}`);
    else parts.push("no gaps");
    return "  " + parts.join("  ");
  }
}

/** Names and messages may be anybody's: what a terminal would obey is shown as �. */
export function shown(text: string): string {
  return text.replace(/[\p{C}\p{Z}]/gu, (c) => (c === " " ? c : "�"));
}
