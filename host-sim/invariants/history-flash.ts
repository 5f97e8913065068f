/**
 * The journal's flash, read by a reader of its own (journal/image.ts) whenever the power goes, and now and then: what is whole there
 * must reach its receiver, and what is called done there must have been acknowledged.
 */
import { readJournalImage, type JournalImage } from "../journal/image.js";
import { headOf } from "../world/heard-history.js";
import { random } from "../world/random.js";
import { Ranges } from "../world/ranges.js";
import type { History } from "./history.js";
import type { Scene } from "./watcher.js";

const invariant = "history";
/** The flash is read so often, ms. */
const lookEveryMs = 15_000;
/** What stood in flash is with its receiver after so long a time without faults, ms. */
const settledMs = 15_000;

export class HistoryFlash {
  /** The least number and boot that no record in flash had when it was read last. */
  nextSeq = 0;
  nextBoot = 0;
  readonly #scene: Scene;
  readonly #history: History;
  /** Records that were whole in flash and not done. */
  readonly #whole = new Ranges();
  /** Numbers of records that were merged into fewer. */
  readonly #merged = new Ranges();
  /** It was full: without an erased sector. */
  #full = false;
  #lookedMs = 0;
  /** Numbers that waited when they were looked at first after all faults were over; and when that was. */
  #waited: { readonly atMs: number; readonly seqs: readonly number[] } | undefined;

  constructor(scene: Scene, history: History) {
    this.#scene = scene;
    this.#history = history;
  }

  tick(healed: boolean): void {
    const { nowMs, station } = this.#scene;
    if (nowMs - this.#lookedMs < lookEveryMs || !station.powered) return;
    const image = this.look();
    if (!healed || image === undefined || nowMs < this.#scene.settledAtMs) return;
    this.#waited ??= { atMs: nowMs, seqs: image.waiting.map(({ seq }) => seq) };
    this.#settled(nowMs);
  }

  /** Undefined where there is nothing yet. */
  look(): JournalImage | undefined {
    const { station, nowMs } = this.#scene;
    const history = this.#history;
    this.#lookedMs = nowMs;
    const partition = station.board.flash.get("journal")!;
    // Bits that waver are read as they may read, without a draw of the board's own.
    const bytes = new Uint8Array(partition.bytes);
    partition.fork(random(1).split("image")).read(bytes, 0);
    const image = readJournalImage(bytes);
    if (image.install === undefined) return undefined;
    if (history.install !== undefined && image.install !== history.install && !history.hurt) {
      this.#say(`the install in flash is ${image.install}, and was ${history.install}`);
    }
    history.install ??= image.install;
    for (const { payload } of image.records) {
      const head = headOf(payload);
      if (head !== undefined) history.record(head, payload);
    }
    const doneNext = history.done.next(0);
    if (image.done > doneNext && !history.hurt)
      this.#say(`in flash all numbers below ${image.done} are done, and only those below ${doneNext} were acknowledged`);
    this.#vanished(image);
    for (const { seq } of image.waiting) this.#whole.add(seq, seq);
    this.nextSeq = Math.max(this.nextSeq, image.nextSeq);
    this.nextBoot = Math.max(this.nextBoot, image.nextBoot);
    if (!image.sectors.some(({ state }) => state === "erased" || state === "blank")) {
      this.#full = true;
      this.#scene.reach("journal-full");
    }
    return image;
  }

  /** A gap says that these numbers cannot be read. */
  damaged(from: number, to: number): void {
    if (this.#history.hurt || this.#full) return;
    // It may have been thinned out just now.
    if (this.#scene.journal.whenFull === "thin-out") this.look();
    for (let seq = from; seq <= to; seq++) {
      // Thinned out beside numbers that a start left out: nobody can tell them apart.
      if (this.#whole.has(seq) && !this.#merged.has(seq)) this.#say(`record ${seq} was whole in flash, and is told to be damaged`);
    }
  }

  #vanished(image: JournalImage): void {
    const { done, hurt } = this.#history;
    if (hurt || this.#full) return;
    const there = new Ranges();
    for (const { seq } of image.records) there.add(seq, seq);
    // What was thinned out is told when it is come to.
    for (const { end, first } of image.sectors) if (end !== undefined && end > first!) this.#merged.add(first!, end - 1);
    for (let seq = done.next(0); seq < this.nextSeq; seq = done.next(seq + 1)) {
      if (this.#whole.has(seq) && !there.has(seq) && !this.#merged.has(seq))
        this.#say(`record ${seq} was whole in flash and is gone, and nobody had acknowledged it`);
    }
  }

  /** What had waited is with its receiver by now. */
  #settled(nowMs: number): void {
    const { atMs, seqs } = this.#waited!;
    const { acknowledge } = this.#scene.journal;
    const history = this.#history;
    if (nowMs < Math.max(atMs + settledMs, history.patientUntilMs)) return;
    const receiver = history.receiver;
    for (const seq of seqs) {
      if (receiver?.numbers.has(seq) === true) continue;
      if (acknowledge === "consumer" && this.#scene.consumer === undefined) continue;
      this.#say(`record ${seq} waited in flash at ${Math.round(atMs)} ms, all was well, and its receiver does not have it`);
      return;
    }
    this.#scene.reach("drained");
    this.#waited = undefined;
  }

  #say(what: string): void {
    this.#scene.report(invariant, what);
  }
}
