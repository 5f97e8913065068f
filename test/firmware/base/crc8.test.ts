import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crc8 } from "../../../firmware/base/crc8.js";

describe("crc8", () => {
  it("gives Sensirion's example: 0xBEEF has 0x92", () => {
    expect(crc8(Uint8Array.of(0xbe, 0xef), 0, 2, 0xff)).toBe(0x92);
  });

  it("gives the catalogue's check value of CRC-8/NRSC-5 over the digits 1 to 9", () => {
    expect(crc8(new TextEncoder().encode("123456789"), 0, 9, 0xff)).toBe(0xf7);
  });

  it("covers only the bytes it is told to", () => {
    expect(crc8(Uint8Array.of(7, 0xbe, 0xef, 9), 1, 3, 0xff)).toBe(0x92);
    expect(crc8(Uint8Array.of(1, 2, 3), 1, 1, 0x5a)).toBe(0x5a);
  });

  it("notices every single and double bit error in a word and its checksum", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 23 }), (word, a, b) => {
        const sent = Uint8Array.of(word >> 8, word & 0xff, 0);
        sent[2] = crc8(sent, 0, 2, 0xff);
        sent[a >> 3]! ^= 1 << (a & 7);
        if (a !== b) sent[b >> 3]! ^= 1 << (b & 7);
        expect(crc8(sent, 0, 2, 0xff)).not.toBe(sent[2]);
      }),
      { seed: 1, numRuns: 2000 },
    );
  });
});
