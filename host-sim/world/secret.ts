/** A board's secret in its partition, as flashing it writes it there (docs/ble.md, "Pairing code"). */
import { crc32 } from "../../firmware/base/crc32.js";
import type { FlashPartition } from "./flash-memory.js";
import type { Random } from "./random.js";

/** "MTS1". */
const mark = [0x4d, 0x54, 0x53, 0x31] as const;
const secretBytes = 15;
/** Mark, secret, a zero; then the check of these. */
const checkedBytes = 20;

export function writeSecret(partition: FlashPartition, draws: Random): void {
  const bytes = new Uint8Array(checkedBytes + 4);
  bytes.set(mark);
  for (let index = 0; index < secretBytes; index++) bytes[mark.length + index] = draws.next() & 0xff;
  new DataView(bytes.buffer).setUint32(checkedBytes, crc32(bytes, 0, checkedBytes), true);
  partition.program(bytes, 0);
  // Not the firmware's doing.
  partition.programmedBytes = 0;
}

export function readSecret(partition: FlashPartition): Uint8Array | undefined {
  const bytes = new Uint8Array(checkedBytes + 4);
  partition.read(bytes, 0);
  const checked = new DataView(bytes.buffer).getUint32(checkedBytes, true) === crc32(bytes, 0, checkedBytes);
  return checked && mark.every((byte, at) => bytes[at] === byte) ? bytes.slice(mark.length, mark.length + secretBytes) : undefined;
}
