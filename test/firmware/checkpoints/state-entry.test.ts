/** A state's entry: all of its numbers bit by bit as they were written, or none of them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { frameBytes, StateBytes } from "../../../firmware/checkpoints/state-entry.js";
import { crc32 } from "../../../firmware/base/crc32.js";

const mark = 0x12345678;
const bytes = 8 + 8 + 8 + 4 + 1 + 2 + 4 + 1;

interface Numbers {
  number: number;
  size: number;
  sample: number;
  single: number;
  byte: number;
  short: number;
  long: number;
  truth: boolean;
}

const some: Numbers = { number: -0.1, size: 2.5, sample: Infinity, single: 0.5, byte: 200, short: 1000, long: 100_000, truth: true };
const none: Numbers = { number: 0, size: 0, sample: 0, single: 0, byte: 0, short: 0, long: 0, truth: false };

function walkOver(numbers: Numbers) {
  return (state: StateBytes): void => {
    numbers.number = state.number(numbers.number);
    numbers.size = state.size(numbers.size);
    numbers.sample = state.sample(numbers.sample);
    numbers.single = state.single(numbers.single);
    numbers.byte = state.whole(numbers.byte, 255);
    numbers.short = state.whole(numbers.short, 1000);
    numbers.long = state.whole(numbers.long, 100_000);
    numbers.truth = state.truth(numbers.truth);
  };
}

const entryOf = (numbers: Numbers): Uint8Array<ArrayBuffer> => StateBytes.entry(mark, bytes, walkOver({ ...numbers }));

/** What is taken of an entry; undefined when it is refused, in which case nothing may have been taken. */
function taken(entry: Uint8Array, ofMark = mark): Numbers | undefined {
  const numbers = { ...none };
  const took = StateBytes.take(Uint8Array.from(entry).buffer, ofMark, bytes, false, walkOver(numbers));
  if (!took) expect(numbers).toEqual(none);
  return took ? numbers : undefined;
}

/** With a CRC that is right. */
function sealed(entry: Uint8Array): Uint8Array {
  const made = Uint8Array.from(entry);
  new DataView(made.buffer).setUint32(made.length - 4, crc32(made, 0, made.length - 4), true);
  return made;
}

test("the bytes are those that the module documents", () => {
  const parts = ["01", "78563412", "9a9999999999b9bf", "0000000000000440", "000000000000f07f", "0000003f", "c8", "e803", "a0860100", "01"];
  const body = parts.join("");
  const crc = crc32(Buffer.from(body, "hex"), 0, body.length / 2);
  const trailer = Buffer.alloc(4);
  trailer.writeUInt32LE(crc);
  expect(Buffer.from(entryOf(some)).toString("hex")).toBe(body + trailer.toString("hex"));
  expect(entryOf(some).length).toBe(bytes + frameBytes);
});

test("what was written comes back bit by bit", () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(
      fc.record({
        number: finite,
        size: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
        sample: fc.oneof(fc.double({ min: -1e100, max: 1e100, noNaN: true }), fc.constant(Infinity)),
        single: fc.float({ noNaN: true, noDefaultInfinity: true }),
        byte: fc.nat(255),
        short: fc.nat(1000),
        long: fc.nat(100_000),
        truth: fc.boolean(),
      }),
      (numbers) => {
        expect(taken(entryOf(numbers))).toEqual(numbers);
      },
    ),
    { seed: 1, numRuns: 500 },
  );
});

describe("nothing is taken from an entry", () => {
  const good = entryOf(some);

  test("of which any bit has flipped, or any two next to each other", () => {
    let found = 0;
    for (let bit = 0; bit < 8 * good.length - 1; bit++) {
      for (const second of [bit, bit + 1]) {
        const damaged = Uint8Array.from(good);
        damaged[bit >> 3]! ^= 1 << (bit & 7);
        if (second !== bit) damaged[second >> 3]! ^= 1 << (second & 7);
        if (taken(damaged) !== undefined) found++;
      }
    }
    expect(found).toBe(0);
  });

  test("of any other length", () => {
    for (let length = 0; length < 3 * good.length; length++) {
      const other = new Uint8Array(length);
      other.set(good.subarray(0, length));
      expect(taken(other) === undefined).toBe(length !== good.length);
      if (length >= frameBytes && length !== good.length) expect(taken(sealed(other))).toBeUndefined();
    }
  });

  test("of another meaning or version, though its CRC is right", () => {
    expect(taken(good, mark + 1)).toBeUndefined();
    expect(taken(good, mark)).toEqual(some);
    for (let version = 0; version < 256; version++) {
      const other = Uint8Array.from(good);
      other[0] = version;
      expect(taken(sealed(other)) === undefined).toBe(version !== 1);
    }
  });

  test.each<[string, Partial<Numbers>]>([
    ["a number is NaN", { number: NaN }],
    ["a number is infinite", { number: Infinity }],
    ["a size is below 0", { size: -1e-300 }],
    ["a size is NaN", { size: NaN }],
    ["a sample is beyond all values", { sample: 1.01e100 }],
    ["a sample is −∞", { sample: -Infinity }],
    ["a sample is NaN", { sample: NaN }],
    ["a single is NaN", { single: NaN }],
    ["a whole is beyond its most", { short: 1001 }],
    ["a whole of four bytes is beyond its most", { long: 100_001 }],
  ])("in which %s, though its CRC is right", (_, wrong) => {
    expect(taken(entryOf({ ...some, ...wrong }))).toBeUndefined();
  });

  test("in which a truth is neither", () => {
    const other = Uint8Array.from(good);
    other[other.length - 5] = 2;
    expect(taken(sealed(other))).toBeUndefined();
  });

  test("whatever the bytes are, and nothing throws", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: bytes + frameBytes, maxLength: bytes + frameBytes }), (random) => {
        expect(taken(random)).toBeUndefined();
        // With head and CRC right, it is sound or refused.
        random.set(good.subarray(0, 5));
        taken(sealed(random));
      }),
      { seed: 1, numRuns: 2000 },
    );
  });
});

test("a stage whose state is not as long as it says is a broken invariant", () => {
  expect(() => StateBytes.entry(mark, 16, (state) => void state.number(1))).toThrow("as long as it says");
});
