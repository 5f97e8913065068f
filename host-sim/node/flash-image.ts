/**
 * A flash partition as a file: its bytes as they stand, which is also what esptool reads from a board. Bits that are in
 * between after a torn erase stand as they are stored, and are firm from then on; how often sectors were erased is not in it.
 */
import type { FlashStorage } from "../../firmware/device.js";
import { Cpu } from "../world/cpu.js";
import { flashStorage } from "../world/flash.js";
import { FlashPartition, sectorBytes } from "../world/flash-memory.js";
import { Scheduler } from "../world/scheduler.js";

export function imageOf(partition: FlashPartition): Buffer {
  const image = Buffer.alloc(partition.bytes, 0xff);
  for (const [index, sector] of partition.sectors) image.set(sector, index * sectorBytes);
  return image;
}

/** Fills a partition that is blank. What is erased in the image takes no memory. */
export function fill(partition: FlashPartition, image: Uint8Array): void {
  for (let index = 0; index * sectorBytes < image.length; index++) {
    const sector = image.subarray(index * sectorBytes, (index + 1) * sectorBytes);
    if (sector.some((byte) => byte !== 0xff)) partition.sectors.set(index, Uint8Array.from(sector));
  }
}

/** The image as a board's flash, without a board: nothing takes time, and power does not go. */
export function flashOfImage(label: string, image: Uint8Array): { readonly flash: FlashStorage; readonly partition: FlashPartition } {
  const partition = new FlashPartition(image.length);
  fill(partition, image);
  const untraced = { on: false, record() {}, bytes() {} };
  return { flash: flashStorage(new Map([[label, partition]]), new Cpu(new Scheduler()), untraced), partition };
}
