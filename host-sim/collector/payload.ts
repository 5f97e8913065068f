/** What came on `mote/<device>/data`, read: a block or a gap with its identity, or why it is neither. Any bytes give one or the other. */
import { failure, success, type Result } from "../../firmware/base/result.js";
import { decodeBlock } from "../blocks/decoder.js";
import type { Block } from "../blocks/block.js";
import { decodeGap, gapMagic, type Gap } from "../blocks/gap.js";

export interface Identity {
  readonly install: number;
  readonly boot: number;
  readonly seq: number;
}

export type Payload = { readonly identity: Identity; readonly crc: number; readonly bytes: number } & (
  | { readonly kind: "block"; readonly block: Block }
  | { readonly kind: "gap"; readonly gap: Gap }
);

/** No record is longer (telemetry/FORMAT.md: its length is a u16). */
export const payloadBytesMax = 65_535;

export function readPayload(bytes: Uint8Array): Result<Payload, "payload"> {
  if (bytes.length === 0) return failure("payload", "it is empty");
  if (bytes.length > payloadBytesMax) return failure("payload", `${bytes.length} bytes: no block is longer than ${payloadBytesMax}`);
  if (bytes[0] === gapMagic) {
    const gap = decodeGap(bytes);
    if (!gap.ok) return failure("payload", gap.error.message);
    const { identity, length } = gap.value;
    return whole(bytes, length) ?? success({ kind: "gap", gap: gap.value, identity, crc: sealOf(bytes), bytes: length });
  }
  const block = decodeBlock(bytes);
  if (!block.ok) return failure("payload", block.error.message);
  const { identity, length } = block.value;
  if (identity === undefined)
    return failure("payload", "the block has no identity (install, boot, seq), by which it could be told from others");
  return whole(bytes, length) ?? success({ kind: "block", block: block.value, identity, crc: sealOf(bytes), bytes: length });
}

function whole(bytes: Uint8Array, length: number): Result<never, "payload"> | undefined {
  if (bytes.length === length) return undefined;
  return failure("payload", `byte ${length}: ${bytes.length - length} bytes more behind its end`);
}

/** A record's own CRC: its last four bytes. */
function sealOf(bytes: Uint8Array): number {
  const at = bytes.length - 4;
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}
