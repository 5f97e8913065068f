/** CRC-32 as in IEEE 802.3 (polynomial 0x04c11db7, reflected, register and result inverted): "123456789" gives 0xcbf43926. */

/** What eight zero bits more make of each eight bits, and what 16, 24 and 32 make of them. Preloaded: in flash, not in RAM. */
const by8: number[] = [];
const by16: number[] = [];
const by24: number[] = [];
const by32: number[] = [];
for (let entry = 0; entry < 256; entry++) {
  let crc = entry;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ 0xedb88320;
  by8.push(crc | 0);
}
for (let entry = 0; entry < 256; entry++) {
  let crc = by8[entry]!;
  for (const table of [by16, by24, by32]) {
    crc = by8[crc & 255]! ^ (crc >>> 8);
    table.push(crc);
  }
}

/** Of `bytes[start]` … `bytes[end − 1]`, 0 … 2^32 − 1. */
export function crc32(bytes: Uint8Array, start: number, end: number): number {
  const first = by8;
  let crc = -1;
  let i = start;
  // Four bytes at once: reading one of a typed array is what takes longest on XS. All its targets are little-endian.
  if ((bytes.byteOffset + start) % 4 === 0 && end - start >= 16) {
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + start, (end - start) >> 2);
    const count = words.length;
    const second = by16;
    const third = by24;
    const fourth = by32;
    let at = 0;
    if ((count & 1) !== 0) {
      crc ^= words[at++]!;
      crc = fourth[crc & 255]! ^ third[(crc >> 8) & 255]! ^ second[(crc >> 16) & 255]! ^ first[(crc >> 24) & 255]!;
    }
    // Two words a round, and no shift that gives more than 31 bits: both are faster on XS.
    while (at < count) {
      crc ^= words[at]!;
      crc = fourth[crc & 255]! ^ third[(crc >> 8) & 255]! ^ second[(crc >> 16) & 255]! ^ first[(crc >> 24) & 255]! ^ words[at + 1]!;
      crc = fourth[crc & 255]! ^ third[(crc >> 8) & 255]! ^ second[(crc >> 16) & 255]! ^ first[(crc >> 24) & 255]!;
      at += 2;
    }
    i += count * 4;
  }
  for (; i < end; i++) crc = first[(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8);
  return ~crc >>> 0;
}
