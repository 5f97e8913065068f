import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PulseCounter } from "../../../../firmware/sensing/drivers/pulse.js";
import { PulseSource } from "../../../../host-sim/world/chips/pulse-source.js";
import { constant } from "../../../../host-sim/world/chips/signal.js";
import { Bench, Line } from "./bench.js";

function setup(debounceMs = 20) {
  const bench = new Bench();
  const line = new Line();
  const driver = new PulseCounter({ sensor: { io: line.io, pin: 27, clock: bench.clock } });
  driver.configure({ debounceMs });
  /** Moves the contact at a time and lets the firmware notice `latencyUs` later. */
  const move = (atUs: number, level: 0 | 1, latencyUs = 50): void => {
    if (bench.nowUs < atUs) bench.nowUs = atUs;
    line.set(level);
    bench.nowUs += latencyUs;
    line.deliver();
  };
  const total = (): number => {
    bench.nowUs += 1_000_000;
    return driver.sample().counter.total;
  };
  return { bench, line, driver, move, total };
}

describe("PulseCounter", () => {
  it("opens its pin with a pull-up and watches both edges", () => {
    const { line } = setup();
    expect(line.options).toMatchObject({ pin: 27, mode: line.io.InputPullUp, edge: line.io.Rising + line.io.Falling });
  });

  it("counts closures in total and since the sample before", () => {
    const { bench, driver, move } = setup();
    for (let i = 0; i < 3; i++) {
      move(i * 200_000, 0);
      move(i * 200_000 + 80_000, 1);
    }
    bench.nowUs += 100_000;
    expect(driver.sample()).toEqual({ counter: { total: 3, count: 3 } });
    expect(driver.sample()).toEqual({ counter: { total: 3, count: 0 } });
    move(bench.nowUs, 0);
    bench.nowUs += 100_000;
    expect(driver.sample()).toEqual({ counter: { total: 4, count: 1 } });
  });

  it("does not count the bounce of opening, although it has falling edges long after the closure", () => {
    const { move, total } = setup();
    move(0, 0);
    move(300_000, 1);
    move(301_000, 0);
    move(301_400, 1);
    move(302_000, 0);
    move(302_200, 1);
    expect(total()).toBe(1);
  });

  it("does not count a spike shorter than the debounce time, and does count a closure longer than it", () => {
    const { move, total } = setup();
    move(100_000, 0);
    move(115_000, 1);
    expect(total()).toBe(0);
    move(2_000_000, 0);
    move(2_022_000, 1);
    expect(total()).toBe(1);
  });

  it("takes a level for interrupted where edges merged, although it is back by the time of the call", () => {
    const { line, move, total } = setup();
    move(100_000, 0);
    line.set(1);
    move(115_000, 0);
    move(125_000, 1);
    expect(total()).toBe(0);
  });

  it("counts nothing for a contact that is closed at the start, and counts its next closure", () => {
    const bench = new Bench();
    const line = new Line();
    line.level = 0;
    const driver = new PulseCounter({ sensor: { io: line.io, pin: 27, clock: bench.clock } });
    bench.nowUs = 1e6;
    expect(driver.sample().counter.total).toBe(0);
    line.set(1);
    line.deliver();
    bench.nowUs = 2e6;
    line.set(0);
    line.deliver();
    bench.nowUs = 3e6;
    expect(driver.sample().counter.total).toBe(1);
  });

  it("counts every closure once through any bounce and any hold-up shorter than the closure allows", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 31 }),
        fc.integer({ min: 0, max: 50_000 }),
        fc.integer({ min: 1, max: 5 }),
        (seed, holdUpMaxUs, ratePerS) => {
          // 80 ms closed ≥ 3 ms of bounce + 20 ms + 1 ms + 50 ms of hold-up.
          const { bench, line, driver } = setup(20);
          const source = new PulseSource({ seed, ratePerS: constant(ratePerS / 2) });
          let draw = seed;
          let deliverUs = Infinity;
          let closures = 0;
          for (let edge = source.next(0); edge.atUs < 60e6; edge = source.next(edge.atUs)) {
            while (deliverUs <= edge.atUs) {
              bench.nowUs = deliverUs;
              deliverUs = Infinity;
              line.deliver();
            }
            bench.nowUs = edge.atUs;
            line.set(edge.level);
            closures = source.closures;
            draw = (Math.imul(draw, 1664525) + 1013904223) >>> 0;
            if (deliverUs === Infinity) deliverUs = edge.atUs + Math.floor((draw / 4294967296) * holdUpMaxUs);
          }
          bench.nowUs = 61e6;
          line.deliver();
          bench.nowUs = 62e6;
          expect(closures).toBeGreaterThan(20);
          expect(driver.sample().counter.total).toBe(closures);
        },
      ),
      { seed: 1, numRuns: 60 },
    );
  });

  it("never counts more closures than there were, however long the thread is held up", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), fc.integer({ min: 1, max: 400 }), (seed, everyMs) => {
        const { bench, line, driver } = setup(20);
        const source = new PulseSource({ seed, ratePerS: constant(8) });
        let deliverUs = everyMs * 1000;
        for (let edge = source.next(0); edge.atUs < 30e6; edge = source.next(edge.atUs)) {
          for (; deliverUs <= edge.atUs; deliverUs += everyMs * 1000) {
            bench.nowUs = deliverUs;
            line.deliver();
          }
          line.set(edge.level);
        }
        bench.nowUs = 31e6;
        expect(driver.sample().counter.total).toBeLessThanOrEqual(source.closures);
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it("counts every level it sees with a debounce of 0, for sensors without contacts", () => {
    const { move, total } = setup(0);
    for (let i = 0; i < 100; i++) {
      move(i * 5_000, 0);
      move(i * 5_000 + 2_500, 1);
    }
    expect(total()).toBe(100);
  });

  it("notices a closure whose interrupt was lost when it is sampled", () => {
    const { bench, line, driver } = setup();
    line.level = 0;
    driver.sample();
    bench.nowUs += 100_000;
    expect(driver.sample().counter.total).toBe(1);
  });

  it("refuses wrong options with a message that names what would be right", () => {
    const { driver } = setup();
    expect(() => driver.configure({ debounceMs: -1 })).toThrow('PulseCounter: "debounceMs" must be a number from 0 to 1000, not -1');
    expect(() => driver.configure({ debounce: 1 })).toThrow('no option "debounce"; it takes debounceMs');
  });
});
