import fc from "fast-check";
import { expect, test } from "vitest";
import { type Event, Scheduler } from "../../../host-sim/world/scheduler.js";

test("events run by time, and at one time in the order they were asked for; the clock is theirs while they run", () => {
  const scheduler = new Scheduler();
  const ran: [string, number][] = [];
  const note = (name: string) => () => void ran.push([name, scheduler.nowUs]);
  scheduler.at(20, note("c"));
  scheduler.at(10, note("a"));
  scheduler.at(20, note("d"));
  scheduler.at(10, note("b"));
  scheduler.runUntil(15);
  expect(scheduler.nowUs).toBe(15);
  scheduler.at(5, note("past"));
  scheduler.runUntil(20);
  expect(ran).toEqual([
    ["a", 10],
    ["b", 10],
    ["past", 15],
    ["c", 20],
    ["d", 20],
  ]);
  expect([scheduler.nowUs, scheduler.nextUs()]).toEqual([20, Infinity]);
});

test("without an end it runs until there is nothing left, and leaves the clock at the last event", () => {
  const scheduler = new Scheduler();
  let left = 3;
  const again = () => {
    if (--left > 0) scheduler.at(scheduler.nowUs + 7, again);
  };
  scheduler.at(7, again);
  scheduler.runUntil(Infinity);
  expect([left, scheduler.nowUs]).toEqual([0, 21]);
});

test("the clock does not go back", () => {
  const scheduler = new Scheduler();
  scheduler.runUntil(100);
  scheduler.runUntil(50);
  expect(scheduler.nowUs).toBe(100);
});

test("an event that throws is over: the others still run", () => {
  const scheduler = new Scheduler();
  let ran = 0;
  scheduler.at(1, () => {
    throw new Error("broken");
  });
  scheduler.at(1, () => ran++);
  expect(() => scheduler.runUntil(5)).toThrow("broken");
  scheduler.runUntil(5);
  expect(ran).toBe(1);
});

/** Schedules at a time from now, cancels one of those made so far, or runs on; and what an event does when it runs. */
type Command =
  | { do: "at"; inUs: number; next?: { cancels: number } | { atUs: number } }
  | { do: "cancel"; which: number }
  | { do: "run"; us: number };
const delay = fc.integer({ min: -5, max: 30 });
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record(
      {
        do: fc.constant("at" as const),
        inUs: delay,
        next: fc.oneof(fc.record({ cancels: fc.nat(100) }), fc.record({ atUs: delay })),
      },
      { requiredKeys: ["do", "inUs"] },
    ),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("cancel" as const), which: fc.nat(100) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("run" as const), us: fc.nat(25) }) },
);

/** The simplest thing that does the same: a list, searched from its start each time. */
class Naive {
  nowUs = 0;
  #waiting: { atUs: number; id: number; action: () => void }[] = [];
  at(atUs: number, id: number, action: () => void): void {
    this.#waiting.push({ atUs: Math.max(atUs, this.nowUs), id, action });
  }
  cancel(id: number): void {
    this.#waiting = this.#waiting.filter((each) => each.id !== id);
  }
  runUntil(untilUs: number): void {
    for (;;) {
      const due = this.#waiting.filter(({ atUs }) => atUs <= untilUs);
      if (due.length === 0) break;
      const next = due.reduce((first, each) => (each.atUs < first.atUs ? each : first));
      this.cancel(next.id);
      this.nowUs = next.atUs;
      next.action();
    }
    this.nowUs = Math.max(this.nowUs, untilUs);
  }
}

test("any sequence of at, cancel and run, also from inside of events, runs what a plain list would, in its order", () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 80 }), (commands) => {
      const play = (world: {
        at(atUs: number, id: number, action: () => void): void;
        cancel(id: number): void;
        runUntil(us: number): void;
        nowUs: number;
      }) => {
        const ran: [number, number][] = [];
        let made = 0;
        const at = (inUs: number, next?: { cancels: number } | { atUs: number }) => {
          const id = made++;
          world.at(world.nowUs + inUs, id, () => {
            ran.push([id, world.nowUs]);
            if (next === undefined) return;
            if ("atUs" in next) at(next.atUs);
            else world.cancel(next.cancels % made);
          });
        };
        for (const each of commands) {
          if (each.do === "at") at(each.inUs, each.next);
          else if (each.do === "run") world.runUntil(world.nowUs + each.us);
          else if (made > 0) world.cancel(each.which % made);
        }
        world.runUntil(world.nowUs + 1000);
        return ran;
      };
      const scheduler = new Scheduler();
      const events = new Map<number, Event>();
      const real = {
        at: (atUs: number, id: number, action: () => void) => void events.set(id, scheduler.at(atUs, action)),
        cancel: (id: number) => void (events.has(id) && scheduler.cancel(events.get(id)!)),
        runUntil: (us: number) => scheduler.runUntil(us),
        get nowUs() {
          return scheduler.nowUs;
        },
      };
      expect(play(real)).toEqual(play(new Naive()));
      expect(scheduler.nextUs()).toBe(Infinity);
    }),
    { seed: 1, numRuns: 300 },
  );
});

test("when most of many events were cancelled, the others still happen in their order, and those that come later with them", () => {
  const scheduler = new Scheduler();
  const ran: number[] = [];
  const due: { atUs: number; id: number }[] = [];
  const add = (atUs: number, id: number): Event => scheduler.at(atUs, () => ran.push(id));
  for (let id = 0; id < 6000; id++) {
    const atUs = (id * 7919) % 13;
    const event = add(atUs, id);
    if (id % 5 !== 0) scheduler.cancel(event);
    else due.push({ atUs, id });
  }
  for (let id = 6000; id < 6100; id++) {
    add(id % 7, id);
    due.push({ atUs: id % 7, id });
  }
  scheduler.runUntil(20);
  expect(ran).toEqual(due.toSorted((a, b) => a.atUs - b.atUs || a.id - b.id).map(({ id }) => id));
});
