/** A flash of settings for tests: whole, cut off in any of its operations, or refusing. */
import type { Flash, FlashStorage } from "../../../firmware/device.js";
import { FlashPartition, sectorBytes } from "../../../host-sim/world/flash-memory.js";
import { random } from "../../../host-sim/world/random.js";

export class PowerGone extends Error {}

/** Of writes and erases, when the power goes. */
export interface Cut {
  /** Which of them, from 0. */
  readonly operation: number;
  /** How much of it is done, 0 … 1. */
  readonly share: number;
}

export function memory(seed = 1): FlashPartition {
  return new FlashPartition(2 * sectorBytes, { draws: random(seed) });
}

export interface Rig extends FlashStorage {
  /** Writes and erases so far, those that failed too. */
  readonly operations: readonly string[];
  /** Bytes that were read. */
  readonly bytesRead: number;
}

/** Once the power is gone, everything throws. `reads` cuts it at a read instead. */
export function flashOf(partition: FlashPartition, cut?: Cut, readsLeft = Infinity): Rig {
  const operations: string[] = [];
  let gone = false;
  let reads = 0;
  let bytesRead = 0;

  function change(name: string, apply: (share: number) => void): void {
    if (gone) throw new PowerGone("the power is gone");
    operations.push(name);
    if (cut?.operation !== operations.length - 1) return apply(1);
    gone = true;
    if (cut.share > 0) apply(cut.share);
    throw new PowerGone("the power is gone");
  }

  const flash: Flash = {
    read(into, at) {
      if (gone || reads++ >= readsLeft) {
        gone = true;
        throw new PowerGone("the power is gone");
      }
      bytesRead += into.length;
      partition.read(into, at);
      return into.length;
    },
    write(bytes, at) {
      if (at % 16 !== 0 || bytes.length % 16 !== 0) throw new RangeError("unaligned write");
      change(`write ${at} ${bytes.length}`, (share) => partition.program(bytes, at, share));
    },
    eraseBlock(block) {
      change(`erase ${block}`, (share) => partition.erase(block, share));
    },
    status: () => ({
      size: partition.bytes,
      blockLength: sectorBytes,
      blocks: partition.bytes / sectorBytes,
    }),
    close() {},
  };
  return {
    operations,
    get bytesRead() {
      return bytesRead;
    },
    open({ path }) {
      if (gone) throw new PowerGone("the power is gone");
      if (path !== "config") throw new Error(`no partition ${path}`);
      return flash;
    },
  };
}

/** Another flash with the same in it. */
export function copyOf(partition: FlashPartition, seed: number): FlashPartition {
  const copy = memory(seed);
  for (const [index, sector] of partition.sectors) copy.sectors.set(index, Uint8Array.from(sector));
  return copy;
}

export function bytesIn(partition: FlashPartition, slot: number): Uint8Array {
  return partition.sectors.get(slot) ?? new Uint8Array(sectorBytes).fill(0xff);
}

/** Programs `bytes` into a slot that is erased. */
export function put(partition: FlashPartition, slot: number, bytes: Uint8Array): void {
  partition.program(bytes, slot * sectorBytes);
}
