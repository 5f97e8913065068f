import fc from "fast-check";
import { expect, test } from "vitest";
import { costs } from "../../../host-sim/world/costs.js";
import { Cpu, PowerLost } from "../../../host-sim/world/cpu.js";
import { Scheduler } from "../../../host-sim/world/scheduler.js";

test("a handler sees time pass by what it is charged, and what comes meanwhile waits until it is over", () => {
  const scheduler = new Scheduler();
  const cpu = new Cpu(scheduler);
  const seen: [string, number][] = [];
  scheduler.at(1000, () =>
    cpu.post(() => {
      cpu.charge(5000);
      seen.push(["slow", cpu.nowUs]);
    }),
  );
  scheduler.at(2000, () => cpu.post(() => seen.push(["second", cpu.nowUs])));
  scheduler.at(1500, () => cpu.post(() => seen.push(["first", cpu.nowUs])));
  scheduler.runUntil(1e6);
  const { dispatchUs } = costs;
  expect(seen).toEqual([
    ["slow", 6000 + dispatchUs],
    ["first", 6000 + 2 * dispatchUs],
    ["second", 6000 + 3 * dispatchUs],
  ]);
});

test("a free thread handles at once, and what a handler posts comes after it", () => {
  const scheduler = new Scheduler();
  const cpu = new Cpu(scheduler);
  const seen: string[] = [];
  cpu.post(() => {
    cpu.post(() => seen.push("inner"));
    seen.push("outer");
  });
  expect(seen).toEqual(["outer"]);
  scheduler.runUntil(costs.dispatchUs);
  expect(seen).toEqual(["outer", "inner"]);
});

test("parts of a microsecond are never lost", () => {
  const scheduler = new Scheduler();
  const cpu = new Cpu(scheduler);
  let spentUs = 0;
  cpu.post(() => {
    const beforeUs = cpu.nowUs;
    for (let times = 0; times < 10; times++) cpu.charge(0.01);
    spentUs = cpu.nowUs - beforeUs;
  });
  expect(spentUs).toBeGreaterThanOrEqual(0.1);
});

test("a charge between events occupies the thread after what occupies it already", () => {
  const scheduler = new Scheduler();
  const cpu = new Cpu(scheduler);
  cpu.post(() => cpu.charge(1000));
  scheduler.runUntil(10);
  cpu.charge(100);
  let atUs = 0;
  cpu.post(() => {
    atUs = cpu.nowUs;
  });
  scheduler.runUntil(1e6);
  expect(atUs).toBe(1100 + 2 * costs.dispatchUs);
});

test("when the power is gone, nothing that waits is handled, and nothing new", () => {
  const scheduler = new Scheduler();
  const cpu = new Cpu(scheduler);
  const seen: string[] = [];
  cpu.post(() => cpu.charge(100));
  cpu.post(() => seen.push("waiting"));
  cpu.stop();
  cpu.post(() => seen.push("new"));
  scheduler.runUntil(1e6);
  expect(seen).toEqual([]);
});

test("the operation that would last beyond the end of the power throws, and every one after it, whoever catches the first", () => {
  const scheduler = new Scheduler();
  const cpu = new Cpu(scheduler);
  cpu.onThrown = () => {
    throw new Error("heard of");
  };
  cpu.powerEndsAt(1000);
  cpu.powerEndsAt(2000);
  const left: number[] = [];
  let ended = 0;
  cpu.post(() => {
    left.push(cpu.powerLeftUs);
    cpu.charge(1000 - costs.dispatchUs);
    left.push(cpu.powerLeftUs);
    expect(() => cpu.charge(1)).toThrow(PowerLost);
    left.push(cpu.powerLeftUs);
    ended++;
    expect(() => cpu.charge(0)).toThrow(PowerLost);
    ended++;
    throw new PowerLost();
  });
  expect(left).toEqual([1000 - costs.dispatchUs, 0, -1]);
  expect(ended).toBe(2);
  let more = 0;
  cpu.post(() => more++);
  scheduler.runUntil(1e6);
  expect(more).toBe(0);
});

test("an event whose handling the power does not last for is not begun", () => {
  for (const [endsUs, expected] of [
    [500 + costs.dispatchUs - 1, 0],
    [500 + costs.dispatchUs, 1],
  ] as const) {
    const scheduler = new Scheduler();
    const cpu = new Cpu(scheduler);
    let handled = 0;
    cpu.powerEndsAt(endsUs);
    scheduler.at(500, () => cpu.post(() => handled++));
    scheduler.runUntil(1e6);
    expect(handled).toBe(expected);
  }
});

test("what hangs on the thread lets go when it stops, once, unless it has let go before", () => {
  const cpu = new Cpu(new Scheduler());
  const seen: string[] = [];
  cpu.onStopped(() => seen.push("one"));
  cpu.onStopped(() => seen.push("two"))();
  cpu.onStopped(() => seen.push("three"));
  cpu.stop();
  cpu.stop();
  expect(seen).toEqual(["one", "three"]);
});

test("a handler that throws does not stop the thread", () => {
  const scheduler = new Scheduler();
  const cpu = new Cpu(scheduler);
  let after = 0;
  expect(() =>
    cpu.post(() => {
      throw new Error("broken");
    }),
  ).toThrow("broken");
  cpu.post(() => after++);
  scheduler.runUntil(1e6);
  expect(after).toBe(1);
});

test("whatever is posted when and costs what, it is handled in order, one at a time, and the board's clock never goes back", () => {
  const job = fc.record({ atUs: fc.nat(5000), costUs: fc.nat(3000), posts: fc.nat(2) });
  fc.assert(
    fc.property(fc.array(job, { maxLength: 40 }), (jobs) => {
      const scheduler = new Scheduler();
      const cpu = new Cpu(scheduler);
      const posted: number[] = [];
      const handled: { id: number; fromUs: number; toUs: number }[] = [];
      let made = 0;
      const post = (costUs: number, posts: number): void => {
        const id = made++;
        posted.push(id);
        cpu.post(() => {
          const fromUs = cpu.nowUs;
          cpu.charge(costUs);
          for (let each = 0; each < posts; each++) post(costUs / 2, 0);
          handled.push({ id, fromUs, toUs: cpu.nowUs });
        });
      };
      for (const { atUs, costUs, posts } of jobs) scheduler.at(atUs, () => post(costUs, posts));
      scheduler.runUntil(Infinity);
      expect(handled.map(({ id }) => id)).toEqual(posted);
      let lastUs = 0;
      for (const { fromUs, toUs } of handled) {
        expect(fromUs).toBeGreaterThanOrEqual(lastUs);
        expect(toUs).toBeGreaterThanOrEqual(fromUs);
        lastUs = toUs;
      }
    }),
    { seed: 1 },
  );
});

test("while a handler runs its thread is the running one, also when it reaches another's; between events none is", () => {
  const scheduler = new Scheduler();
  const [first, second] = [new Cpu(scheduler), new Cpu(scheduler)];
  const seen: (Cpu | undefined)[] = [Cpu.running];
  first.post(() => {
    seen.push(Cpu.running);
    second.post(() => seen.push(Cpu.running));
    seen.push(Cpu.running);
  });
  second.onThrown = () => {};
  scheduler.at(1000, () =>
    second.post(() => {
      throw new Error("no");
    }),
  );
  scheduler.runUntil(1e6);
  seen.push(Cpu.running);
  expect(seen).toEqual([undefined, first, second, first, undefined]);
});

test("an event that does not end is told of after 60 s of the board's time, and whoever catches that goes on", () => {
  const scheduler = new Scheduler();
  const cpu = new Cpu(scheduler);
  let thrownMs = 0;
  cpu.post(() => {
    try {
      for (;;) cpu.charge(1000);
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError);
      thrownMs = Math.round(cpu.nowUs / 1000);
    }
    cpu.charge(500_000);
  });
  expect(thrownMs).toBe(60_001);
  scheduler.runUntil(120e6);
  // The next event has its time again.
  let done = false;
  cpu.post(() => {
    cpu.charge(59e6);
    done = true;
  });
  expect(done).toBe(true);
});
