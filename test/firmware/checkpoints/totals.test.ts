/** Totals on a simulated board: when they are written, what a stop and failures do. Power cuts are in power-cut.test.ts. */
import { describe, expect, test } from "vitest";
import { limits } from "../../../firmware/limits.js";
import { keyOf } from "../../../firmware/checkpoints/total-entry.js";
import { namespace, totals } from "../../../firmware/checkpoints/totals.js";
import { simulatedBoard } from "../simulated-board.js";

const everyMs = limits.checkpointsEveryMs;

function rig(made = simulatedBoard()) {
  const { device, board, on, lines } = made;
  return {
    ...made,
    kept: on(() => totals(device, everyMs)),
    /** Times of writes, ms, rounded, by key. */
    writes: (name: string): number[] =>
      lines.filter(({ what, key }) => what === "key-value.write" && key === keyOf(name)).map(({ us }) => Math.round(us / 1000)),
    memory: board.keyValue,
    /** The next boot of the same board, as far as totals see it. */
    again: () => on(() => totals(device, everyMs)),
    /** What the next boot would find. */
    restored: (name: string): number | undefined => on(() => totals(device, everyMs).open(name).restore()),
  };
}

test("an app without totals never touches the storage", () => {
  const { kept, on, pass, lines } = rig();
  pass(2 * everyMs);
  on(() => kept.stop());
  expect(lines.filter(({ what }) => what.startsWith("key-value"))).toEqual([]);
  expect(kept.failures).toBe(0);
});

test("what was kept is restored by its name, bit by bit, and other names have nothing", () => {
  const { kept, on, again } = rig();
  on(() => {
    kept.open("a/0").keep(0.1 + 0.2);
    kept.open("b/0").keep(-0);
    kept.stop();
  });
  const next = again();
  expect(on(() => ["a/0", "b/0", "a/1"].map((name) => next.open(name).restore()))).toEqual([0.1 + 0.2, -0, undefined]);
  expect(next.failures).toBe(0);
});

test("a total that changes with each sample is written once in its time, the first time that long after it was opened", () => {
  const { kept, on, pass, writes, restored } = rig();
  const total = on(() => kept.open("a/0"));
  for (let second = 1; second <= 1000; second++) {
    on(() => total.keep(second));
    pass(1000);
  }
  const times = writes("a/0");
  expect(times.length).toBe(3);
  expect(times[0]! - everyMs).toBeLessThan(50);
  for (let index = 1; index < 3; index++) {
    const gapMs = times[index]! - times[index - 1]!;
    expect(gapMs).toBeGreaterThanOrEqual(everyMs);
    expect(gapMs).toBeLessThan(everyMs + 50);
  }
  // Kept when the third write was due.
  expect(restored("a/0")).toBe(901);
});

test("a total that rests is written once, and what changes after a rest at once", () => {
  const { kept, on, pass, writes, timers } = rig();
  const total = on(() => kept.open("a/0"));
  const rest = (x: number, ms: number): void => {
    for (let passed = 0; passed < ms; passed += 10_000) {
      on(() => total.keep(x));
      pass(10_000);
    }
  };
  rest(5, 4 * everyMs);
  expect(writes("a/0").length).toBe(1);
  on(() => total.keep(5));
  expect(timers.size).toBe(0);
  const beforeMs = 4 * everyMs;
  rest(6, 20_000);
  expect(writes("a/0").length).toBe(2);
  expect(writes("a/0")[1]! - beforeMs).toBeLessThan(50);
});

test("a total that is again what was written is not written", () => {
  const { kept, on, pass, writes, restored } = rig();
  const total = on(() => kept.open("a/0"));
  on(() => total.keep(5));
  pass(everyMs + 100);
  on(() => {
    total.keep(6);
    total.keep(5);
  });
  pass(everyMs + 100);
  expect([writes("a/0").length, restored("a/0")]).toEqual([1, 5]);
});

test("the last value is written also when no other comes after it", () => {
  const { kept, on, pass, restored } = rig();
  const total = on(() => kept.open("a/0"));
  on(() => total.keep(1));
  pass(everyMs + 100);
  on(() => total.keep(2));
  pass(everyMs + 100);
  expect(restored("a/0")).toBe(2);
});

test("an orderly stop writes what is not written, and nothing is written or due after it", () => {
  const { kept, on, pass, writes, timers, lines } = rig();
  const [one, other] = on(() => [kept.open("a/0"), kept.open("b/0")]);
  pass(1000);
  on(() => {
    one!.keep(1);
    kept.stop();
    one!.keep(2);
    other!.keep(3);
    kept.stop();
  });
  expect(timers.size).toBe(0);
  pass(3 * everyMs);
  expect([writes("a/0").length, writes("b/0").length, timers.size]).toEqual([1, 0, 0]);
  expect(lines.filter(({ what }) => what === "key-value.write").length).toBe(1);
});

test("the most that there may be, all due at once, are written a turn each: between them other events have theirs", () => {
  const { kept, on, pass, device, writes } = rig();
  const all = on(() => Array.from({ length: limits.totalsMax }, (_, index) => kept.open(`c${index}/0`)));
  on(() => all.forEach((total, index) => total.keep(index)));
  pass(everyMs - 5);
  let worstMs = 0;
  let ticks = 0;
  const tick = (dueMs: number): void => {
    const lateMs = device.clock.nowMs() - dueMs;
    if (lateMs > worstMs) worstMs = lateMs;
    if (++ticks < 300)
      device.timers.set(() => tick(dueMs + 1), dueMs + 1 - device.clock.nowMs() > 0 ? dueMs + 1 - device.clock.nowMs() : 0);
  };
  on(() => tick(device.clock.nowMs()));
  pass(1000);
  for (let index = 0; index < limits.totalsMax; index++) expect(writes(`c${index}/0`).length).toBe(1);
  expect(ticks).toBe(300);
  // A write takes 0.9 ms where there was none before; the clock counts whole ms.
  expect(worstMs).toBeLessThanOrEqual(3);
});

test("one more than there may be is not kept, and counted", () => {
  const { kept, on, pass, lines } = rig();
  on(() => {
    for (let index = 0; index < limits.totalsMax; index++) kept.open(`c${index}/0`);
    expect(kept.failures).toBe(0);
    const more = kept.open("more/0");
    more.keep(1);
    expect(more.restore()).toBeUndefined();
    kept.stop();
  });
  pass(2 * everyMs);
  expect(kept.failures).toBe(1);
  expect(lines.filter(({ what }) => what === "key-value.write")).toEqual([]);
});

describe("storage that fails", () => {
  test("is counted, never thrown; totals go on, and are written once it works again, not more often than they may", () => {
    const { kept, on, pass, memory, writes, restored } = rig();
    const total = on(() => kept.open("a/0"));
    on(() => total.keep(1));
    pass(everyMs + 1000);
    memory.failing = true;
    for (let step = 0; step < 30; step++) {
      on(() => total.keep(10 + step));
      pass(everyMs / 10);
    }
    expect(kept.failures).toBeGreaterThanOrEqual(2);
    expect(kept.failures).toBeLessThanOrEqual(3);
    expect(writes("a/0").length).toBe(1 + kept.failures);
    expect(on(() => total.restore())).toBe(1);
    memory.failing = false;
    pass(everyMs + 1000);
    expect(restored("a/0")).toBe(39);
  });

  test("from the start restores nothing, and an orderly stop comes to its end", () => {
    const { kept, on, pass, memory } = rig();
    memory.failing = true;
    const total = on(() => kept.open("a/0"));
    expect(on(() => total.restore())).toBeUndefined();
    on(() => total.keep(1));
    pass(everyMs + 1000);
    on(() => kept.stop());
    expect(kept.failures).toBe(3);
  });

  test("for want of room does not lose what was written before", () => {
    const { kept, on, pass, device, again } = rig();
    on(() => {
      kept.open("a/0").keep(1);
      kept.stop();
      const others = device.keyValue.open({ path: "others" });
      for (let index = 0; ; index++) {
        try {
          others.write("k" + index, new Uint8Array(1));
        } catch {
          break;
        }
      }
    });
    const next = again();
    const [old, added] = on(() => [next.open("a/0"), next.open("b/0")]);
    on(() => {
      old!.keep(2);
      added!.keep(3);
    });
    pass(everyMs + 1000);
    expect(next.failures).toBeGreaterThan(0);
    const last = again();
    expect([1, 2]).toContain(on(() => last.open("a/0").restore()));
    expect(on(() => last.open("b/0").restore())).toBeUndefined();
  });
});

test("an entry that is damaged, too short, too long or somebody else's restores nothing, and is replaced", () => {
  const { on, pass, device, again, restored } = rig();
  const store = on(() => device.keyValue.open({ path: namespace }));
  const key = keyOf("liquid/0");
  const first = again();
  on(() => {
    // Its key is the same.
    first.open("costarring/0").keep(7);
    first.stop();
  });
  const foreign = on(() => new Uint8Array(store.read(key)!));
  const damaged = Uint8Array.from(foreign, (byte, index) => byte ^ (index === 7 ? 1 : 0));
  for (const bytes of [foreign, damaged, foreign.slice(1), new Uint8Array(0), new Uint8Array(3000)]) {
    on(() => store.write(key, bytes));
    const next = again();
    const total = on(() => next.open("liquid/0"));
    expect(on(() => total.restore())).toBeUndefined();
    on(() => total.keep(8));
    pass(everyMs + 1000);
    expect(restored("liquid/0")).toBe(8);
    expect(next.failures).toBe(0);
  }
});

test("names of one key take each other's place and never each other's value", () => {
  const { kept, on, pass, again } = rig();
  const [one, other] = on(() => [kept.open("costarring/0"), kept.open("liquid/0")]);
  on(() => {
    one!.keep(1);
    other!.keep(2);
  });
  pass(everyMs + 1000);
  const next = again();
  expect(on(() => ["costarring/0", "liquid/0"].map((name) => next.open(name).restore()))).toEqual([undefined, 2]);
});
