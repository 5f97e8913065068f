/** Room and wear of key-value storage, against the world's model of NVS. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { frameBytes } from "../../../firmware/checkpoints/state-entry.js";
import { entriesOf, haveRoom, roomMistake, roundMs } from "../../../firmware/checkpoints/room.js";
import { limits } from "../../../firmware/limits.js";
import { KeyValueMemory, type Toll } from "../../../host-sim/world/key-value-memory.js";

const free: Toll = { entries() {}, erase() {} };
const bytesOf = (entries: number): Uint8Array => new Uint8Array(32 * (entries - 2));

/** What the radio is left: two pages that rest. */
function withRadio(): KeyValueMemory {
  const memory = new KeyValueMemory();
  for (let i = 0; i < 4; i++) memory.write("radio", "r" + i, bytesOf(63), free);
  return memory;
}

/** Writes of values of so many entries each, chosen by `draws`; false when one found no room. */
function survives(values: readonly number[], draws: readonly number[]): boolean {
  const memory = withRadio();
  try {
    values.forEach((entries, key) => memory.write("own", "k" + key, bytesOf(entries), free));
    for (const draw of draws) {
      const key = draw % values.length;
      memory.write("own", "k" + key, bytesOf(values[key]!), free);
    }
  } catch (thrown) {
    expect((thrown as Error).message).toBe("ESP_ERR_NVS_NOT_ENOUGH_SPACE");
    return false;
  }
  return true;
}

const values = fc.array(fc.oneof(fc.integer({ min: 3, max: 10 }), fc.integer({ min: 3, max: 126 })), { minLength: 1, maxLength: 30 });
const draws = fc.array(fc.nat(1000), { minLength: 100, maxLength: 300 });

test("values that have room by the rule find it, whatever the order in which they are written anew", () => {
  fc.assert(
    fc.property(values.filter(haveRoom), draws, (entries, order) => survives(entries, order)),
    { seed: 1, numRuns: 600 },
  );
});

test("the rule is not much stricter than it has to be", () => {
  let refused = 0;
  let failed = 0;
  fc.assert(
    fc.property(values, draws, (entries, order) => {
      if (haveRoom(entries)) return;
      refused++;
      if (!survives(entries, order)) failed++;
    }),
    { seed: 1, numRuns: 600 },
  );
  expect(refused).toBeGreaterThan(100);
  expect(failed / refused).toBeGreaterThan(0.5);
});

describe("what an app keeps is refused", () => {
  test("when it has more states than there may be", () => {
    const states = Array<number>(limits.statesMax).fill(41);
    expect(roomMistake({ totals: 0, states })).toBeUndefined();
    expect(roomMistake({ totals: 0, states: [...states, 41] })).toContain("33 keep their state over a restart, at most 32 can");
  });

  test("when the storage has no room for it", () => {
    expect(roomMistake({ totals: limits.totalsMax, states: [2000] })).toBeUndefined();
    expect(roomMistake({ totals: 0, states: [3000, 3000] })).toBeUndefined();
    expect(roomMistake({ totals: 0, states: [3000, 3000, 3000] })).toContain("9000 bytes in 3 states (the longest 3000)");
    expect(roomMistake({ totals: limits.totalsMax, states: [3968] })).toContain("choose restore: false");
    expect(roomMistake({ totals: 0, states: [3969] })).toBeDefined();
  });

  test("but never an app that keeps only totals, or nothing", () => {
    expect(roomMistake({ totals: limits.totalsMax, states: [] })).toBeUndefined();
    expect(roomMistake({ totals: 0, states: [] })).toBeUndefined();
  });
});

describe("what is written wears the storage out no faster than is stated:", () => {
  /** Erases a day of the page that is erased most, over a year with default intervals, all values changing all the time. */
  function erasesADay(totals: number, states: readonly number[]): number {
    const memory = withRadio();
    const entries = states.map((bytes) => entriesOf(bytes + frameBytes));
    expect(roomMistake({ totals, states: states.map((bytes) => bytes + frameBytes) })).toBeUndefined();
    const everyMs = limits.checkpointsEveryMs;
    const every = roundMs(
      everyMs,
      entries.reduce((sum, each) => sum + each, 0),
    );
    const days = 120;
    let totalsMs = everyMs;
    let roundDueMs = every;
    while (totalsMs < days * 86_400_000) {
      if (totalsMs <= roundDueMs) {
        for (let i = 0; i < totals; i++) memory.write("t", "t" + i, new Uint8Array(14), free);
        totalsMs += everyMs;
      } else {
        states.forEach((bytes, i) => memory.write("s", "s" + i, new Uint8Array(bytes + frameBytes), free));
        roundDueMs += every;
      }
    }
    return Math.max(...memory.erases) / days;
  }

  const years = (perDay: number): number => 100_000 / perDay / 365;

  test.each([
    // docs/decisions/checkpoints.md has these figures.
    ["16 totals", 16, [], 9.9],
    ["a seasonal baseline by the hour", 0, [442], 26],
    ["an anomaly", 0, [2974], 15],
    ["a total, a baseline and six control charts", 1, [442, 52, 52, 52, 52, 52, 52], 17],
    ["the most that there may be of short states", 0, Array<number>(32).fill(60), 19],
    ["16 totals and 32 short states", 16, Array<number>(32).fill(52), 5.7],
    ["two weeks by the hour, and 6 totals", 6, [2890, 2890], 9.8],
  ] as const)("%s last some years", (_, totals, states, least) => {
    const perDay = erasesADay(totals, states);
    expect(years(perDay)).toBeGreaterThan(least);
    expect(years(perDay)).toBeLessThan(1.1 * least);
  });
});
