/**
 * Raw flash partitions behind ECMA-419's Flash. Sectors are sparse: one that was never written costs
 * nothing.
 *
 * Writes off `writeAlign` are refused, as the port has it, though the chip would take them.
 * Fault model: programming clears bits and never sets them; a sector counts its erases. Torn writes and
 * erases, bit flips and worn sectors are not modelled here yet.
 */
import type { Flash, FlashStatus, FlashStorage } from "../../firmware/device.js";
import { costs } from "./costs.js";
import type { Cpu } from "./cpu.js";
import type { Trace } from "./trace.js";

export const sectorBytes = 4096;
const writeAlign = 4;

/** The memory itself, which outlives a power cut. */
export class FlashPartition {
  readonly sectors = new Map<number, Uint8Array>();
  readonly erases = new Map<number, number>();
  readonly bytes: number;

  constructor(bytes: number) {
    if (bytes % sectorBytes !== 0) throw new RangeError("a partition is whole sectors");
    this.bytes = bytes;
  }
}

export function flashStorage(partitions: ReadonlyMap<string, FlashPartition>, cpu: Cpu, trace: Trace): FlashStorage {
  return {
    open({ path, mode = "r+" }) {
      const partition = partitions.get(path);
      if (partition === undefined) throw new Error(`no partition ${path}`);
      return openFlash(path, partition, mode === "r+", cpu, trace);
    },
  };
}

function openFlash(path: string, partition: FlashPartition, writable: boolean, cpu: Cpu, trace: Trace): Flash {
  const label = `"partition":${JSON.stringify(path)}`;

  function check(byteOffset: number, length: number): void {
    if (!(byteOffset >= 0 && byteOffset + length <= partition.bytes)) throw new RangeError("outside the partition");
  }

  function checkWritable(): void {
    if (!writable) throw new Error("read-only");
  }

  return {
    read(into, byteOffset) {
      check(byteOffset, into.length);
      for (let done = 0; done < into.length;) {
        const at = byteOffset + done;
        const within = at % sectorBytes;
        const count = Math.min(sectorBytes - within, into.length - done);
        const sector = partition.sectors.get((at - within) / sectorBytes);
        if (sector === undefined) into.fill(0xff, done, done + count);
        else into.set(sector.subarray(within, within + count), done);
        done += count;
      }
      cpu.charge(into.length * costs.flashReadByteUs);
      return into.length;
    },
    write(bytes, byteOffset) {
      checkWritable();
      check(byteOffset, bytes.length);
      if (byteOffset % writeAlign !== 0 || bytes.length % writeAlign !== 0) throw new RangeError("unaligned write");
      trace.bytes(cpu.nowUs, "flash.write", `${label},"offset":${byteOffset}`, bytes);
      for (let done = 0; done < bytes.length; done++) {
        const at = byteOffset + done;
        const within = at % sectorBytes;
        const index = (at - within) / sectorBytes;
        let sector = partition.sectors.get(index);
        if (sector === undefined) {
          sector = new Uint8Array(sectorBytes).fill(0xff);
          partition.sectors.set(index, sector);
        }
        sector[within]! &= bytes[done]!;
      }
      cpu.charge(bytes.length * costs.flashWriteByteUs);
    },
    eraseBlock(start, end = start + 1) {
      checkWritable();
      check(start * sectorBytes, (end - start) * sectorBytes);
      for (let block = start; block < end; block++) {
        trace.record(cpu.nowUs, "flash.erase", `${label},"block":${block}`);
        partition.sectors.delete(block);
        partition.erases.set(block, (partition.erases.get(block) ?? 0) + 1);
        cpu.charge(costs.flashEraseUs);
      }
    },
    status(): FlashStatus {
      return {
        size: partition.bytes,
        blockLength: sectorBytes,
        blocks: partition.bytes / sectorBytes,
        writeAlign,
        eraseValue: 0xff,
      };
    },
    close() {},
  };
}
