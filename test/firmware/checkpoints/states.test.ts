/** States of stages on a simulated board: when they are written, and what is restored. Power cuts are in states-power-cut.test.ts. */
import { describe, expect, test } from "vitest";
import type { ResetReason } from "../../../firmware/device.js";
import { hashOf } from "../../../firmware/checkpoints/names.js";
import { frameBytes, type StateBytes } from "../../../firmware/checkpoints/state-entry.js";
import { keyOf } from "../../../firmware/checkpoints/states.js";
import { everyMs, Numbers, rig } from "./states-rig.js";

describe("states are written", () => {
  test("in rounds, each once, the first as long after the start as the others after each other", () => {
    const { boot, open, pass, writes } = rig();
    const states = boot();
    const all = ["a", "b", "c"].map((name) => open(states, name));
    for (let second = 1; second <= 1000; second++) {
      for (const each of all) each.x[0] = second;
      pass(1000);
    }
    for (const name of ["a", "b", "c"]) {
      const times = writes(name);
      expect(times.length).toBe(3);
      expect(times[0]).toBeGreaterThanOrEqual(everyMs);
      expect(times[0]).toBeLessThan(everyMs + 100);
      for (let i = 1; i < 3; i++) {
        expect(times[i]! - times[i - 1]!).toBeGreaterThanOrEqual(everyMs);
        expect(times[i]! - times[i - 1]!).toBeLessThan(everyMs + 100);
      }
    }
    expect(states.counts).toEqual({ restored: 0, refused: 0, failures: 0 });
  });

  test("less often when they are long or many: 12.5 s an entry of 32 bytes", () => {
    const { boot, open, pass, writes } = rig();
    const states = boot();
    // 2,409 bytes: 76 entries and two.
    const numbers = open(states, "long", new Numbers(300));
    expect(states.everyRoundMs).toBe(78 * 12_500);
    for (let minute = 0; minute < 40; minute++) {
      numbers.x[0] = minute;
      pass(60_000);
    }
    expect(writes("long").length).toBe(2);
    expect(writes("long")[0]).toBeGreaterThanOrEqual(78 * 12_500);
  });

  test("not while they are as they were written", () => {
    const { boot, open, pass, writes } = rig();
    const states = boot();
    const [rests, changes] = [open(states, "rests"), open(states, "changes")];
    rests.x[0] = 5;
    for (let round = 0; round < 5; round++) {
      changes.x[0] = round;
      pass(everyMs + 100);
    }
    expect([writes("rests").length, writes("changes").length]).toEqual([1, 5]);
  });

  test("a turn of the thread each: between two of them other events have theirs", () => {
    const { boot, open, pass, device, on } = rig();
    const states = boot();
    for (let i = 0; i < 12; i++) open(states, "s" + i, new Numbers(5)).x[0] = i + 1;
    const roundMs = states.everyRoundMs;
    pass(roundMs - 20);
    let worstMs = 0;
    let ticks = 0;
    const tick = (dueMs: number): void => {
      const lateMs = device.clock.nowMs() - dueMs;
      if (lateMs > worstMs) worstMs = lateMs;
      const waitMs = dueMs + 1 - device.clock.nowMs();
      if (++ticks < 200) device.timers.set(() => tick(dueMs + 1), waitMs > 0 ? waitMs : 0);
    };
    on(() => tick(device.clock.nowMs()));
    pass(1000);
    expect(ticks).toBe(200);
    // The list's 3 entries, or 4 of a state: 1.2 ms, and a timer that was due meanwhile; the clock counts whole ms.
    expect(worstMs).toBeLessThanOrEqual(4);
  });

  test("once more at an orderly stop, and never after it", () => {
    const { boot, open, pass, on, writes, timers, restored } = rig();
    const states = boot();
    const numbers = open(states, "a");
    pass(1000);
    numbers.x[0] = 7;
    on(() => states.stop());
    expect([writes("a").length, timers.size]).toEqual([1, 0]);
    numbers.x[0] = 8;
    on(() => states.stop());
    pass(3 * everyMs);
    expect([writes("a").length, timers.size]).toEqual([1, 0]);
    expect(restored("a")).toEqual([7]);
  });

  test("never by a board that restarts within the first round", () => {
    const { boot, open, pass, operations, board, timers } = rig();
    for (let times = 0; times < 20; times++) {
      const states = boot();
      open(states, "a").x[0] = times;
      pass(everyMs - 1000);
      timers.clear();
      board.powerOff();
      board.powerOn("software");
    }
    expect(operations()).toEqual([]);
  });
});

describe("a state is restored", () => {
  const saved = (reason: ResetReason = "software") => {
    const made = rig(reason);
    const states = made.boot();
    made.open(states, "a", new Numbers(3)).x.splice(0, 3, 0.1 + 0.2, -0, 5e-324);
    made.on(() => states.stop());
    return made;
  };

  test("bit by bit, by its name", () => {
    const { restored } = saved();
    expect(restored("a", 3)).toEqual([0.1 + 0.2, -0, 5e-324]);
    expect(restored("b", 3)).toBeUndefined();
  });

  test("unless it means something else, or has another length; then it is counted and replaced", () => {
    for (const [meaning, count] of [
      ["other", 3],
      ["m", 2],
      ["m", 4],
    ] as const) {
      const { boot, open, on, restored } = saved();
      const states = boot();
      const numbers = open(states, "a", new Numbers(count), meaning);
      expect(states.counts).toEqual({ restored: 0, refused: 1, failures: 0 });
      expect(numbers.x).toEqual(Array(count).fill(0));
      numbers.x[0] = 9;
      on(() => states.stop());
      expect(restored("a", count, meaning)?.[0]).toBe(9);
    }
  });

  test("unless it is damaged, which is counted", () => {
    for (const at of [0, 3, 5, 12, 28, 32]) {
      const { boot, open, on, storage } = saved();
      const store = storage();
      on(() => {
        const entry = new Uint8Array(store.read(keyOf(hashOf("a")))!);
        expect(entry.length).toBe(24 + frameBytes);
        entry[at]! ^= 0x10;
        store.write(keyOf(hashOf("a")), entry);
      });
      const states = boot();
      expect(open(states, "a", new Numbers(3)).x).toEqual([0, 0, 0]);
      expect(states.counts).toEqual({ restored: 0, refused: 1, failures: 0 });
    }
  });

  test.each<[ResetReason, boolean]>([
    ["software", true],
    ["panic", true],
    ["watchdog", true],
    ["power-on", false],
    ["brown-out", false],
    ["deep-sleep", false],
    ["unknown", false],
  ])("that needs the time after the reset reason %s: %s", (reason, kept) => {
    const { boot, open } = saved(reason);
    const states = boot();
    open(states, "a", new Numbers(3), "m", true);
    expect(states.counts).toEqual({ restored: kept ? 1 : 0, refused: kept ? 0 : 1, failures: 0 });
    let told: boolean | undefined;
    const other = boot();
    const numbers = new Numbers(3);
    open(
      other,
      "a",
      Object.assign(numbers, { walk: (state: StateBytes) => (numbers.x.forEach((x) => state.number(x)), (told = state.timeLost)) }),
    );
    expect(told).toBe(!kept);
  });
});
