/**
 * Broker to store: what arrives is gathered into batches, committed, and only then confirmed, to the broker by PUBACK and to the board by
 * its watermark. While the store is full or locked nothing is confirmed, no more is taken in than a batch, and it is tried
 * again; a store that cannot be written any more ends it. Memory is bounded whatever comes.
 */
import type { Settings } from "../../firmware/settings.js";
import { Ingest, type Note, type Taken, type Watermark } from "./ingest.js";
import { Link, type Message } from "./link.js";
import type { Store } from "./store.js";
import { storeTrouble, type StoreTrouble } from "./trouble.js";

export interface Counts {
  samples: number;
  blocks: number;
  gaps: number;
  duplicates: number;
  malformed: number;
  conflicts: number;
  commits: number;
  devices: number;
}

export interface CollectorEvents {
  onListening(resumed: boolean): void;
  onAway(why: string): void;
  onNote(note: Note): void;
  /** The store is full or locked: nothing is confirmed until `onStoring`. */
  onWaiting(trouble: StoreTrouble): void;
  onStoring(): void;
  /** The store cannot be written any more: nothing else is taken. */
  onBroken(trouble: StoreTrouble): void;
}

/** What waits to be committed, at most: more is left with the broker. */
const waitingBytesMax = 4 * 1024 * 1024;
const waitingMessagesMax = 10_000;
/** What a message takes beside its payload, about. */
const messageBytes = 200;
/** A transaction takes so much at most: everything else waits meanwhile. */
const batchBytesMax = 128 * 1024;
const batchMessagesMax = 500;
const againAfterMs = 200;
/** Locks of so long are usual: another program's transaction. */
const lockedSaidAfterMs = 2000;
const toldMax = 20_000;

export class Collector {
  readonly counts: Counts = { samples: 0, blocks: 0, gaps: 0, duplicates: 0, malformed: 0, conflicts: 0, commits: 0, devices: 0 };
  readonly #store: Store;
  readonly #ingest: Ingest;
  readonly #events: CollectorEvents;
  readonly #link: Link;
  readonly #nowMs: () => number;
  #waiting: { message: Message; atMs: number }[] = [];
  #waitingBytes = 0;
  #held: (() => void)[] = [];
  #turn: NodeJS.Immediate | NodeJS.Timeout | undefined;
  #troubleSinceMs: number | undefined;
  #troubleSaid = false;
  #ended = false;
  readonly #told = new Map<string, string>();

  /** `nowMs`: since 1970. */
  constructor(store: Store, broker: Settings["broker"], nowMs: () => number, events: CollectorEvents) {
    this.#store = store;
    this.#ingest = new Ingest(store.sql);
    this.#events = events;
    this.#nowMs = nowMs;
    this.counts.devices = Number((store.sql.prepare("SELECT count(*) FROM devices").raw().get([]) as unknown as [number])[0]);
    this.#link = new Link(broker, store.clientId, {
      onMessage: (message, ready) => this.#take(message, ready),
      onListening: (resumed) => this.#listening(resumed),
      onAway: (why) => events.onAway(why),
    });
  }

  get listening(): boolean {
    return this.#link.listening;
  }

  /** Messages that came and are not committed. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Commits what is here, as far as the store lets it, and leaves. False when something stayed behind: the broker keeps it. */
  async close(): Promise<boolean> {
    while (!this.#ended && this.#waiting.length > 0 && this.#commit());
    this.#ended = true;
    clearImmediate(this.#turn as NodeJS.Immediate);
    clearTimeout(this.#turn as NodeJS.Timeout);
    await this.#link.close();
    return this.#waiting.length === 0;
  }

  #take(message: Message, ready: () => void): void {
    if (this.#ended) return;
    this.#waiting.push({ message, atMs: this.#nowMs() });
    this.#waitingBytes += message.payload.length + messageBytes;
    this.#turn ??= setImmediate(() => this.#work());
    if (this.#waitingBytes < waitingBytesMax && this.#waiting.length < waitingMessagesMax) ready();
    else this.#held.push(ready);
  }

  #work(): void {
    this.#turn = undefined;
    if (this.#ended) return;
    const done = this.#commit();
    if (this.#ended || this.#waiting.length === 0) return;
    this.#turn = done ? setImmediate(() => this.#work()) : setTimeout(() => this.#work(), againAfterMs);
  }

  /** One transaction; false: not now. */
  #commit(): boolean {
    let count = 0;
    for (let bytes = 0; count < this.#waiting.length && count < batchMessagesMax && bytes < batchBytesMax; count++) {
      bytes += this.#waiting[count]!.message.payload.length;
    }
    const batch = this.#waiting.slice(0, count);
    let taken: Taken;
    try {
      taken = this.#ingest.commit(batch.map(({ message: { device, payload, again }, atMs }) => ({ device, payload, again, atMs })));
    } catch (error) {
      this.#failed(error);
      return false;
    }
    if (!this.#store.isInPlace()) {
      const message = `${this.#store.file}: it was moved away or replaced while this ran: nothing more is confirmed; put it back, or begin a new one`;
      this.#ended = true;
      this.#events.onBroken({ kind: "broken", message, passes: false });
      return false;
    }
    this.#waiting.splice(0, count);
    for (const { message } of batch) this.#waitingBytes -= message.payload.length + messageBytes;
    this.#link.confirm(batch.map(({ message }) => message));
    this.#tell(taken);
    this.#count(taken);
    if (this.#troubleSaid) this.#events.onStoring();
    this.#troubleSaid = false;
    this.#troubleSinceMs = undefined;
    for (const ready of this.#held.splice(0)) ready();
    return true;
  }

  #failed(error: unknown): void {
    const trouble = storeTrouble(error, this.#store.file);
    if (trouble === undefined) throw error;
    if (!trouble.passes) {
      this.#ended = true;
      this.#events.onBroken(trouble);
      return;
    }
    this.#troubleSinceMs ??= this.#nowMs();
    if (this.#troubleSaid || (trouble.kind === "locked" && this.#nowMs() - this.#troubleSinceMs < lockedSaidAfterMs)) return;
    this.#troubleSaid = true;
    this.#events.onWaiting(trouble);
  }

  #tell({ watermarks, unaware }: Pick<Taken, "watermarks" | "unaware">): void {
    if (this.#told.size > toldMax) this.#told.clear();
    for (const [device, watermark] of watermarks) {
      const text = textOf(watermark);
      if (this.#told.get(device) === text && !unaware.has(device)) continue;
      this.#told.set(device, text);
      this.#link.tell(device, watermark);
    }
  }

  /** A broker that was restarted may have lost what it had retained. */
  #listening(resumed: boolean): void {
    try {
      const watermarks = this.#ingest.watermarks();
      this.#tell({ watermarks, unaware: new Set(watermarks.keys()) });
    } catch (error) {
      this.#failed(error);
    }
    this.#events.onListening(resumed);
  }

  #count(taken: Taken): void {
    const { counts } = this;
    counts.commits++;
    counts.samples += taken.samples;
    counts.blocks += taken.blocks;
    counts.gaps += taken.gaps;
    counts.duplicates += taken.duplicates;
    counts.malformed += taken.malformed;
    counts.conflicts += taken.conflicts;
    counts.devices += taken.devices;
    for (const note of taken.notes) this.#events.onNote(note);
  }
}

function textOf({ install, boot, seq }: Watermark): string {
  return `${install} ${boot} ${seq}`;
}
