/**
 * Raw flash partitions behind ECMA-419's Flash: the port's checks and costs, and where an operation ends
 * when the power does. The memory, and what becomes of it then, is flash-memory.ts.
 *
 * Writes that are not whole words are refused, as the port has it, though the chip would take them.
 */
import type { Flash, FlashStatus, FlashStorage } from "../../firmware/device.js";
import { costs } from "./costs.js";
import type { Cpu } from "./cpu.js";
import { type FlashPartition, sectorBytes } from "./flash-memory.js";
import type { Trace } from "./trace.js";

const wordBytes = 4;

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

  /** How much of an operation of `us` the power lasts for, 0 … 1. On a board without power it throws. */
  function lasting(us: number): number {
    cpu.charge(0);
    return us > cpu.powerLeftUs ? cpu.powerLeftUs / us : 1;
  }

  function refuse(what: string, fields: string): never {
    trace.record(cpu.nowUs, what, fields);
    throw new Error("ESP_ERR_FLASH_OP_FAIL");
  }

  return {
    read(into, byteOffset) {
      check(byteOffset, into.length);
      partition.read(into, byteOffset);
      cpu.charge(into.length * costs.flashReadByteUs);
      return into.length;
    },
    write(bytes, byteOffset) {
      checkWritable();
      check(byteOffset, bytes.length);
      if (byteOffset % wordBytes !== 0 || bytes.length % wordBytes !== 0) throw new RangeError("unaligned write");
      const us = bytes.length * costs.flashWriteByteUs;
      partition.trouble.begin("write", cpu.nowUs, us);
      const lasts = lasting(us);
      const fails = partition.trouble.fails("write");
      trace.bytes(cpu.nowUs, "flash.write", `${label},"offset":${byteOffset}`, bytes);
      partition.program(bytes, byteOffset, fails === undefined || fails > lasts ? lasts : fails);
      cpu.charge(us);
      if (fails !== undefined) refuse("flash.write-failed", `${label},"offset":${byteOffset}`);
    },
    eraseBlock(start, end = start + 1) {
      checkWritable();
      check(start * sectorBytes, (end - start) * sectorBytes);
      for (let block = start; block < end; block++) {
        const us = partition.trouble.eraseUs(costs.flashEraseUs);
        partition.trouble.begin("erase", cpu.nowUs, us);
        const lasts = lasting(us);
        const fails = partition.trouble.fails("erase");
        trace.record(cpu.nowUs, "flash.erase", `${label},"block":${block}`);
        partition.erase(block, fails === undefined || fails > lasts ? lasts : fails);
        cpu.charge(us);
        if (fails !== undefined) refuse("flash.erase-failed", `${label},"block":${block}`);
      }
    },
    status(): FlashStatus {
      return {
        size: partition.bytes,
        blockLength: sectorBytes,
        blocks: partition.bytes / sectorBytes,
      };
    },
    close() {},
  };
}
