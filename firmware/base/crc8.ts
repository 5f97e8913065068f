/** CRC-8 with polynomial x⁸ + x⁵ + x⁴ + 1 (0x31), most significant bit first, as Sensirion's chips have it (SHT3x datasheet, 4.12). */

/** Of `bytes[start]` … `bytes[end − 1]`, 0 … 255. `initial` is what the register starts with: 0xff at Sensirion. */
export function crc8(bytes: Uint8Array, start: number, end: number, initial: number): number {
  let crc = initial;
  for (let i = start; i < end; i += 1) {
    crc ^= bytes[i]!;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x80) === 0 ? crc << 1 : ((crc << 1) ^ 0x31) & 0xff;
  }
  return crc;
}
