/** Faults of flash: slow erases, worn sectors, operations that fail. Flips: board-effects.test.ts; torn operations: world/flash.test.ts. */
import { describe, expect, test } from "vitest";
import type { Fault } from "../../../host-sim/faults/catalogue.js";
import { sectorBytes } from "../../../host-sim/world/flash-memory.js";
import { fault, struck } from "./struck.js";

/** Does `operation` with the journal's partition at 5 s, while the faults are on; says how long it took, and what it threw. */
function during(faults: readonly Fault[], operation: (flash: ReturnType<ReturnType<typeof opened>>) => void, seed = 1, atMs = 5000) {
  const made = struck(faults, { seed });
  made.until(atMs);
  const { cpu } = made.station.board;
  let threw: unknown;
  let us = 0;
  cpu.post(() => {
    const beganUs = cpu.nowUs;
    try {
      operation(opened(made)());
    } catch (error) {
      threw = error;
    }
    us = cpu.nowUs - beganUs;
  });
  made.until(atMs + 3000);
  return { us, threw, partition: made.station.board.flash.get("journal")! };
}

const opened = (made: ReturnType<typeof struck>) => () => made.station.board.device.flash.open({ path: "journal" });

describe("slow flash", () => {
  const slow = fault("flash-slow", 4000, 10_000);

  test("takes 400 ms for an erase where 45 ms are usual, and no longer than usual for a write", () => {
    expect(during([], (flash) => flash.eraseBlock(3)).us).toBe(45_000);
    expect(during([slow], (flash) => flash.eraseBlock(3)).us).toBe(400_000);
    expect(during([slow], (flash) => flash.write(new Uint8Array(16), 0)).us).toBe(40);
  });

  test("is as slow as the slowest of several faults, and as usual when they are healed", () => {
    const slower = fault("flash-slow", 4500, 6000, { erase: 1000 });
    expect(during([slow, slower], (flash) => flash.eraseBlock(3)).us).toBe(1_000_000);
    expect(during([slow, slower], (flash) => flash.eraseBlock(3), 1, 7000).us).toBe(400_000);
    expect(during([slow, slower], (flash) => flash.eraseBlock(3), 1, 11_000).us).toBe(45_000);
  });
});

describe("worn sectors", () => {
  const wear = (sectors: number) => fault("flash-worn", 4000, 4000, { sectors });

  /** Sectors that keep something of zeros through four erases. */
  function keeping(sectors: number, seed: number): number[] {
    const { partition } = during([wear(sectors)], () => {}, seed);
    const count = partition.bytes / sectorBytes;
    const kept: number[] = [];
    for (let index = 0; index < count; index++) {
      let isKept = false;
      for (let times = 0; times < 4; times++) {
        partition.program(new Uint8Array(sectorBytes), index * sectorBytes);
        partition.erase(index);
        isKept ||= partition.sectors.has(index);
      }
      if (isKept) kept.push(index);
    }
    return kept;
  }

  test("keep some of their zeros from then on, as many sectors as asked for, the same ones in every run", () => {
    const kept = keeping(10, 1);
    expect(kept).toHaveLength(10);
    expect(keeping(10, 1)).toEqual(kept);
    expect(keeping(10, 2)).not.toEqual(kept);
    expect(keeping(1, 1)).toHaveLength(1);
  });

  test("are all sectors when more are asked for than there are", () => {
    const { partition } = during([], () => {});
    expect(keeping(1024, 1)).toHaveLength(partition.bytes / sectorBytes);
  });
});

describe("flash that fails", () => {
  test("throws at writes and erases, and leaves them done in part", () => {
    const parts = new Set<string>();
    for (let seed = 1; seed <= 12; seed++) {
      const { threw, partition } = during([fault("flash-fail", 4000, 10_000)], (flash) => flash.write(new Uint8Array(256), 0), seed);
      expect(threw).toMatchObject({ message: "ESP_ERR_FLASH_OP_FAIL" });
      const written =
        partition.sectors
          .get(0)
          ?.subarray(0, 256)
          .findLastIndex((byte) => byte === 0) ?? -1;
      parts.add(written < 64 ? "a little" : written < 192 ? "half" : "most");
    }
    expect(parts.size).toBe(3);
    const erased = during([fault("flash-fail", 4000, 10_000)], (flash) => flash.eraseBlock(2));
    expect(erased.threw).toMatchObject({ message: "ESP_ERR_FLASH_OP_FAIL" });
    expect(erased.us).toBe(45_000);
  });

  test("fails only the operations that are named, as often as chance says, and none when it is healed", () => {
    const failures = (operation: string, chance: number, atMs = 5000): number => {
      let count = 0;
      during(
        [fault("flash-fail", 4000, 10_000, { operation, chance })],
        (flash) => {
          for (let each = 0; each < 100; each++) {
            try {
              flash.write(new Uint8Array(16), 16 * each);
            } catch {
              count++;
            }
          }
        },
        1,
        atMs,
      );
      return count;
    };
    expect([failures("write", 1), failures("both", 1), failures("erase", 1), failures("both", 0)]).toEqual([100, 100, 0, 0]);
    expect(failures("write", 0.2)).toBeGreaterThan(8);
    expect(failures("write", 0.2)).toBeLessThan(35);
    expect(failures("both", 1, 11_000)).toBe(0);
  });
});
