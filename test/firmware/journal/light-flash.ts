/**
 * A flash partition for the journal without a board around it: no time, but a record of each operation, a hook before it, and the
 * format's rules for writes held against each. An operation may be torn at any share of it: that is the power's end.
 */
import type { Bytes, Flash } from "../../../firmware/device.js";
import { type FlashPartition, sectorBytes } from "../../../host-sim/world/flash-memory.js";

/** A write at an offset of the partition, or an erase of a sector. */
export type Operation = { readonly at: number; readonly bytes: Uint8Array } | { readonly erase: number };

/** Thrown by the operation in which the power goes. */
export class PowerGone extends Error {}

/** The format's rules for writes are broken. */
export class FormatBroken extends Error {}

export const unit = 16;

export function apply(partition: FlashPartition, operation: Operation, share = 1): void {
  if ("erase" in operation) partition.erase(operation.erase, share);
  else if (share > 0) partition.program(operation.bytes, operation.at, share);
}

export class LightFlash implements Flash {
  readonly partition: FlashPartition;
  /** Operations done, and bytes read. */
  operations = 0;
  readBytes = 0;
  programmedBytes = 0;
  erases = 0;
  /** Called before each operation is done, with the share after which it fails, if it does. What it throws, the operation throws, undone. */
  before: ((operation: Operation, fails: number | undefined) => void) | undefined;
  /** Broken rules. They are kept, since the journal catches what the flash throws. */
  broken: string | undefined;
  readonly #found = new Uint8Array(sectorBytes);

  constructor(partition: FlashPartition) {
    this.partition = partition;
  }

  read(into: Bytes, byteOffset: number): number {
    this.#check(byteOffset, into.length);
    this.readBytes += into.length;
    this.partition.read(into, byteOffset);
    return into.length;
  }

  write(bytes: Bytes, byteOffset: number): void {
    this.#check(byteOffset, bytes.length);
    if (byteOffset % unit !== 0 || bytes.length % unit !== 0)
      this.#break(`a write of ${bytes.length} bytes at ${byteOffset}: not whole units of 16`);
    if (bytes.length > sectorBytes) this.#break(`a write of ${bytes.length} bytes`);
    const found = this.#found.subarray(0, bytes.length);
    this.partition.read(found, byteOffset);
    for (let i = 0; i < found.length; i++) {
      if (found[i] === 0xff) continue;
      this.#break(`byte ${byteOffset + i} (sector ${Math.floor(byteOffset / sectorBytes)}) is programmed twice`);
      break;
    }
    const fails = this.partition.trouble.fails("write");
    this.#tell({ at: byteOffset, bytes }, fails);
    this.partition.program(bytes, byteOffset, fails);
    this.operations++;
    this.programmedBytes += bytes.length;
    if (fails !== undefined) throw new Error("ESP_ERR_FLASH_OP_FAIL");
  }

  eraseBlock(start: number, end = start + 1): void {
    this.#check(start * sectorBytes, (end - start) * sectorBytes);
    for (let index = start; index < end; index++) {
      const fails = this.partition.trouble.fails("erase");
      this.#tell({ erase: index }, fails);
      this.partition.erase(index, fails);
      this.operations++;
      this.erases++;
      if (fails !== undefined) throw new Error("ESP_ERR_FLASH_OP_FAIL");
    }
  }

  status() {
    const { bytes } = this.partition;
    return { size: bytes, blockLength: sectorBytes, blocks: bytes / sectorBytes };
  }

  close(): void {}

  #check(byteOffset: number, length: number): void {
    if (!(byteOffset >= 0 && byteOffset + length <= this.partition.bytes)) {
      this.#break(`bytes ${byteOffset} … ${byteOffset + length - 1} are outside the partition`);
      throw new RangeError("outside the partition");
    }
  }

  #tell(operation: Operation, fails: number | undefined): void {
    try {
      this.before?.(operation, fails);
    } catch (error) {
      this.#break(error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  #break(what: string): void {
    this.broken ??= what;
  }
}
