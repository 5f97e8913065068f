/**
 * Decodes blocks for consumers. Any bytes give a block or an error value that names the byte; time and
 * memory are bounded by the block's length and the format's 65,535 samples.
 */
import { crc32 } from "../../firmware/base/crc32.js";
import { failure, success, type Result } from "../../firmware/base/result.js";
import type { Block, BlockSeries, Run } from "./block.js";
import { BlockReader, Refusal } from "./reader.js";
import { readSections } from "./sections.js";

export const magic = 0x4d;
const version = 1;
const timeMax = 2 ** 52;
const stepMax = 2 ** 50;
const lengthMin = 13;

const text = new TextDecoder("utf-8", { ignoreBOM: true });

/** The block that begins at `offset`; more bytes may follow it. The message begins "byte N: ", counted from the block's first. */
export function decodeBlock(bytes: Uint8Array, offset = 0): Result<Block, "block"> {
  try {
    return success(read(bytes.subarray(offset)));
  } catch (refusal) {
    if (refusal instanceof Refusal) return failure("block", `byte ${refusal.at}: ${refusal.what}`);
    throw refusal;
  }
}

function read(bytes: Uint8Array): Block {
  const reader = new BlockReader(bytes, 0, bytes.length);
  const first = reader.byte("its first byte");
  if (first !== magic) reader.refuse(`a block begins with 4d, not ${hex(first)}`, 0);
  const flags = reader.byte("its version");
  if (flags >> 4 !== version) reader.refuse(`version ${flags >> 4} is not known here, only ${version}`, 1);
  if ((flags & 0x0c) !== 0) reader.refuse(`flags ${hex(flags & 0x0f)} are not known here`, 1);
  const length = reader.uint(2, "its length");
  if (length < lengthMin) reader.refuse(`a length of ${length} bytes: none is shorter than ${lengthMin}`, 2);
  if (length > bytes.length) reader.refuse(`the block is ${length} bytes long, and only ${bytes.length} are there`, 2);
  const end = length - 4;
  const crc = new BlockReader(bytes, end, length).uint(4, "the CRC");
  const right = crc32(bytes, 0, end);
  if (crc !== right) reader.refuse(`the CRC is ${hex(crc, 8)} and must be ${hex(right, 8)}: bytes were damaged`, end);
  reader.end = end;

  const identity =
    (flags & 1) === 0
      ? undefined
      : { install: reader.uint(4, "the identity"), boot: reader.uint(4, "the identity"), seq: reader.uint(4, "the identity") };
  const startMs = reader.varint("the start", timeMax);
  const count = reader.byte("the count of channels");
  if (count < 1 || count > 32) reader.refuse(`${count} channels: there are 1 to 32 in a block`, reader.at - 1);
  const ids = new Set<number>();
  const channels: (BlockSeries & { runs: Run[] })[] = [];
  for (let index = 0; index < count; index++) {
    const place = `channel ${index}'s`;
    const at = reader.at;
    const id = reader.varint(`${place} id`, 16383);
    if (ids.has(id)) reader.refuse(`channel id ${id} stands twice in the table`, at);
    ids.add(id);
    const resolution = reader.byte(`${place} resolution`);
    const decimals = resolution & 15;
    if (decimals > 12) reader.refuse(`${place} resolution has ${decimals} decimals, more than 12`, reader.at - 1);
    const step = resolution >> 4 === 15 ? reader.varint(`${place} step`, stepMax) : resolution >> 4;
    if (step === 0) reader.refuse(`${place} resolution has a step of 0`, reader.at - 1);
    const periodMs = reader.varint(`${place} period`, 2 ** 32 - 1);
    const named = (flags & 2) !== 0;
    const name = named ? readText(reader, `${place} name`) : undefined;
    const unit = named ? readText(reader, `${place} unit`) : undefined;
    channels.push({ id, step, decimals, periodMs, name, unit, runs: [] });
  }
  readSections(reader, startMs, channels);
  return { length, identity, startMs, channels };
}

function readText(reader: BlockReader, what: string): string {
  const length = reader.byte(`the length of ${what}`);
  if (length > 63) reader.refuse(`${what} has ${length} bytes, more than 63`, reader.at - 1);
  return text.decode(reader.slice(length, what));
}

function hex(x: number, digits = 2): string {
  return x.toString(16).padStart(digits, "0");
}
