/** Reads a partition table (ESP-IDF, "Partition Tables": CSV) and says what is wrong with it. */

export interface Partition {
  name: string;
  type: string;
  subtype: string;
  offset: number;
  size: number;
}

/** Where the table itself ends: bootloader and table lie below. */
export const firstOffset = 0x9000;

export function parsePartitions(csv: string): Partition[] {
  return csv
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [name = "", type = "", subtype = "", offset = "", size = ""] = line.split(",").map((field) => field.trim());
      return { name, type, subtype, offset: Number(offset), size: Number(size) };
    });
}

/** Erase units are 4 KiB; an app begins at a multiple of 64 KiB, which the chip's MMU maps. */
export function problems(partitions: readonly Partition[], flashBytes: number): string[] {
  const found: string[] = [];
  let end = firstOffset;
  for (const { name, type, offset, size } of partitions) {
    const unit = type === "app" ? 0x10000 : 0x1000;
    if (name.length === 0 || name.length > 15) found.push(`${name}: a label has 1 to 15 characters`);
    if (!(offset >= 0 && offset % unit === 0))
      found.push(`${name}: offset 0x${offset.toString(16)} is no multiple of 0x${unit.toString(16)}`);
    if (!(size > 0 && size % 0x1000 === 0)) found.push(`${name}: size 0x${size.toString(16)} is no multiple of 0x1000`);
    if (offset < end) found.push(`${name}: begins before 0x${end.toString(16)}, where the one before ends`);
    end = offset + size;
  }
  if (end > flashBytes) found.push(`the table ends at 0x${end.toString(16)}, the flash at 0x${flashBytes.toString(16)}`);
  if (new Set(partitions.map((each) => each.name)).size !== partitions.length) found.push("a label occurs twice");
  return found;
}
