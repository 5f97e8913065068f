import fc from "fast-check";
import { expect, test } from "vitest";
import { costs } from "../../../host-sim/world/costs.js";
import { FlashPartition, flashStorage, sectorBytes } from "../../../host-sim/world/flash.js";
import { bench } from "./bench.js";

const bytes = 8 * sectorBytes;

function journal() {
  const made = bench();
  const partition = new FlashPartition(bytes);
  const storage = flashStorage(new Map([["journal", partition]]), made.cpu, made.record);
  return { ...made, partition, storage, flash: storage.open({ path: "journal" }) };
}

test("any reads, writes and erases do what they do to plain memory whose bits only clear", () => {
  const words = (max: number) => fc.nat(max / 4 - 1).map((word) => word * 4);
  const command = fc.oneof(
    fc.record({
      do: fc.constant("write" as const),
      at: words(bytes),
      words: fc.array(fc.nat(255), { minLength: 4, maxLength: 4 }),
      times: fc.nat(1500),
    }),
    fc.record({ do: fc.constant("erase" as const), from: fc.nat(7), count: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ do: fc.constant("read" as const), at: fc.nat(bytes - 1), count: fc.nat(9000) }),
  );
  fc.assert(
    fc.property(fc.array(command, { maxLength: 25 }), (commands) => {
      const { flash, timed } = journal();
      const plain = new Uint8Array(bytes).fill(0xff);
      for (const each of commands) {
        if (each.do === "erase") {
          const end = Math.min(8, each.from + each.count);
          timed(() => flash.eraseBlock(each.from, end));
          plain.fill(0xff, each.from * sectorBytes, end * sectorBytes);
        } else if (each.do === "write") {
          const written = Uint8Array.from({ length: Math.min(4 * each.times, bytes - each.at) }, (_, index) => each.words[index % 4]!);
          timed(() => flash.write(written, each.at));
          for (let index = 0; index < written.length; index++) plain[each.at + index]! &= written[index]!;
        } else {
          const into = new Uint8Array(Math.min(each.count, bytes - each.at));
          expect(timed(() => flash.read(into, each.at)).value).toBe(into.length);
          expect(Buffer.from(into).equals(plain.subarray(each.at, each.at + into.length))).toBe(true);
        }
      }
    }),
    { seed: 1, numRuns: 50 },
  );
});

test("a sector that was never written, or erased since, costs no memory", () => {
  const { flash, partition } = journal();
  flash.read(new Uint8Array(bytes), 0);
  expect(partition.sectors.size).toBe(0);
  flash.write(Uint8Array.of(1, 2, 3, 4), 3 * sectorBytes - 4);
  flash.write(new Uint8Array(8), 3 * sectorBytes - 4);
  expect([...partition.sectors.keys()]).toEqual([2, 3]);
  flash.eraseBlock(2);
  expect([...partition.sectors.keys()]).toEqual([3]);
  expect([...partition.erases]).toEqual([[2, 1]]);
});

test("reads, writes and erases block for what they cost", () => {
  const { flash, timed } = journal();
  expect(timed(() => flash.read(new Uint8Array(100), 0)).costUs).toBe(10);
  expect(timed(() => flash.write(new Uint8Array(100), 0)).costUs).toBe(250);
  expect(timed(() => flash.eraseBlock(0)).costUs).toBe(costs.flashEraseUs);
  expect(timed(() => flash.eraseBlock(1, 4)).costUs).toBe(3 * costs.flashEraseUs);
});

test("what lies outside of the partition, or off the alignment, is refused and changes nothing", () => {
  const { flash, partition, lines } = journal();
  expect(() => flash.read(new Uint8Array(2), bytes - 1)).toThrow("outside");
  expect(() => flash.read(new Uint8Array(1), -1)).toThrow("outside");
  expect(() => flash.write(new Uint8Array(8), bytes - 4)).toThrow("outside");
  expect(() => flash.write(new Uint8Array(4), 2)).toThrow("unaligned");
  expect(() => flash.write(new Uint8Array(3), 0)).toThrow("unaligned");
  expect(() => flash.eraseBlock(8)).toThrow("outside");
  expect(() => flash.eraseBlock(7, 9)).toThrow("outside");
  expect([partition.sectors.size, partition.erases.size, lines.length]).toEqual([0, 0, 0]);
  expect(() => new FlashPartition(sectorBytes + 1)).toThrow("whole sectors");
});

test("a partition is opened by its label, for reading only where that is asked", () => {
  const { storage, flash } = journal();
  flash.write(Uint8Array.of(1, 2, 3, 4), 0);
  expect(() => storage.open({ path: "nvs" })).toThrow("nvs");
  const reader = storage.open({ path: "journal", mode: "r" });
  const into = new Uint8Array(4);
  reader.read(into, 0);
  expect([...into]).toEqual([1, 2, 3, 4]);
  expect(() => reader.write(new Uint8Array(4), 0)).toThrow("read-only");
  expect(() => reader.eraseBlock(0)).toThrow("read-only");
  expect(flash.status()).toEqual({ size: bytes, blockLength: sectorBytes, blocks: 8, writeAlign: 4, eraseValue: 0xff });
});
