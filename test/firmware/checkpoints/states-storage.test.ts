/** States in storage that changes hands, fills up and fails. */
import { describe, expect, test } from "vitest";
import { hashOf } from "../../../firmware/checkpoints/names.js";
import { indexKey, keyOf } from "../../../firmware/checkpoints/states.js";
import { everyMs, Numbers, rig } from "./states-rig.js";

describe("states that the app has no more", () => {
  test("are deleted in the first round, and those that it has stay", () => {
    const { boot, open, on, pass, storage } = rig();
    const first = boot();
    for (const name of ["a", "b", "c"]) open(first, name).x[0] = 1;
    on(() => first.stop());
    const next = boot();
    for (const name of ["b", "d"]) open(next, name);
    const store = storage();
    const there = (): string[] => on(() => ["a", "b", "c", "d"].filter((name) => store.read(keyOf(hashOf(name))) !== undefined));
    expect(there()).toEqual(["a", "b", "c"]);
    pass(everyMs + 100);
    expect(there()).toEqual(["b", "d"]);
    expect(on(() => store.read(indexKey)!.byteLength)).toBe(8);
    expect(next.counts.failures).toBe(0);
  });

  test("do not fill the storage, however often the app changes", () => {
    const { boot, open, on, timers, pass } = rig();
    for (let version = 0; version < 60; version++) {
      const states = boot();
      open(states, "s" + version, new Numbers(200)).x[0] = version;
      if (version % 2 === 0) on(() => states.stop());
      else pass(states.everyRoundMs + 1000);
      on(() => states.stop());
      expect(states.counts.failures).toBe(0);
      expect(timers.size).toBe(0);
    }
  });

  test("are known by a list that is not written again while it is right", () => {
    const { boot, open, on, operations } = rig();
    for (let times = 0; times < 3; times++) {
      const states = boot();
      open(states, "a").x[0] = times;
      on(() => states.stop());
    }
    expect(operations().filter((line) => line === `write ${indexKey}`).length).toBe(1);
  });
});

describe("storage that fails", () => {
  test("is counted, never thrown, and tried again a round later", () => {
    const { boot, open, board, pass, restored } = rig();
    const states = boot();
    const numbers = open(states, "a");
    numbers.x[0] = 1;
    pass(everyMs + 1000);
    board.keyValue.failing = true;
    numbers.x[0] = 2;
    pass(2 * everyMs + 2000);
    expect(states.counts.failures).toBe(2);
    board.keyValue.failing = false;
    pass(everyMs + 1000);
    expect(states.counts.failures).toBe(2);
    expect(restored("a")).toEqual([2]);
  });

  test("from the start restores nothing, and a stop comes to its end", () => {
    const { boot, open, board, on, timers } = rig();
    board.keyValue.failing = true;
    const states = boot();
    open(states, "a");
    expect(states.counts).toEqual({ restored: 0, refused: 0, failures: 1 });
    on(() => states.stop());
    expect(states.counts.failures).toBe(2);
    expect(timers.size).toBe(0);
  });

  test("for want of room does not lose what was written before", () => {
    const { boot, open, on, board, pass } = rig();
    const first = boot();
    open(first, "a").x[0] = 1;
    on(() => first.stop());
    const others = on(() => board.device.keyValue.open({ path: "others" }));
    on(() => {
      for (let index = 0; ; index++) {
        try {
          others.write("k" + index, new Uint8Array(1));
        } catch {
          break;
        }
      }
    });
    const next = boot();
    const numbers = open(next, "a");
    numbers.x[0] = 2;
    pass(everyMs + 1000);
    const last = boot();
    expect([1, 2]).toContain(open(last, "a").x[0]);
    expect(last.counts.restored).toBe(1);
  });
});
