/** Reads all that a journal has to deliver after a start, and holds it against the history: nothing lost, nothing wrong, all in order, and told. */
import type { Journal } from "../../../firmware/journal/contract.js";
import { Broken, type History, type Kept, same } from "./history.js";
import { type Gap, readGap, standsForRecords, u32 } from "./sealed.js";

/** More numbers than starts ever leave out between two records. */
const leftOutMost = 100_000;

/** What was read; equal for equal outcomes. */
export interface Outcome {
  readonly install: number;
  readonly nextSeq: number;
  readonly doneSeq: number;
  /** Of what was read; of what is missing at the end nothing. */
  readonly digest: number;
}

/**
 * `at`: how many operations of the history were done when the power went, or are. What was in the middle of being written and is there now counts as promised to
 * `next`, the history that goes on from here. Leaves the cursor at the first record.
 */
export function audit(journal: Journal, history: History, at: number, next?: History): Outcome {
  const { install, boot, nextSeq, doneSeq } = journal;
  if (history.install !== undefined && install !== history.install) throw new Broken(`install ${install} in place of ${history.install}`);
  if (next !== undefined) judgeBoot(boot, history, at);
  const settled = history.settledAt(at);
  const end = history.endAt(at);
  if (nextSeq < end) throw new Broken(`number ${nextSeq} is to be given again: ${end - 1} was given`);

  if (doneSeq > nextSeq) throw new Broken(`all below ${doneSeq} is done, and ${nextSeq} is to be given next`);
  if (nextSeq > end + leftOutMost) throw new Broken(`number ${nextSeq} is to be given next, and ${end - 1} was the last`);

  const gaps: Gap[] = [];
  const missed: number[] = [];
  let want = doneSeq;
  let records = 0;
  let digest = 0;
  journal.rewind();
  for (let bytes = journal.peek(); bytes !== undefined; journal.skip(), bytes = journal.peek()) {
    const seq = u32(bytes, 12);
    if (++records > 5000) throw new Broken("reading does not come to an end");
    if (seq !== want) throw new Broken(`number ${seq} is read where ${want} is due`);
    const seal = u32(bytes, bytes.length - 4);
    want = seq + 1;
    const gap = bytes[0] === 0x47 ? readGap(bytes) : undefined;
    if (gap !== undefined && standsForRecords(gap)) {
      if (gap.first !== seq || gap.count < 1 || want + gap.count > nextSeq + 1)
        throw new Broken(`gap ${seq} of reason ${gap.reason} stands for ${gap.count} numbers from ${gap.first} on`);
      want = seq + gap.count;
      judgePlace(gap, history, at, missed);
      if (want < nextSeq) digest = (Math.imul(digest, 31) + seal) >>> 0;
    } else {
      digest = (Math.imul(digest, 31) + seal) >>> 0;
      const kept = history.keptAt(seq, at);
      if (kept === undefined) arrives(bytes, gap, history, at, next);
      else if (!same(kept.bytes, bytes)) throw new Broken(`number ${seq} is read with other bytes than were appended`);
      if (gap !== undefined) gaps.push(gap);
    }
    if (journal.lastSeq !== want - 1)
      throw new Broken(`lastSeq is ${journal.lastSeq}, and ${want - 1} is the last number of what was read`);
  }
  if (want > nextSeq) throw new Broken(`number ${want - 1} is read, and ${nextSeq} is to be given next`);
  for (let seq = want; seq < end; seq++) if (seq >= settled && history.keptAt(seq, at) !== undefined) missed.push(seq);
  for (let seq = settled; seq < doneSeq; seq++) if (history.keptAt(seq, at) !== undefined) missed.push(seq);
  for (const seq of missed) {
    if (seq < settled || gaps.some(({ first, count }) => seq >= first && seq < first + count)) continue;
    throw new Broken(
      `number ${seq} was promised, was neither acknowledged nor is told of, and is not there (done ${doneSeq}, settled ${settled})`,
    );
  }
  if (next !== undefined && nextSeq > next.endAt(next.operations)) next.leftOut = next.endAt(next.operations);
  journal.rewind();
  return { install, nextSeq, doneSeq, digest };
}

function judgeBoot(boot: number, history: History, at: number): void {
  for (let seq = history.endAt(at) - 1, looked = 0; seq >= 0 && looked < 3; seq--, looked++) {
    const kept = history.keptAt(seq, at);
    if (kept !== undefined && u32(kept.bytes, 8) >= boot)
      throw new Broken(`boot ${boot} is given again: number ${seq} bears ${u32(kept.bytes, 8)}`);
  }
}

/** A gap that the journal makes where numbers are missing. */
function judgePlace(gap: Gap, history: History, at: number, missed: number[]): void {
  let samples = 0;
  let given = 0;
  for (let seq = gap.first; seq < gap.first + gap.count; seq++) {
    const kept = history.keptAt(seq, at);
    if (kept === undefined) continue;
    given++;
    samples += kept.samples;
  }
  if (history.damaged) return;
  // Numbers that were thinned out are told together with others beside them that nobody knows of.
  const isMixed = history.thins && given < gap.count;
  if (gap.reason === 4 && !isMixed) {
    for (let seq = gap.first; seq < gap.first + gap.count; seq++) {
      if (history.keptAt(seq, at) === undefined || history.isExcused(seq, at)) continue;
      if (seq < history.settledAt(at)) throw new Broken(`number ${seq} is told as lost, and was acknowledged or told of before`);
      missed.push(seq);
    }
  }
  if (gap.reason === 4 && !gap.samplesUnknown) throw new Broken(`gap ${gap.seq} of reason 4 knows how many samples`);
  if (gap.reason === 3 && (samples !== gap.samples || gap.samplesUnknown)) {
    throw new Broken(`gap ${gap.seq} of reason 3: ${gap.samples} samples, but ${samples} were thinned out`);
  }
}

/** It was not promised: it may only be what was in the middle of being written. */
function arrives(bytes: Uint8Array, gap: Gap | undefined, history: History, at: number, next: History | undefined): void {
  const seq = u32(bytes, 12);
  let kept: Kept | undefined;
  const promised = next?.operations ?? 0;
  if (gap !== undefined) kept = { bytes: bytes.slice(), gap, samples: gap.samples, startMs: gap.fromMs, endMs: gap.toMs, promised };
  else {
    const offer = history.offersAt(at).find(({ block }) => isBlock(bytes, block));
    if (offer === undefined) throw new Broken(`number ${seq} is read, and was never appended`);
    kept = { bytes: bytes.slice(), gap: undefined, samples: offer.samples, startMs: offer.startMs, endMs: offer.endMs, promised };
  }
  next?.finds(kept);
}

/** The journal may have given it another number. */
function isBlock(read: Uint8Array, offered: Uint8Array): boolean {
  if (read.length !== offered.length) return false;
  for (let i = 0; i < read.length - 4; i++) if (read[i] !== offered[i] && (i < 12 || i >= 16)) return false;
  return true;
}
