/** The head of a block: what its first bytes say of it, and its table of channels. FORMAT.md gives the bytes. */
import { checkedFraction } from "../base/quantise.js";
import type { ReadingError } from "../base/reading-error.js";
import { type Text, utf8Length, writeUtf8 } from "../base/utf8.js";
import type { Bytes } from "../device.js";
import type { BlockBytes } from "./block-bytes.js";
import type { BlockChannel } from "./block-options.js";

/** With the topic's device, what no other block ever has. */
export interface BlockIdentity {
  readonly install: number;
  readonly boot: number;
  readonly seq: number;
}

const magic = 0x4d;
const version = 0x10;
const identityFlag = 0x01;
const namesFlag = 0x02;
export const identityAt = 4;

/** The `count` lowest bytes of `x`, the lowest first. */
export function putUint(bytes: Bytes, at: number, x: number, count: number): void {
  for (let i = 0; i < count; i++) bytes[at + i] = x >>> (8 * i);
}

/** 0 where no reason is known. */
export function reasonCode(error: ReadingError | undefined): number {
  switch (error) {
    case "bus":
      return 1;
    case "checksum":
      return 2;
    case "range":
      return 3;
    case "absent":
      return 4;
    case "overflow":
      return 5;
    case undefined:
      return 0;
  }
}

function text(out: BlockBytes, given: Text | undefined): void {
  out.byte(given === undefined ? 0 : utf8Length(given));
  if (given !== undefined) out.at = writeUtf8(given, out.bytes, out.at);
}

/** What stands before the table; leaves length and identity open. */
export function writeHeader(out: BlockBytes, channels: number, startMs: number, identified: boolean, named: boolean): void {
  out.at = 0;
  out.byte(magic);
  out.byte(version | (identified ? identityFlag : 0) | (named ? namesFlag : 0));
  out.at = identified ? identityAt + 12 : identityAt;
  out.varint(startMs);
  out.byte(channels);
}

/** A channel's entry in the table. */
export function writeEntry(out: BlockBytes, channel: BlockChannel, periodMs: number, named: boolean): void {
  const { scale, step } = checkedFraction(channel.resolution);
  let decimals = 0;
  for (let power = 1; power < scale; power *= 10) decimals++;
  out.varint(channel.id);
  out.byte((step < 15 ? step << 4 : 0xf0) | decimals);
  if (step >= 15) out.varint(step);
  out.varint(periodMs);
  if (!named) return;
  text(out, channel.name);
  text(out, channel.unit);
}
