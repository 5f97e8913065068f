/**
 * What somebody has of one board's history: which numbers of which install, by records or by gaps that tell of them. Reads
 * as little of a record as that takes (firmware/journal/FORMAT.md, firmware/telemetry/FORMAT.md), and checks no CRC.
 */
import { Ranges } from "./ranges.js";

export interface RecordHead {
  readonly kind: "block" | "gap";
  readonly install: number;
  readonly boot: number;
  readonly seq: number;
  /** The last number that it stands for: its own, but for what was thinned out or damaged. */
  readonly last: number;
  /** A gap's: the numbers that it tells of beside, samples, and why. */
  readonly lost: { readonly from: number; readonly to: number } | undefined;
  readonly samples: number;
  /** As FORMAT.md has it; 0 of a block. */
  readonly reason: number;
  /** As FORMAT.md has it: bit 0, more may be lost; bit 1, nobody knows how many samples. */
  readonly flags: number;
}

const headBytes = 16;
const gapBytes = 64;

/** Undefined where it is neither. */
export function headOf(payload: Uint8Array): RecordHead | undefined {
  const isGap = payload[0] === 0x47;
  const isBlock = payload[0] === 0x4d && (payload[1]! & 1) === 1;
  if (payload.length < (isGap ? gapBytes : headBytes) || !(isGap || isBlock)) return undefined;
  const seq = u32(payload, 12);
  const head = { install: u32(payload, 4), boot: u32(payload, 8), seq };
  if (isBlock) return { kind: "block", ...head, last: seq, lost: undefined, samples: 0, reason: 0, flags: 0 };
  const first = u32(payload, 16);
  const count = u32(payload, 20);
  const reason = payload[52]!;
  const inPlace = reason === 3 || reason === 4;
  return {
    kind: "gap",
    ...head,
    last: inPlace && count > 0 ? seq + count - 1 : seq,
    lost: inPlace || count === 0 ? undefined : { from: first, to: first + count - 1 },
    samples: u32(payload, 24),
    reason,
    flags: payload[1]! & 15,
  };
}

export interface HeardInstall {
  readonly install: number;
  /** Here, or told to be lost. */
  readonly numbers: Ranges;
  /** Of gaps, each once, by their own numbers; of one that has grown, the longest. */
  readonly gaps: Map<number, RecordHead>;
  /** Blocks, each once. */
  blocks: number;
  /** Boot of the record that ends there. */
  readonly boots: Map<number, number>;
}

export class HeardHistory {
  readonly installs = new Map<number, HeardInstall>();
  /** The newest. */
  current: HeardInstall | undefined;

  /** False: it was here. */
  take(head: RecordHead): boolean {
    let into = this.installs.get(head.install);
    if (into === undefined) {
      into = { install: head.install, numbers: new Ranges(), gaps: new Map(), blocks: 0, boots: new Map() };
      this.installs.set(head.install, into);
    }
    this.current = into;
    const { numbers, gaps, boots } = into;
    if (head.kind === "gap") {
      const before = gaps.get(head.seq);
      if (before !== undefined && before.last >= head.last) return false;
      gaps.set(head.seq, head);
      if (head.lost !== undefined) numbers.add(head.lost.from, head.lost.to);
    } else {
      // One that a gap told of may come after all.
      if (boots.has(head.seq)) return false;
      into.blocks++;
    }
    boots.set(head.seq, head.boot);
    numbers.add(head.seq, head.last);
    return true;
  }
}

export function u32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}
