import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeUtf8, encodeUtf8, utf8Length } from "../../../firmware/base/utf8.js";

const run = { seed: 71, numRuns: 250 };
const oracle = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

test("any string is encoded as the Encoding Standard does, lone surrogates included", () => {
  const units = fc.array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0xd780, max: 0xe080 })), {
    maxLength: 60,
    size: "max",
  });
  fc.assert(
    fc.property(units, (codes) => {
      const text = String.fromCharCode(...codes);
      const bytes = encodeUtf8(text);
      expect(Buffer.from(bytes)).toEqual(Buffer.from(text));
      expect(utf8Length(text)).toBe(bytes.length);
    }),
    run,
  );
});

test("well-formed text comes back, at any length and offset", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 120, size: "max" }), fc.nat(5), (text, before) => {
      const bytes = encodeUtf8("x".repeat(before) + text + "y");
      expect(decodeUtf8(bytes.subarray(before, bytes.length - 1))).toBe(text.includes("\0") ? undefined : text);
    }),
    run,
  );
});

test("bytes that are no UTF-8 are refused exactly where a strict decoder refuses them", () => {
  const nearlyText = fc.tuple(fc.string({ unit: "binary", maxLength: 8 }), fc.nat(30), fc.nat(255)).map(([text, at, byte]) => {
    const bytes = new Uint8Array(Buffer.from(text));
    if (bytes.length > 0) bytes[at % bytes.length] = byte;
    return bytes;
  });
  const edges = fc.array(fc.constantFrom(0x41, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5), {
    maxLength: 6,
  });
  fc.assert(
    fc.property(
      fc.oneof(
        nearlyText,
        edges.map((bytes) => new Uint8Array(bytes)),
      ),
      (bytes) => {
        let expected: string | undefined;
        try {
          expected = oracle.decode(bytes);
        } catch {
          expected = undefined;
        }
        expect(decodeUtf8(bytes)).toBe(expected?.includes("\0") ? undefined : expected);
      },
    ),
    { ...run, numRuns: 3000 },
  );
});
