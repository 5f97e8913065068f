/** What a block encoder is told when it is made, checked once: its channels, its size, what stands in each block's header. */
import { checkedFraction, resolutionNeed } from "../base/quantise.js";
import { failure, success, type Result } from "../base/result.js";
import { type Text, utf8Length } from "../base/utf8.js";
import { varintBytes } from "./block-bytes.js";

export interface BlockChannel {
  /** What a consumer knows the channel by, 0 … 16383, each once in a block. */
  readonly id: number;
  /** Values are rounded to multiples of it (base/quantise.ts). */
  readonly resolution: number;
  /** The spacing of its samples, whole ms, where it is known; 0 or left out: taken from the first two. */
  readonly periodMs?: number;
  /** At most 63 bytes of UTF-8 each, for blocks that carry names. */
  readonly name?: Text;
  readonly unit?: Text;
}

export interface BlockOptions {
  /** 1 … 32. Their place in this list is how they are called below. */
  readonly channels: readonly BlockChannel[];
  /** Bytes of the buffer, and so of a block at most: 64 … 65,535, and enough for the header and one sample. */
  readonly bytesMax: number;
  /** Blocks have room for (install, boot, seq), which `finish` then wants. Default false. */
  readonly identified?: boolean;
  /** Takes 0.9 KB less RAM a channel and several times as long a sample: for channels of a few samples a second. Default false. */
  readonly compact?: boolean;
}

export const blockLimits = {
  channelsMax: 32,
  idMax: 16383,
  bytesMin: 64,
  bytesMax: 65535,
  samplesMax: 65535,
  textBytesMax: 63,
  periodMaxMs: 4294967295,
} as const;

/** Bytes beside table and sections: first four, identity, the start, the count of channels, the CRC. */
const frameBytes = 4 + 12 + 8 + 1 + 4;
/** The most that a clock section and a section of one sample take: what an empty block has room for. */
const sampleBytesMax = 15 + 37;

/** What the header says of a channel takes so many bytes at most, names included. */
function tableBytes({ id, resolution, name, unit }: BlockChannel): number {
  const { step } = checkedFraction(resolution);
  const texts = 2 + (name === undefined ? 0 : utf8Length(name)) + (unit === undefined ? 0 : utf8Length(unit));
  return varintBytes(id) + 1 + varintBytes(step) + 5 + texts;
}

function whole(x: unknown, least: number, most: number): boolean {
  return typeof x === "number" && x >= least && x <= most && x % 1 === 0;
}

export function checkBlockOptions({ channels, bytesMax }: BlockOptions): Result<undefined, "options"> {
  const count = channels.length;
  if (!whole(count, 1, blockLimits.channelsMax)) {
    return failure("options", "a block of " + count + " channels: 1 to " + blockLimits.channelsMax + " are right");
  }
  if (!whole(bytesMax, blockLimits.bytesMin, blockLimits.bytesMax)) {
    return failure("options", "a block's bytesMax " + bytesMax + ": " + blockLimits.bytesMin + " to " + blockLimits.bytesMax + " is right");
  }
  let bytes = frameBytes + sampleBytesMax;
  for (let index = 0; index < count; index++) {
    const channel = channels[index]!;
    const { id, resolution, periodMs, name, unit } = channel;
    const place = "a block's channel " + index + ": ";
    if (!whole(id, 0, blockLimits.idMax)) return failure("options", place + "id " + id + ": 0 to " + blockLimits.idMax + " is right");
    for (let other = 0; other < index; other++) {
      if (channels[other]!.id === id) return failure("options", place + "id " + id + " is channel " + other + "'s: give each its own");
    }
    const need = resolutionNeed(resolution);
    if (need !== undefined) return failure("options", place + "resolution " + resolution + ": give " + need);
    if (periodMs !== undefined && !whole(periodMs, 0, blockLimits.periodMaxMs)) {
      return failure("options", place + "periodMs " + periodMs + ": whole ms, 0 to " + blockLimits.periodMaxMs + ", are right");
    }
    for (const text of [name, unit]) {
      if (text !== undefined && utf8Length(text) > blockLimits.textBytesMax) {
        return failure(
          "options",
          place + "a name or unit of " + utf8Length(text) + " bytes: " + blockLimits.textBytesMax + " are the most",
        );
      }
    }
    bytes += tableBytes(channel);
  }
  if (bytes > bytesMax) {
    return failure("options", "a block's bytesMax " + bytesMax + ": these " + count + " channels need at least " + bytes);
  }
  return success(undefined);
}
