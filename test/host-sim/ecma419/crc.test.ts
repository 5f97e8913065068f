import fc from "fast-check";
import { expect, test } from "vitest";
import { crc8 } from "../../../firmware/base/crc8.js";
import CRC8, { CRC16 } from "../../../host-sim/ecma419/crc.js";

const digits = Uint8Array.from("123456789", (digit) => digit.charCodeAt(0));

/** Check values of "123456789": G. Cook, "Catalogue of parametrised CRC algorithms". */
test.each<[string, ConstructorParameters<typeof CRC8>, number]>([
  ["CRC-8/SMBUS", [0x07], 0xf4],
  ["CRC-8/NRSC-5, Sensirion's", [0x31, 0xff], 0xf7],
  ["CRC-8/MAXIM-DOW", [0x31, 0, true, true], 0xa1],
  ["CRC-8/I-432-1", [0x07, 0, false, false, 0x55], 0xa1],
])("of eight bits computes %s", (_, parameters, check) => {
  expect(new CRC8(...parameters).checksum(digits)).toBe(check);
});

test.each<[string, ConstructorParameters<typeof CRC16>, number]>([
  ["CRC-16/MODBUS", [0x8005, 0xffff, true, true], 0x4b37],
  ["CRC-16/XMODEM", [0x1021], 0x31c3],
  ["CRC-16/IBM-3740", [0x1021, 0xffff], 0x29b1],
  ["CRC-16/IBM-SDLC", [0x1021, 0xffff, true, true, 0xffff], 0x906e],
])("of sixteen bits computes %s", (_, parameters, check) => {
  expect(new CRC16(...parameters).checksum(digits)).toBe(check);
});

test("a checksum goes on from the one before until it is reset", () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (first, second) => {
      const whole = new CRC16(0x8005, 0xffff, true, true, 0x1234);
      const parts = new CRC16(0x8005, 0xffff, true, true, 0x1234);
      parts.checksum(first);
      const both = Uint8Array.of(...first, ...second);
      expect(parts.checksum(second)).toBe(whole.checksum(both));
      expect(whole.reset().checksum(first, second)).toBe(parts.reset().checksum(both));
    }),
  );
});

test("it takes any buffer, and a view's own part of one", () => {
  const bytes = Uint8Array.of(9, 0xbe, 0xef, 9);
  const expected = crc8(bytes, 1, 3, 0xff);
  expect(new CRC8(0x31, 0xff).checksum(bytes.subarray(1, 3))).toBe(expected);
  expect(new CRC8(0x31, 0xff).checksum(bytes.slice(1, 3).buffer)).toBe(expected);
  expect(new CRC8(0x31, 0xff).checksum(new DataView(bytes.buffer, 1, 2))).toBe(expected);
});
