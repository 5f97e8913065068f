import { expect, test } from "vitest";
import Time from "../../../host-sim/ecma419/time.js";
import Timer from "../../../host-sim/ecma419/timer.js";
import { world } from "./boards.js";

function seen(runMs: number, begin: (note: (what: string) => void) => void): [string, number][] {
  const { board, at, until } = world();
  const on = board();
  const times: [string, number][] = [];
  at(1000, on, () => begin((what) => times.push([what, Math.floor(on.cpu.nowUs / 1000) - 1000])));
  until(1000 + runMs);
  return times;
}

test("a timer set once fires once, gets itself, and is over", () => {
  let over: Timer | undefined;
  const times = seen(1000, (note) => {
    const set = Timer.set((timer) => {
      note(timer === set ? "itself" : "another");
      over = timer;
    }, 20.9);
  });
  expect(times).toEqual([["itself", 20]]);
  expect(() => Timer.schedule(over!, 5)).toThrow("this timer is over");
});

test("without a delay it fires as soon as the board has time", () => {
  const times = seen(10, (note) => {
    Timer.set(() => note("later"));
    note("first");
  });
  expect(times.map(([what]) => what)).toEqual(["first", "later"]);
});

test("a repeated timer keeps its grid, also after a busy time, and ends when it is cleared", () => {
  let count = 0;
  const times = seen(200, (note) => {
    Timer.repeat((timer) => {
      note("tick");
      if (++count === 2) Timer.delay(4);
      if (count === 4) Timer.delay(25);
      if (count === 7) Timer.clear(timer);
    }, 10);
  });
  expect(times.map(([, ms]) => ms)).toEqual([10, 20, 30, 40, 65, 75, 85]);
});

test("the first time may differ from those after it", () => {
  expect(seen(36, (note) => Timer.set(() => note("tick"), 5, 10)).map(([, ms]) => ms)).toEqual([5, 15, 25, 35]);
});

test("a timer rests without times, and goes on when it is scheduled again, also from its own callback", () => {
  const times = seen(200, (note) => {
    let count = 0;
    const ticking = Timer.repeat((timer) => {
      note("tick");
      if (++count === 2) Timer.schedule(timer);
    }, 10);
    Timer.set(() => Timer.schedule(ticking, 5, 50), 100);
  });
  expect(times.map(([, ms]) => ms)).toEqual([10, 20, 105, 155]);
});

test("clearing takes nothing, and a timer twice", () => {
  expect(
    seen(50, (note) => {
      const timer = Timer.set(() => note("never"), 10);
      Timer.clear(timer);
      Timer.clear(timer);
      Timer.clear();
      Timer.clear(null);
    }),
  ).toEqual([]);
});

test("a blocking delay makes everything later on its own board, and nothing on another", () => {
  const { board, at, until } = world();
  const [first, second] = [board(), board()];
  const times: [string, number, number][] = [];
  const note = (what: string, nowUs: number): void => void times.push([what, Math.floor(nowUs / 1000), Time.ticks]);
  at(10, first, () => {
    const begun = Time.ticks;
    Timer.delay(35);
    note(`delayed ${Time.delta(begun)}`, first.cpu.nowUs);
  });
  at(20, first, () => note("first", first.cpu.nowUs));
  at(20, second, () => note("second", second.cpu.nowUs));
  until(100);
  expect(times).toEqual([
    ["delayed 35", 45, 45],
    ["second", 20, 20],
    ["first", 45, 45],
  ]);
});

test("what was set before the power went never fires", () => {
  const { board, at, until, scheduler } = world();
  const on = board();
  let fired = 0;
  at(10, on, () => Timer.repeat(() => fired++, 10));
  until(35);
  on.powerOff();
  scheduler.runUntil(1e6);
  expect(fired).toBe(2);
});

test("before a board runs there is no time, and that is said", () => {
  world();
  expect(() => Timer.delay(1)).toThrow("no board runs while an app's files are loaded");
});
