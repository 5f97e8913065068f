/**
 * The board's secret, in flash since the board was flashed (docs/ble.md, "Pairing code"). Nothing in the firmware writes it:
 * it outlives every reset.
 */
import { crc32 } from "../base/crc32.js";
import type { Bytes, Flash, FlashStorage } from "../device.js";

export const secretBytes = 15;
const checkedBytes = 20;
const magic = [0x4d, 0x54, 0x53, 0x31];

/** Undefined where there is none: no partition, nothing in it, or not what was written. */
export function readSecret(storage: FlashStorage): Bytes | undefined {
  const record = new Uint8Array(checkedBytes + 4);
  let flash: Flash | undefined;
  try {
    flash = storage.open({ path: "secret", mode: "r" });
    flash.read(record, 0);
  } catch {
    return undefined;
  } finally {
    flash?.close();
  }
  for (let index = 0; index < magic.length; index++) if (record[index] !== magic[index]) return undefined;
  if (record[checkedBytes - 1] !== 0) return undefined;
  const kept = record[20]! + record[21]! * 0x100 + record[22]! * 0x10000 + record[23]! * 0x1000000;
  if (crc32(record, 0, checkedBytes) !== kept) return undefined;
  return record.slice(magic.length, magic.length + secretBytes);
}
