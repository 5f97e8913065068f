/** CRC-32 as in IEEE 802.3 (polynomial 0x04c11db7, reflected, register and result inverted): "123456789" gives 0xcbf43926. */

/** What eight zero bits more make of each eight bits. */
const TABLE: number[] = [];
for (let entry = 0; entry < 256; entry++) {
  let crc = entry;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ 0xedb88320;
  TABLE.push(crc | 0);
}

/** Of `bytes[start]` … `bytes[end − 1]`, 0 … 2^32 − 1. */
export function crc32(bytes: Uint8Array, start: number, end: number): number {
  const table = TABLE;
  let crc = -1;
  let i = start;
  // Four bytes at once: reading one of a typed array is what takes longest on XS. All its targets are little-endian.
  if ((bytes.byteOffset + start) % 4 === 0 && end - start >= 16) {
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + start, (end - start) >> 2);
    const count = words.length;
    for (let at = 0; at < count; at++) {
      crc ^= words[at]!;
      crc = table[crc & 255]! ^ (crc >>> 8);
      crc = table[crc & 255]! ^ (crc >>> 8);
      crc = table[crc & 255]! ^ (crc >>> 8);
      crc = table[crc & 255]! ^ (crc >>> 8);
    }
    i += count * 4;
  }
  for (; i < end; i++) crc = table[(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8);
  return ~crc >>> 0;
}
