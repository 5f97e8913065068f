/** `mote decode`: blocks and gap records as a table, CSV or JSON. What is no block is told with its number and byte. Returns the exit code. */
import type { Names } from "../blocks/rendering.js";
import { blockJson, blockText, csvHead, csvRows } from "../blocks/rendering.js";
import { decodeBlock, magic } from "../blocks/decoder.js";
import { decodeGap, gapMagic, type Gap } from "../blocks/gap.js";
import { gapCsvRow, gapJson, gapText } from "../blocks/gap-rendering.js";
import { sampleCount, type Block } from "../blocks/block.js";
import { complain } from "./complaint.js";
import type { DecodeOptions } from "./decode-options.js";
import { readSource, type Stretch } from "./decode-source.js";

/** Text is handed on in pieces of so many characters. */
const pieceLength = 256 * 1024;
const searchBytesMax = 50_000_000;

export function decode({ file, form }: DecodeOptions): number {
  const source = readSource(file);
  if (!source.ok) return complain(source.error.message, 1);
  const name = file === "-" ? "stdin" : file;
  let piece = form === "csv" ? csvHead + "\n" : "";
  const write = (text: string): void => {
    piece += text;
    if (piece.length > pieceLength) flush();
  };
  const flush = (): void => {
    process.stdout.write(piece);
    piece = "";
  };
  let blocks = 0;
  /** As they are counted out to the reader: bad ones too. */
  let number = 0;
  let samples = 0;
  let bytes = 0;
  let exitCode = 0;
  const search = new Search();
  const known = new Map<string, Map<number, { name: string; unit: string }>>();

  const tell = (block: Block, stretch: Stretch, at: number): void => {
    blocks++;
    number++;
    samples += sampleCount(block);
    bytes += block.length;
    const names = learn(known, block, stretch.owner);
    const place = stretch.place === "" ? (at === 0 ? "" : `, at byte ${at.toLocaleString("en")}`) : `, ${stretch.place}`;
    if (form === "csv") for (const row of csvRows(number, block, names)) write(row + "\n");
    else if (form === "json") write(blockJson(number, block, names) + "\n");
    else write((number === 1 ? "" : "\n") + blockText(`Block ${number}${place}`, block, names));
  };

  const tellGap = (gap: Gap, stretch: Stretch, at: number): void => {
    number++;
    const place = stretch.place === "" ? (at === 0 ? "" : `, at byte ${at.toLocaleString("en")}`) : `, ${stretch.place}`;
    if (form === "csv") write(gapCsvRow(number, gap) + "\n");
    else if (form === "json") write(gapJson(number, gap) + "\n");
    else write((number === 1 ? "" : "\n") + gapText(`Gap ${number}${place}`, gap));
  };

  for (const stretch of source.value.stretches) {
    let at = 0;
    while (at < stretch.bytes.length) {
      const gap = stretch.bytes[at] === gapMagic ? decodeGap(stretch.bytes, at) : undefined;
      if (gap?.ok === true) {
        tellGap(gap.value, stretch, at);
        at += gap.value.length;
        continue;
      }
      const block = decodeBlock(stretch.bytes, at);
      if (block.ok) {
        tell(block.value, stretch, at);
        at += block.value.length;
        continue;
      }
      flush();
      const from = stretch.place === "" ? `${name}: block ${number + 1}, at byte ${at.toLocaleString("en")}` : stretch.place;
      number++;
      exitCode = complain(`${from}: ${gap?.ok === false ? gap.error.message : block.error.message}`, 1);
      const next = search.next(stretch.bytes, at + 1);
      if (next === undefined) exitCode = complain(`${from}: too much behind it looks like blocks and is none: what follows is left out`, 1);
      at = next ?? stretch.bytes.length;
    }
  }
  if (form === "table" && blocks > 1) {
    const each = samples === 0 ? "" : `, ${(bytes / samples).toFixed(2)} B a sample`;
    write(
      `\nAll ${blocks.toLocaleString("en")} blocks: ${samples.toLocaleString("en")} samples in ${bytes.toLocaleString("en")} bytes${each}\n`,
    );
  }
  flush();
  return exitCode;
}

/** Bytes that may be looked through for blocks behind bad ones, in all of a file: a second's work, which a hostile one cannot stretch. */
class Search {
  left = searchBytesMax;

  /** Where the next good block or gap begins, or the end; undefined when it is given up. */
  next(bytes: Uint8Array, from: number): number | undefined {
    for (let at = from; at < bytes.length; at++) {
      const first = bytes[at];
      if ((first !== magic && first !== gapMagic) || bytes[at + 1]! >> 4 !== 1) continue;
      this.left -= 64 + (bytes[at + 2]! | (bytes[at + 3]! << 8));
      if (this.left < 0) return undefined;
      if (first === magic ? decodeBlock(bytes, at).ok : decodeGap(bytes, at).ok) return at;
    }
    return bytes.length;
  }
}

/** What is known of the names of this block's channels: told by itself, or by one before it of the same board and boot. */
function learn(known: Map<string, Map<number, { name: string; unit: string }>>, block: Block, owner: string): Names {
  const key = `${owner} ${block.identity?.install} ${block.identity?.boot}`;
  let names = known.get(key);
  if (names === undefined) known.set(key, (names = new Map()));
  for (const { id, name, unit } of block.channels) if (name !== undefined) names.set(id, { name, unit: unit ?? "" });
  return names;
}
