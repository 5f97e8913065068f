/** What a board's journal lost, a row each, in words: from gap records in flash and on the wire, and from numbers that are missing. Bounded. */
import type { Gap } from "../blocks/gap.js";
import { lossWords, lostText } from "../blocks/gap-rendering.js";
import { bootTime } from "../blocks/rendering.js";
import type { LossRow } from "../web/protocol.js";

const rowsMax = 40;
/** Gaps whose samples are summed up. */
const gapsMax = 10_000;

export class LossList {
  /** By the gap's own number; the newest last. */
  readonly #rows = new Map<number, LossRow>();
  readonly #samples = new Map<number, number>();
  /** Of all gaps, as far as they say. */
  samples = 0;

  /** The wire carried it. */
  told(gap: Gap): void {
    this.#count(gap);
    this.#put(rowOf(gap, true));
  }

  /** It stands in flash. */
  found(gap: Gap): void {
    this.#count(gap);
    if (this.#rows.get(gap.identity.seq)?.told !== true) this.#put(rowOf(gap, false));
  }

  /** Numbers `from` … `to` − 1 are in flash no more: what is to be said of them is known when they are sent. */
  missing(from: number, to: number): void {
    const known = this.#rows.get(from);
    if (known?.told === true) return;
    this.#put({
      seq: from,
      why: "thinned out, or damaged in flash",
      lost: `${to - from} ${to - from === 1 ? "record" : "records"}`,
      when: "",
      told: false,
    });
  }

  /** The newest first. */
  rows(): readonly LossRow[] {
    return [...this.#rows.values()].sort((a, b) => b.seq - a.seq);
  }

  /** Each number once: of a gap that grew, its last word. */
  #count({ identity: { seq }, samples }: Gap): void {
    const known = this.#samples.get(seq) ?? 0;
    if (samples <= known || this.#samples.size >= gapsMax) return;
    this.samples += samples - known;
    this.#samples.set(seq, samples);
  }

  #put(row: LossRow): void {
    this.#rows.set(row.seq, row);
    if (this.#rows.size > rowsMax) this.#rows.delete(Math.min(...this.#rows.keys()));
  }
}

function rowOf(gap: Gap, told: boolean): LossRow {
  const { identity, reason, from, to, timesUnknown, count, samples, more } = gap;
  const begin = `boot ${from.boot}, ${clock(from.ms)}`;
  const end = from.boot === to.boot ? clock(to.ms) : `boot ${to.boot}, ${clock(to.ms)}`;
  const isOpen = more && count === 0 && samples === 0;
  return {
    seq: identity.seq,
    why: lossWords[reason],
    lost: isOpen ? "it begins here; how much, the next one tells" : lostText(gap),
    when: timesUnknown ? "" : `${begin} to ${end}`,
    told,
  };
}

/** Without its milliseconds. */
function clock(ms: number): string {
  return bootTime(ms).slice(0, -4);
}
