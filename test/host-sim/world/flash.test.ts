import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { costs } from "../../../host-sim/world/costs.js";
import { flashStorage } from "../../../host-sim/world/flash.js";
import { FlashPartition, flipBits, sectorBytes } from "../../../host-sim/world/flash-memory.js";
import { type Random, random } from "../../../host-sim/world/random.js";
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
  expect(flash.status()).toEqual({ size: bytes, blockLength: sectorBytes, blocks: 8 });
});

/** Zero bits of a sector. */
function zeros(partition: FlashPartition, index: number): number {
  let count = 0;
  for (const byte of partition.sectors.get(index) ?? []) for (let bit = 0; bit < 8; bit++) count += ((byte >> bit) & 1) ^ 1;
  return count;
}

describe("a worn sector", () => {
  const bytes = new Uint8Array(sectorBytes);

  test("may keep a few of its zeros once it was erased more often than it endures, and no other sector does", () => {
    const partition = new FlashPartition(2 * sectorBytes, { draws: random(1), endurance: 10 });
    const left: number[] = [];
    for (let times = 1; times <= 110; times++) {
      partition.program(bytes, 0);
      partition.erase(0);
      if (times <= 10) expect(partition.sectors.size).toBe(0);
      else left.push(zeros(partition, 0));
    }
    expect(Math.max(...left)).toBeGreaterThan(3);
    expect(Math.max(...left)).toBeLessThanOrEqual(8);
    expect(left).toContain(0);
    partition.program(bytes, sectorBytes);
    partition.erase(1);
    expect(partition.sectors.has(1)).toBe(false);
  });

  test("keeps none that was not there: an empty one stays empty", () => {
    const partition = new FlashPartition(sectorBytes, { draws: random(1), endurance: 0 });
    for (let times = 0; times < 100; times++) partition.erase(0);
    expect(zeros(partition, 0)).toBe(0);
  });

  test("is none where no endurance is given, however often it is erased", () => {
    const partition = new FlashPartition(sectorBytes, { draws: random(1) });
    partition.erases.set(0, 1_000_000);
    partition.program(bytes, 0);
    partition.erase(0);
    expect(partition.sectors.size).toBe(0);
  });
});

test("nothing is drawn while nothing is wrong", () => {
  const refuses = (): never => {
    throw new Error("drawn");
  };
  const draws: Random = { next: refuses, fraction: refuses, split: refuses };
  const partition = new FlashPartition(sectorBytes, { draws, endurance: 3 });
  for (let times = 0; times < 3; times++) {
    partition.program(new Uint8Array(100), 8);
    partition.read(new Uint8Array(200), 0);
    partition.erase(0);
  }
  expect(() => partition.program(new Uint8Array(4), 0, 0.3)).toThrow("drawn");
  expect(() => partition.erase(0, 0.3)).toThrow("drawn");
});

describe("bits that flip", () => {
  const written = (): FlashPartition[] => {
    const [a, b] = [new FlashPartition(8 * sectorBytes), new FlashPartition(8 * sectorBytes)];
    a.program(new Uint8Array(10), 3 * sectorBytes);
    a.program(new Uint8Array(10), 0);
    b.program(new Uint8Array(10), 7 * sectorBytes);
    return [a, b];
  };
  const copy = (partitions: FlashPartition[]) =>
    partitions.map((partition) =>
      [...partition.sectors.keys()].map((at) => {
        const bytes = new Uint8Array(sectorBytes);
        partition.read(bytes, at * sectorBytes);
        return [at, [...bytes]] as const;
      }),
    );
  const differences = (before: ReturnType<typeof copy>, after: ReturnType<typeof copy>): number => {
    let count = 0;
    for (const [index, sectors] of before.entries()) {
      for (const [place, [at, bytes]] of sectors.entries()) {
        expect(after[index]![place]![0]).toBe(at);
        for (const [offset, byte] of bytes.entries()) {
          let bits = byte ^ after[index]![place]![1][offset]!;
          for (; bits > 0; bits >>= 1) count += bits & 1;
        }
      }
    }
    return count;
  };

  test.each([1, 100, 10_000])("are as many as said, %i, in sectors that were written, wherever they are", (bits) => {
    const partitions = written();
    const before = copy(partitions);
    expect(flipBits(partitions, bits, random(1))).toBe(bits);
    expect(differences(before, copy(partitions))).toBe(bits);
    if (bits === 10_000) {
      for (const [index, sectors] of copy(partitions).entries()) {
        for (const [place, sector] of sectors.entries()) expect(sector).not.toEqual(before[index]![place]);
      }
    }
  });

  test("are no more than there are, and none in empty flash", () => {
    const partition = new FlashPartition(2 * sectorBytes);
    partition.program(new Uint8Array(sectorBytes), 0);
    expect(flipBits([partition], 1e6, random(1))).toBe(8 * sectorBytes);
    expect([partition.sectors.size, partition.sectors.get(0)!.every((byte) => byte === 0xff)]).toEqual([1, true]);
    expect(flipBits([new FlashPartition(sectorBytes)], 5, random(1))).toBe(0);
  });

  test("are the same for the same seed, in whatever order the sectors were written", () => {
    const [one, other] = [new FlashPartition(4 * sectorBytes), new FlashPartition(4 * sectorBytes)];
    for (const at of [0, 3]) one.program(new Uint8Array(4), at * sectorBytes);
    for (const at of [3, 0]) other.program(new Uint8Array(4), at * sectorBytes);
    flipBits([one], 50, random(4));
    flipBits([other], 50, random(4));
    for (const at of [0, 3]) expect(other.sectors.get(at)).toEqual(one.sectors.get(at));
  });
});

describe("a fork of a partition", () => {
  const filled = (): FlashPartition => {
    const draws = random(1);
    const made = new FlashPartition(2 * sectorBytes, { draws });
    made.program(
      Uint8Array.from({ length: 2 * sectorBytes }, () => draws.next() | 1),
      0,
    );
    return made;
  };
  const all = (memory: FlashPartition): Uint8Array => {
    const into = new Uint8Array(2 * sectorBytes);
    memory.read(into, 0);
    return into;
  };

  test("holds the same, and what is done to one of the two is not done to the other", () => {
    for (const act of [
      (memory: FlashPartition) => memory.program(new Uint8Array(16), 32),
      (memory: FlashPartition) => memory.program(new Uint8Array(16), 32, 0.4),
      (memory: FlashPartition) => memory.erase(0),
      (memory: FlashPartition) => memory.erase(0, 0.1),
      (memory: FlashPartition) => void flipBits([memory], 5, random(1)),
    ]) {
      for (const which of [0, 1]) {
        const first = filled();
        const before = all(first);
        const pair = [first, first.fork(random(2))];
        expect(all(pair[1]!)).toEqual(before);
        act(pair[which]!);
        expect(all(pair[which]!)).not.toEqual(before);
        expect(all(pair[1 - which]!)).toEqual(before);
      }
    }
  });

  test("wavers where the other wavers, and is worn where the other is", () => {
    const torn = filled();
    torn.erase(0, 0.5);
    const fork = torn.fork(random(2));
    expect(all(fork)).not.toEqual(all(fork));
    torn.erase(0);
    expect(all(fork)).not.toEqual(all(fork));
    const worn = filled();
    worn.wearOut(1);
    const kept = [1, 2, 3].map((seed) => {
      const other = worn.fork(random(seed));
      other.erase(1);
      return other.sectors.has(1);
    });
    expect(kept).toContain(true);
  });
});
