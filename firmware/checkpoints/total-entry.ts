/**
 * How a total lies in key-value storage: its key, and 14 bytes under it. What is damaged, of another
 * length, version or name, or no number is not read at all.
 *
 * Bytes: version (1), the name's second hash (u32), the value (IEEE 754 binary64), all little-endian, and
 * a CRC-8 over these 13, begun with 0xff.
 *
 * A key holds 15 characters and names are longer, so the key is a hash of 32 bits, and the entry holds
 * another of the same name. Two names with one key (a chance of 3 in 100 million among 16) take the
 * place of each other: the one that was written last is found again, the other begins anew.
 */
import { crc8 } from "../base/crc8.js";
import { hashOf, hex } from "./names.js";

const version = 1;
export const entryBytes = 14;
const crcAt = entryBytes - 1;

/** `t` and eight hex digits. */
export function keyOf(name: string): string {
  return "t" + hex(hashOf(name));
}

/** Writes the entry of a total into `into`, `entryBytes` long. */
export function writeEntry(into: Uint8Array<ArrayBuffer>, mark: number, x: number): void {
  const view = new DataView(into.buffer, into.byteOffset, entryBytes);
  view.setUint8(0, version);
  view.setUint32(1, mark, true);
  view.setFloat64(5, x, true);
  view.setUint8(crcAt, crc8(into, 0, crcAt, 0xff));
}

/** The total in an entry; undefined when it is not one of this name. */
export function readEntry(stored: ArrayBuffer, mark: number): number | undefined {
  if (stored.byteLength !== entryBytes) return undefined;
  const bytes = new Uint8Array(stored);
  if (crc8(bytes, 0, crcAt, 0xff) !== bytes[crcAt]) return undefined;
  const view = new DataView(stored);
  if (view.getUint8(0) !== version || view.getUint32(1, true) !== mark) return undefined;
  const x = view.getFloat64(5, true);
  return x - x === 0 ? x : undefined;
}
