/** Records as a board makes them: blocks by the firmware's own encoder, gaps byte by byte from FORMAT.md. */
import { crc32 } from "../../../firmware/base/crc32.js";
import { blockEncoder } from "../../../firmware/telemetry/block-encoder.js";

export interface BlockWish {
  readonly install?: number;
  readonly boot?: number;
  readonly seq: number;
  readonly startMs?: number;
  /** A channel. */
  readonly samples?: number;
  readonly everyMs?: number;
  readonly channels?: number;
  readonly names?: boolean;
  /** Indexes at which the reading is missing for `bus`. */
  readonly missingAt?: readonly number[];
  readonly first?: number;
}

const units = ["°C", "%", "hPa", "V", "lx", "ppm"];

/** Channel c of id c: values first + c + i × 0.01, to 0.01. */
export function block(wish: BlockWish): Buffer {
  const { install = 1, boot = 0, seq, startMs = seq * 10_000, samples = 10, everyMs = 1000, channels = 1, names = true } = wish;
  const made = blockEncoder({
    identified: true,
    bytesMax: 16_384,
    channels: Array.from({ length: channels }, (_, id) => ({
      id,
      resolution: 0.01,
      periodMs: everyMs,
      name: Buffer.from(`channel-${"abcdefghij"[id]}`),
      unit: Buffer.from(units[id % units.length]!),
    })),
  });
  if (!made.ok) throw new Error(made.error.message);
  const encoder = made.value;
  if (names) encoder.introduce();
  for (let i = 0; i < samples; i++) {
    for (let c = 0; c < channels; c++) {
      const atMs = startMs + i * everyMs;
      const value = Math.round(((wish.first ?? 20) + c + i * 0.01) * 100) / 100;
      const taken = wish.missingAt?.includes(i) === true ? encoder.missing(c, "bus", atMs) : encoder.values[c]!(value, atMs);
      if (!taken) throw new Error("the block is full");
    }
  }
  return Buffer.from(encoder.finish({ install, boot, seq })!);
}

export interface GapWish {
  readonly install?: number;
  readonly boot?: number;
  readonly seq: number;
  readonly reason: number;
  readonly first?: number;
  readonly count?: number;
  readonly samples?: number;
  readonly flags?: number;
  readonly from?: readonly [boot: number, ms: number];
  readonly to?: readonly [boot: number, ms: number];
}

export function gap({
  install = 1,
  boot = 0,
  seq,
  reason,
  first = seq,
  count = 1,
  samples = 10,
  flags = 0,
  from = [0, 0],
  to = [0, 0],
}: GapWish): Buffer {
  const bytes = Buffer.alloc(64);
  bytes[0] = 0x47;
  bytes[1] = 0x10 | flags;
  bytes.writeUInt16LE(64, 2);
  for (const [at, x] of [
    [4, install],
    [8, boot],
    [12, seq],
    [16, first],
    [20, count],
    [24, samples],
    [28, from[0]],
    [40, to[0]],
  ] as const) {
    bytes.writeUInt32LE(x, at);
  }
  bytes.writeBigUInt64LE(BigInt(from[1]), 32);
  bytes.writeBigUInt64LE(BigInt(to[1]), 44);
  bytes[52] = reason;
  return sealed(bytes);
}

/** With the CRC that its bytes should have: in place. */
export function sealed(bytes: Buffer): Buffer {
  if (bytes.length >= 4) bytes.writeUInt32LE(crc32(bytes, 0, bytes.length - 4) >>> 0, bytes.length - 4);
  return bytes;
}
