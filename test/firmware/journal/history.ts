/**
 * The model: what a journal was given and what it wrote down, by the count of flash operations, and from that what it owes at any of them. A
 * history may go on from a cut in another one. It knows the contract and the gaps' bytes, nothing of sectors.
 */
import { type Gap, readGap, standsForRecords, u32 } from "./sealed.js";

/** The contract is broken. */
export class Broken extends Error {}

export interface Kept {
  readonly bytes: Uint8Array;
  /** Of a gap record: what it says. */
  readonly gap: Gap | undefined;
  readonly samples: number;
  readonly startMs: number;
  readonly endMs: number;
  /** Operations done when it was promised. */
  readonly promised: number;
}

/** A block that is being appended: operations done before, and when `append` came back. */
interface Offer {
  readonly block: Uint8Array;
  readonly samples: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly from: number;
  until: number;
}

/** Boot, and ms since it. */
type Instant = readonly [number, number];

function compare(a: Instant, b: Instant): number {
  return a[0] - b[0] || a[1] - b[1];
}

interface Lost {
  samples: number;
  unknown: boolean;
  more: boolean;
  from: Instant;
  to: Instant;
}

/** From so many operations on, a number is this. */
interface Step {
  readonly from: number;
  readonly seq: number;
}

function rise(steps: Step[], from: number, seq: number): void {
  if (seq > steps.at(-1)!.seq) steps.push({ from, seq });
}

function atTime(steps: readonly Step[], at: number): number {
  let low = 0;
  for (let high = steps.length; high - low > 1;) {
    const middle = (low + high) >> 1;
    if (steps[middle]!.from <= at) low = middle;
    else high = middle;
  }
  return steps[low]!.seq;
}

export class History {
  /** Operations done. */
  operations = 0;
  install: number | undefined;
  /** The flash was damaged, or failed: what is lost may be told by gaps of reason 4. */
  damaged = false;
  /** Blocks may be thinned out. */
  thins = false;
  /** What the journal takes for done, in RAM. */
  done = (): number => 0;
  /** Number from which on a start left some out: a gap of reason 4 will tell of them, and of what was lost there. */
  leftOut: number | undefined;
  readonly #parent: History | undefined;
  readonly #at: number;
  readonly #kept = new Map<number, Kept>();
  readonly #offers: Offer[] = [];
  readonly #excused = new Map<number, number>();
  /** All lower numbers were acknowledged, or a gap tells of them. */
  readonly #settled: Step[] = [];
  /** Behind the highest number that was promised. */
  readonly #ends: Step[] = [];
  /** Samples that `append` refused since a gap gave counts. */
  #refused = { samples: 0, fromMs: 0, toMs: 0, blocks: 0 };

  /** `at`: how many operations of the other were done when the power went. */
  constructor(parent?: History, at = 0) {
    this.#parent = parent;
    this.#at = at;
    this.#ends.push({ from: 0, seq: parent?.endAt(at) ?? 0 });
    this.install = parent?.install;
    this.damaged = parent?.damaged ?? false;
    this.thins = parent?.thins ?? false;
    this.#settled.push({ from: 0, seq: parent?.settledAt(at) ?? 0 });
  }

  keptAt(seq: number, at: number): Kept | undefined {
    const own = this.#kept.get(seq);
    if (own !== undefined) return own.promised <= at ? own : undefined;
    return this.#parent?.keptAt(seq, this.#at);
  }

  settledAt(at: number): number {
    return atTime(this.#settled, at);
  }

  /** Behind the highest number that was promised. */
  endAt(at: number): number {
    return atTime(this.#ends, at);
  }

  /** The block that was being appended. Where the flash fails, all that were tried: of a write that failed all may have been done. */
  offersAt(at: number): readonly Offer[] {
    const offers = this.#offers;
    let end = offers.length;
    while (end > 0 && offers[end - 1]!.from > at) end--;
    const last = offers[end - 1];
    if (!this.damaged) return last !== undefined && at < last.until ? [last] : [];
    return [...(this.#parent?.offersAt(this.#at) ?? []), ...offers.slice(Math.max(0, end - 200), end)];
  }

  /** It may be lost, and told by a gap of reason 4. */
  isExcused(seq: number, at: number): boolean {
    const from = this.#excused.get(seq);
    return (from !== undefined && from <= at) || this.#parent?.isExcused(seq, this.#at) === true;
  }

  // ---- what happens

  /** From the operation that begins now on. */
  excuse(seq: number): void {
    if (!this.#excused.has(seq)) this.#excused.set(seq, this.operations);
  }

  append(block: Uint8Array, samples: number, startMs: number, endMs: number, append: () => boolean): boolean {
    const offer: Offer = { block: block.slice(), samples, startMs, endMs, from: this.operations, until: Infinity };
    this.#offers.push(offer);
    const isKept = append();
    offer.until = this.operations;
    if (isKept) this.keep({ bytes: block.slice(), gap: undefined, samples, startMs, endMs, promised: this.operations });
    else {
      const refused = this.#refused;
      if (refused.blocks++ === 0) refused.fromMs = startMs;
      refused.samples += samples;
      refused.toMs = endMs;
      const end = this.endAt(this.operations);
      const last = this.keptAt(end - 1, this.operations);
      const isTold =
        (last?.gap !== undefined && last.gap.moreLost && (last.gap.reason === 2 || last.gap.reason === 5)) || end === this.leftOut;
      if (!isTold && !this.damaged) throw new Broken("a block was refused, and no gap says that more may be lost");
    }
    return isKept;
  }

  /** What RAM held is forgotten. */
  restarts(): void {
    this.#refused = { samples: 0, fromMs: 0, toMs: 0, blocks: 0 };
  }

  acknowledge(seq: number, acknowledge: () => boolean): void {
    rise(this.#settled, this.operations, seq + 1);
    if (!acknowledge()) throw new Broken(`number ${seq} was read, but cannot be acknowledged`);
  }

  keep(kept: Kept): void {
    const seq = u32(kept.bytes, 12);
    const before = this.keptAt(seq, this.operations);
    if (before !== undefined) throw new Broken(`number ${seq} was given twice`);
    this.#kept.set(seq, kept);
    rise(this.#ends, kept.promised, seq + 1);
  }

  /** Something that was being written when the power went was found whole: from now on it is promised. */
  finds(kept: Kept): void {
    this.keep(kept);
    const { gap } = kept;
    if (gap !== undefined && gap.count > 0 && gap.first <= this.settledAt(kept.promised))
      rise(this.#settled, kept.promised, gap.first + gap.count);
  }

  /** Before bytes are programmed: the gaps among them are promised when that is done. */
  programs(bytes: Uint8Array): void {
    const gap = readGap(bytes);
    if (gap === undefined) return;
    const before = this.keptAt(gap.seq, this.operations);
    if (before !== undefined) {
      // A copy of it is made.
      if (!same(before.bytes, bytes)) throw new Broken(`gap ${gap.seq} is written with other bytes`);
      return;
    }
    if (standsForRecords(gap)) throw new Broken(`a gap of reason ${gap.reason} is written to flash`);
    this.#judge(gap);
    const { samples, fromMs, toMs } = gap;
    this.keep({ bytes: bytes.slice(), gap, samples, startMs: fromMs, endMs: toMs, promised: this.operations + 1 });
    if (gap.count > 0 && gap.first <= this.settledAt(this.operations)) rise(this.#settled, this.operations + 1, gap.first + gap.count);
  }

  /** What a gap says must be what was lost. */
  #judge(gap: Gap): void {
    const say = (what: string): never => {
      throw new Broken(`gap ${gap.seq} of reason ${gap.reason}: ${what}`);
    };
    if (gap.reason === 1) {
      if (gap.first + gap.count > gap.seq) say("it speaks of what comes behind it");
      // Written when the sector was erased already: what it tells may have been told by another gap, and acknowledged.
      if (this.isExcused(gap.first + gap.count - 1, this.operations)) return;
      const lost = this.#lost(gap);
      if (this.damaged) return;
      if (gap.moreLost !== lost.more) say(`"more may be lost" is ${gap.moreLost}, and must be ${lost.more}`);
      if (gap.samplesUnknown && !lost.unknown) say("nobody knows how many samples, though all are known");
      if (gap.samplesUnknown) return;
      if (lost.samples !== gap.samples) say(`${gap.samples} samples, but ${lost.samples} were lost`);
      if (gap.timesUnknown) return;
      const [from, to] = [[gap.fromBoot, gap.fromMs] as const, [gap.toBoot, gap.toMs] as const];
      const order = [compare(lost.from, from), compare(from, to), compare(to, lost.to)];
      // Of what was thinned out nobody knows the times any more.
      const isRight = this.thins ? order.every((sign) => sign <= 0) : order[0] === 0 && order[2] === 0;
      if (!isRight) say(`boots and times are ${[from, to].join(", ")}, but ${[lost.from, lost.to].join(", ")} were lost`);
    } else if (!gap.moreLost && !this.damaged) {
      const { samples, fromMs, toMs } = this.#refused;
      if (gap.samples !== samples) say(`${gap.samples} samples, but ${samples} were refused`);
      if (gap.fromMs !== fromMs || gap.toMs !== toMs) say(`${gap.fromMs} … ${gap.toMs} ms, but ${fromMs} … ${toMs} were refused`);
    }
    if (gap.reason !== 1 && !gap.moreLost) this.#refused = { samples: 0, fromMs: 0, toMs: 0, blocks: 0 };
  }

  /** What of a gap's numbers the journal took for not done; a gap among them tells of those that it spoke of. */
  #lost(gap: Gap): Lost {
    const lost: Lost = { samples: 0, unknown: false, more: false, from: [Infinity, 0], to: [-1, 0] };
    for (let seq = Math.max(gap.first, this.done()); seq < gap.first + gap.count; seq++) {
      const kept = this.keptAt(seq, this.operations);
      if (kept === undefined || kept.gap?.samplesUnknown === true || this.isExcused(seq, this.operations)) lost.unknown = true;
      if (kept === undefined) continue;
      lost.samples += kept.samples;
      if (kept.gap?.moreLost === true) lost.more = true;
      if (kept.gap?.timesUnknown === true) continue;
      const from: Instant = [kept.gap?.fromBoot ?? u32(kept.bytes, 8), kept.startMs];
      const to: Instant = [kept.gap?.toBoot ?? u32(kept.bytes, 8), kept.endMs];
      if (compare(from, lost.from) < 0) lost.from = from;
      if (compare(to, lost.to) > 0) lost.to = to;
    }
    return lost;
  }
}

export function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
