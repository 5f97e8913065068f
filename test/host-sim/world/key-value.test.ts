/** Key-value storage as the SDK has it on ESP32: values, costs, room and wear, and what a power cut leaves. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { KeyValueStore } from "../../../firmware/device.js";
import { costs } from "../../../host-sim/world/costs.js";
import { PowerLost } from "../../../host-sim/world/cpu.js";
import { keyValueStorage } from "../../../host-sim/world/key-value.js";
import { KeyValueMemory } from "../../../host-sim/world/key-value-memory.js";
import { run } from "../run.js";
import { bench } from "./bench.js";

const entryUs = costs.keyValueEntryUs;

function rig(memory = new KeyValueMemory()) {
  const made = bench();
  const storage = keyValueStorage(memory, made.cpu, made.record);
  const { value: store, costUs } = made.timed(() => storage.open({ path: "mote" }));
  return { ...made, memory, storage, store, openUs: costUs };
}

const bytesOf = (value: ArrayBuffer | undefined): number[] | undefined => (value === undefined ? undefined : [...new Uint8Array(value)]);

test("any writes and deletes leave what a map would hold, through reclaims and all", () => {
  let erases = 0;
  const command = fc.record({ key: fc.nat(9), length: fc.nat(700), times: fc.nat(40), remove: fc.integer({ min: 0, max: 5 }) });
  fc.assert(
    fc.property(fc.array(command, { maxLength: 30 }), (commands) => {
      const { timed, store, memory } = rig();
      const plain = new Map<string, number[]>();
      for (const { key: number, length, times, remove } of commands) {
        const key = "key " + number;
        timed(() => {
          if (remove === 0) {
            store.delete(key);
            plain.delete(key);
          } else {
            for (let time = 0; time <= times; time++) store.write(key, new Uint8Array(length).fill(time));
            plain.set(
              key,
              Array.from({ length }, () => times),
            );
          }
          for (let each = 0; each < 10; each++) expect(bytesOf(store.read("key " + each))).toEqual(plain.get("key " + each));
        });
      }
      erases += memory.erases.reduce((sum, each) => sum + each, 0);
    }),
    { seed: 1, numRuns: 40 },
  );
  expect(erases).toBeGreaterThan(100);
});

test("reads and writes block for what they cost; opening costs nothing once the namespace is there", () => {
  const { timed, store, storage, openUs } = rig();
  const costOf = (operation: () => void): number => timed(operation).costUs;
  expect(openUs).toBe(entryUs);
  expect(costOf(() => storage.open({ path: "mote" }))).toBe(0);
  expect(costOf(() => store.read("a"))).toBe(costs.keyValueReadUs);
  expect(costOf(() => store.write("a", new Uint8Array(14)))).toBe(3 * entryUs);
  expect(costOf(() => store.write("a", new Uint8Array(33)))).toBe(4 * entryUs + 3 * entryUs);
  expect(costOf(() => store.delete("a"))).toBe(4 * entryUs);
  expect(costOf(() => store.delete("a"))).toBe(0);
});

test("writing costs an erase after every 42 small values, once the pages were all used; those on which nothing rests take turns", () => {
  const { timed, store, memory, lines } = rig();
  const write = (): void => void timed(() => store.write("a", new Uint8Array(14)));
  for (let count = 0; count < 5 * 42 - 1; count++) write();
  expect(memory.erases).toEqual([0, 0, 0, 0, 0, 0]);
  for (let count = 0; count < 600 * 42; count++) write();
  // The namespace's entry rests on the first.
  expect(memory.erases).toEqual([0, 120, 120, 120, 120, 120]);
  expect(lines.filter(({ what }) => what === "key-value.erase").length).toBe(memory.erases.reduce((sum, each) => sum + each, 0));
});

test("a log full of values has no room, says so, changes nothing, and has room again after a delete", () => {
  const { timed, store, memory } = rig();
  const written: string[] = [];
  timed(() => {
    for (let count = 0; count < 1000; count++) {
      try {
        store.write("k" + count, Uint8Array.of(count & 0xff));
      } catch (error) {
        expect((error as Error).message).toBe("ESP_ERR_NVS_NOT_ENOUGH_SPACE");
        break;
      }
      written.push("k" + count);
    }
  });
  // Five pages of 126 entries, three a value, but for the namespace's.
  expect(written.length).toBeGreaterThan(200);
  expect(written.length).toBeLessThan(210);
  timed(() => expect(() => store.write("k0", Uint8Array.of(99))).toThrow("NOT_ENOUGH_SPACE"));
  timed(() => {
    for (const [count, key] of written.entries()) expect(bytesOf(store.read(key))).toEqual([count & 0xff]);
  });
  timed(() => {
    for (let count = 0; count < 5; count++) store.delete("k" + count);
    for (let times = 0; times < 20; times++) store.write("k100", Uint8Array.of(times));
  });
  expect(bytesOf(timed(() => store.read("k100")).value)).toEqual([19]);
  expect(memory.erases.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(0);
});

/** How many more small values there is room for. */
function roomIn(store: KeyValueStore): number {
  for (let count = 0; ; count++) {
    try {
      store.write("more " + count, new Uint8Array(1));
    } catch {
      return count;
    }
  }
}

test("a log that was written round and round has as much room as a new one, once its values are deleted", () => {
  const churned = rig();
  churned.timed(() => {
    for (let round = 0; round < 5; round++) {
      for (let key = 0; key < 60; key++) churned.store.write("k" + key, new Uint8Array(1));
      for (let times = 0; times < 500; times++) churned.store.write("a", new Uint8Array(1));
      for (let key = 0; key < 60; key++) churned.store.delete("k" + key);
    }
    churned.store.delete("a");
  });
  expect(churned.memory.erases.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(50);
  const fresh = rig();
  const [room, roomOfNew] = [churned, fresh].map(({ timed, store }) => timed(() => roomIn(store)).value);
  // An entry or two at a page's end may be too few for a value.
  expect(Math.abs(room! - roomOfNew!)).toBeLessThanOrEqual(5);
});

test("a write that needs a page anew also pays for the copies of what rests there, and the erase", () => {
  const { timed, store } = rig();
  for (let key = 0; key < 40; key++) timed(() => store.write("k" + key, new Uint8Array(1)));
  const costsUs = Array.from({ length: 5 * 42 }, () => timed(() => store.write("a", new Uint8Array(1))).costUs);
  // The pages after the first hold nothing that rests but `a`, which lies on the last.
  expect(new Set(costsUs)).toEqual(new Set([3 * entryUs, 6 * entryUs, 6 * entryUs + costs.flashEraseUs]));
  const crowded = rig();
  crowded.timed(() => {
    for (let key = 0; key < 5 * 21; key++) {
      crowded.store.write("k" + key, new Uint8Array(1));
      crowded.store.write("a", new Uint8Array(1));
    }
  });
  const worstUs = Math.max(...Array.from({ length: 42 }, () => crowded.timed(() => crowded.store.write("a", new Uint8Array(1))).costUs));
  // Half of each page rests: 21 or 20 values, and perhaps the namespace.
  expect((worstUs - costs.flashEraseUs) / entryUs - 6).toBeGreaterThanOrEqual(60);
  expect((worstUs - costs.flashEraseUs) / entryUs - 6).toBeLessThanOrEqual(66);
});

test("what ESP-IDF refuses is refused by its names", () => {
  const { timed, store, storage, memory } = rig();
  timed(() => {
    expect(() => store.write("k", new Uint8Array(3969))).toThrow("ESP_ERR_NVS_VALUE_TOO_LONG");
    store.write("k", new Uint8Array(3968));
    expect(() => store.read("a key that is too long")).toThrow("ESP_ERR_NVS_KEY_TOO_LONG");
    expect(() => storage.open({ path: "" })).toThrow("ESP_ERR_NVS_INVALID_NAME");
    expect(() => storage.open({ path: "nobody", mode: "r" })).toThrow("ESP_ERR_NVS_NOT_FOUND");
    memory.failing = true;
    expect(() => store.write("k", new Uint8Array(1))).toThrow("ESP_ERR_FLASH_OP_FAIL");
    expect(() => store.delete("k")).toThrow("ESP_ERR_FLASH_OP_FAIL");
    expect(store.read("k")?.byteLength).toBe(3968);
    memory.failing = false;
    memory.lose("mote", "k");
    memory.lose("mote", "k");
    expect(store.read("k")).toBeUndefined();
    store.write("k", Uint8Array.of(1));
    expect(bytesOf(store.read("k"))).toEqual([1]);
  });
});

describe("a power cut", () => {
  /** A log in which `a` holds 1 and the next write needs a page anew, with `others` values more to copy. */
  function worn(others: number): KeyValueMemory {
    const { timed, store, memory } = rig();
    for (let count = 0; count < others; count++) timed(() => store.write("o" + count, Uint8Array.of(count)));
    // The write that reclaims is found by its cost; the one before it is repeated with another value.
    for (let count = 0; count < 5 * 42 - others - 1; count++) timed(() => store.write("a", Uint8Array.of(1)));
    return memory;
  }

  /** Has `operation` done on a board whose power goes `lastsUs` after its handler began. */
  function cut(memory: KeyValueMemory, lastsUs: number, operation: (store: KeyValueStore) => void): { threw: unknown } {
    const { cpu, record, scheduler } = bench();
    const store = keyValueStorage(memory, cpu, record).open({ path: "mote" });
    scheduler.runUntil(1e6);
    cpu.powerEndsAt(scheduler.nowUs + costs.dispatchUs + lastsUs);
    let threw: unknown;
    cpu.post(() => {
      try {
        operation(store);
      } catch (error) {
        threw = error;
      }
    });
    return { threw };
  }

  test("at any microsecond of a write leaves the old value or the new, and once the new, so ever after", () => {
    const changes: number[] = [];
    let last = 1;
    for (let lastsUs = 0; lastsUs <= 6 * entryUs + 5; lastsUs++) {
      const memory = new KeyValueMemory();
      const { timed, store } = rig(memory);
      timed(() => store.write("a", Uint8Array.of(1)));
      const { threw } = cut(memory, lastsUs, (at) => at.write("a", Uint8Array.of(2)));
      expect(threw instanceof PowerLost).toBe(lastsUs < 6 * entryUs);
      const after = rig(memory);
      const value = bytesOf(after.timed(() => after.store.read("a")).value)![0]!;
      if (value !== last) changes.push(lastsUs);
      last = value;
    }
    expect([changes, last]).toEqual([[3 * entryUs], 2]);
  });

  test("in the middle of a reclaim loses nothing, of this key or of others, and the log goes on", () => {
    const seen = new Set<number>();
    for (let lastsUs = 0; lastsUs < costs.flashEraseUs + 30 * entryUs; lastsUs += 307) {
      const memory = worn(10);
      cut(memory, lastsUs, (store) => store.write("a", Uint8Array.of(2)));
      const { timed, store } = rig(memory);
      timed(() => {
        const value = bytesOf(store.read("a"))![0]!;
        seen.add(value);
        for (let count = 0; count < 10; count++) expect(bytesOf(store.read("o" + count))).toEqual([count]);
      });
      timed(() => {
        for (let times = 0; times < 300; times++) store.write("a", Uint8Array.of(3));
        expect(bytesOf(store.read("a"))).toEqual([3]);
        for (let count = 0; count < 10; count++) expect(bytesOf(store.read("o" + count))).toEqual([count]);
      });
    }
    expect([...seen]).toEqual([1, 2]);
  });

  test("leaves a deleted value or none", () => {
    const left: boolean[] = [];
    for (const lastsUs of [0, 3 * entryUs - 1, 3 * entryUs]) {
      const memory = new KeyValueMemory();
      const { timed, store } = rig(memory);
      timed(() => store.write("a", Uint8Array.of(1)));
      cut(memory, lastsUs, (at) => at.delete("a"));
      const after = rig(memory);
      left.push(after.timed(() => after.store.read("a")).value !== undefined);
    }
    expect(left).toEqual([true, true, false]);
  });

  test("stops what comes after it, though the firmware catches it", () => {
    const memory = new KeyValueMemory();
    rig(memory);
    cut(memory, 100, (store) => {
      expect(() => store.write("a", Uint8Array.of(1))).toThrow(PowerLost);
      expect(() => store.write("b", Uint8Array.of(1))).toThrow(PowerLost);
      expect(() => store.read("a")).toThrow(PowerLost);
    });
    expect([memory.read("mote", "a"), memory.read("mote", "b")]).toEqual([undefined, undefined]);
  });
});

test("a station's values outlast its boots, and an app that keeps none leaves no trace of the storage", () => {
  const lines: string[] = [];
  const { station, until } = run({ onTrace: (line) => void lines.push(line) });
  until(2000);
  expect(lines.filter((line) => line.includes("key-value"))).toEqual([]);
  const { board } = station;
  board.cpu.post(() => board.device.keyValue.open({ path: "test" }).write("a", Uint8Array.of(1, 2)));
  until(3000);
  station.reset("software");
  until(6000);
  let read: ArrayBuffer | undefined;
  board.cpu.post(() => void (read = board.device.keyValue.open({ path: "test", mode: "r" }).read("a")));
  until(7000);
  expect(bytesOf(read)).toEqual([1, 2]);
});
