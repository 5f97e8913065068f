/** Gives samples to an encoder, and reads blocks back, in the one form that the vectors have. */
import type { ReadingError } from "../../../firmware/base/reading-error.js";
import { blockEncoder, type BlockEncoder } from "../../../firmware/telemetry/block-encoder.js";
import type { BlockOptions } from "../../../firmware/telemetry/block-options.js";
import type { Block } from "../../../host-sim/blocks/block.js";
import { decodeBlock } from "../../../host-sim/blocks/decoder.js";
import type { Entry } from "./vectors.js";

export function encoderOf(options: BlockOptions): BlockEncoder {
  const made = blockEncoder(options);
  if (!made.ok) throw new Error(made.error.message);
  return made.value;
}

/** False when the block is full. */
export function give(encoder: BlockEncoder, channel: number, entry: Entry, resolution: { step: number; decimals: number }): boolean {
  const [atMs, what] = entry;
  if (entry.length === 4) return encoder.gap(channel, atMs, entry[2], entry[3]);
  if (typeof what === "number") return encoder.values[channel]!((what * resolution.step) / 10 ** resolution.decimals, atMs);
  return encoder.missing(channel, what === "none" ? undefined : (what as ReadingError), atMs);
}

export function entriesOf(block: Block): Entry[][] {
  return block.channels.map(({ runs }) =>
    runs.flatMap((run): Entry[] => {
      if (run.kind === "gap") return [[run.fromMs, "gap", run.toMs, run.lost]];
      if (run.kind === "missing") return run.timesMs.map((atMs) => [atMs, run.reason]);
      return run.timesMs.map((atMs, i) => [atMs, run.numbers[i]!]);
    }),
  );
}

export function decoded(bytes: Uint8Array): Block {
  const block = decodeBlock(bytes);
  if (!block.ok) throw new Error(block.error.message);
  return block.value;
}
