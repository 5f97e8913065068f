/** A total's entry: bit by bit the number that was written, or nothing. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { markOf } from "../../../firmware/checkpoints/names.js";
import { entryBytes, keyOf, readEntry, writeEntry } from "../../../firmware/checkpoints/total-entry.js";

function entry(name: string, x: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(entryBytes);
  writeEntry(bytes, markOf(name), x);
  return bytes;
}

test("any finite number comes back bit by bit", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string(), (x, name) => {
      expect(Object.is(readEntry(entry(name, x).buffer, markOf(name)), x)).toBe(true);
    }),
    {
      seed: 1,
      numRuns: 500,
      examples: [
        [-0, ""],
        [5e-324, "a"],
        [1.7976931348623157e308, "b"],
        [0.1 + 0.2, "c"],
      ],
    },
  );
});

test("the bytes are those that the module documents", () => {
  // Computed by another program: version, mark, value, CRC.
  expect(Buffer.from(entry("power/0", 1234.5)).toString("hex")).toBe("01bf9b08c000000000004a9340d7");
  expect([keyOf("power/0"), keyOf("")]).toEqual(["t6127dba1", "t811c9dc5"]);
});

test("a key fits NVS, whatever the name", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), (name) => /^t[0-9a-f]{8}$/.test(keyOf(name))),
    { seed: 1, numRuns: 200 },
  );
});

describe("nothing is read from an entry", () => {
  const mark = markOf("power/0");
  const good = entry("power/0", 1234.5);

  test("of which any one bit has flipped, or any two", () => {
    let read = 0;
    for (let one = 0; one < 8 * entryBytes; one++) {
      for (let other = one; other < 8 * entryBytes; other++) {
        const bytes = Uint8Array.from(good);
        bytes[one >> 3]! ^= 1 << (one & 7);
        if (other !== one) bytes[other >> 3]! ^= 1 << (other & 7);
        if (readEntry(bytes.buffer, mark) !== undefined) read++;
      }
    }
    expect(read).toBe(0);
  });

  test("of any other length", () => {
    for (let length = 0; length < 40; length++) {
      const bytes = new Uint8Array(length);
      bytes.set(good.subarray(0, length));
      expect(readEntry(bytes.buffer, mark)).toBe(length === entryBytes ? 1234.5 : undefined);
    }
  });

  test("of another name, though its CRC is right, also one of the same key", () => {
    expect(readEntry(good.buffer, markOf("power/1"))).toBeUndefined();
    // A known collision of FNV-1a.
    expect(keyOf("costarring/0")).toBe(keyOf("liquid/0"));
    expect(readEntry(entry("costarring/0", 1).buffer, markOf("liquid/0"))).toBeUndefined();
  });

  test("that holds no finite number, though its CRC is right", () => {
    for (const x of [NaN, Infinity, -Infinity]) expect(readEntry(entry("power/0", x).buffer, mark)).toBeUndefined();
  });

  test("of another version, though its CRC is right", () => {
    for (let version = 0; version < 256; version++) {
      // One of all CRCs is the right one.
      const found: (number | undefined)[] = [];
      for (let crc = 0; crc < 256; crc++) {
        const bytes = Uint8Array.from(good);
        bytes[0] = version;
        bytes[entryBytes - 1] = crc;
        found.push(readEntry(bytes.buffer, mark));
      }
      expect(found.filter((x) => x !== undefined)).toEqual(version === 1 ? [1234.5] : []);
    }
  });

  test("whatever the bytes are, it is a number or nothing, and nothing throws", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const x = readEntry(Uint8Array.from(bytes).buffer, mark);
        expect(x === undefined || Number.isFinite(x)).toBe(true);
      }),
      { seed: 1, numRuns: 1000 },
    );
  });
});
