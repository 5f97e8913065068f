import { crc32 as zlibCrc32 } from "node:zlib";
import { expect, test } from "vitest";
import { crc32 } from "../../../firmware/base/crc32.js";

test("is the CRC-32 of IEEE 802.3", () => {
  expect(crc32(Buffer.from("123456789"), 0, 9)).toBe(0xcbf43926);
  expect(crc32(new Uint8Array(4), 0, 0)).toBe(0);
});

test.skipIf(zlibCrc32 === undefined)("is zlib's for any part of any bytes, wherever they lie in their buffer", () => {
  const bytes = Uint8Array.from({ length: 300 }, (_, index) => (index * 73 + (index >> 3)) & 255);
  for (let start = 0; start < 9; start++) {
    for (let end = start; end < 300; end += 7) expect(crc32(bytes, start, end)).toBe(zlibCrc32(bytes.subarray(start, end)));
    expect(crc32(bytes.subarray(start), 1, 90)).toBe(zlibCrc32(bytes.subarray(start + 1, start + 90)));
  }
});
