import { expect, test } from "vitest";
import { StageClock } from "../../firmware/stage-clock.js";

/** A board whose timers fire when it is told to, however late. */
function rig(bootMs = 0) {
  let nowMs = bootMs;
  const timers = new Set<{ dueMs: number; callback: () => void }>();
  const clock = new StageClock(
    { nowMs: () => nowMs },
    {
      set(callback, delayMs) {
        const timer = { dueMs: nowMs + delayMs, callback };
        timers.add(timer);
        return timer;
      },
      clear: (timer) => void timers.delete(timer as { dueMs: number; callback: () => void }),
    },
  );
  const fired: [what: string, atMs: number][] = [];
  return {
    clock,
    timers,
    fired: () => fired.splice(0),
    note: (what: string) => () => void fired.push([what, clock.atMs]),
    /** Fires what was due until then, in whatever order it was set. */
    wake(atMs: number): void {
      nowMs = atMs;
      for (const timer of [...timers]) {
        if (timer.dueMs > atMs || !timers.delete(timer)) continue;
        timer.callback();
      }
    },
  };
}

test("a timer that fires late has the time at which it was due, and time never runs backwards", () => {
  const { clock, note, wake, fired } = rig(5000);
  expect(clock.atMs).toBe(5000);
  clock.after(100, note("a"));
  wake(9000);
  expect(fired()).toEqual([["a", 5100]]);
  clock.moveTo(5050);
  expect(clock.atMs).toBe(5100);
});

test("a timer that is due before a sample, or with it, fires before it even when the board is late, and then not again", () => {
  const { clock, timers, note, wake, fired } = rig();
  clock.after(300, note("later"));
  clock.after(200, note("second of two"));
  clock.after(100, note("first"));
  clock.after(200, note("third"));
  clock.moveTo(200);
  expect(fired()).toEqual([
    ["first", 100],
    ["second of two", 200],
    ["third", 200],
  ]);
  expect([clock.atMs, timers.size]).toEqual([200, 1]);
  wake(1000);
  expect(fired()).toEqual([["later", 300]]);
  expect(timers.size).toBe(0);
});

test("the board's timers that fire late in another order fire in the order of their times", () => {
  const { clock, note, wake, fired } = rig();
  clock.after(300, note("b"));
  clock.after(200, note("a"));
  wake(1000);
  expect(fired()).toEqual([
    ["a", 200],
    ["b", 300],
  ]);
});

test("a timer set again and again in its own callback catches up on its grid", () => {
  const { clock, timers, wake, fired, note } = rig();
  const beat = (): void => {
    note("beat")();
    clock.after(100, beat);
  };
  clock.after(100, beat);
  clock.moveTo(350);
  expect(fired().map(([, atMs]) => atMs)).toEqual([100, 200, 300]);
  wake(350);
  wake(650);
  expect(fired()).toEqual([["beat", 400]]);
  expect(timers.size).toBe(1);
});

test("a cancelled timer does not fire, and one that has fired may be cancelled", () => {
  const { clock, timers, note, wake, fired } = rig();
  const kept = clock.after(200, note("kept"));
  const gone = clock.after(100, note("gone"));
  clock.cancel(gone);
  clock.cancel(gone);
  clock.cancel(undefined);
  clock.moveTo(150);
  expect([fired(), timers.size]).toEqual([[], 1]);
  wake(450);
  clock.cancel(kept);
  expect(fired()).toEqual([["kept", 200]]);
});

test("a sample that is late comes before what was due after it, and keeps its time", () => {
  const { clock, timers, note, wake, fired } = rig();
  clock.after(1010, note("timeout"));
  wake(1016);
  clock.moveTo(1000);
  expect([clock.atMs, fired(), timers.size]).toEqual([1000, [], 1]);
  wake(1010 + 200);
  expect(fired()).toEqual([["timeout", 1010]]);
});

test("after the stop nothing fires and nothing can be set, not even from the callback that stops", () => {
  const { clock, timers, note, wake, fired } = rig();
  clock.after(100, () => clock.stop());
  clock.after(100, note("never"));
  clock.after(200, note("never"));
  clock.moveTo(150);
  expect(timers.size).toBe(0);
  clock.after(10, note("never"));
  clock.moveTo(1000);
  wake(2000);
  expect([fired(), timers.size]).toEqual([[], 0]);
});
