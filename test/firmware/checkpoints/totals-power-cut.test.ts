/** Totals and power cuts: at any microsecond, what comes back is a value that was kept, and not too old. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { limits } from "../../../firmware/limits.js";
import { type Totals, totals } from "../../../firmware/checkpoints/totals.js";
import { PowerLost } from "../../../host-sim/world/cpu.js";
import { random } from "../../../host-sim/world/random.js";
import { type Line, simulatedBoard } from "../simulated-board.js";

const everyMs = limits.checkpointsEveryMs;
/** How late the thread may be: several writes, and an erase. */
const slackMs = 1000;

/** One board through its boots. Values are the times at which they were kept, so each tells its age. */
function boots(seed = 1) {
  const { board, scheduler, lines } = simulatedBoard(seed);
  const names = ["a/0", "b/0", "c/0"];

  /** Runs a boot that keeps each total every `stepMs`, and cuts the power at `cutUs`. Returns what was restored, and what was kept when. */
  function boot(stepMs: number, cutUs: number) {
    if (cutUs <= scheduler.nowUs) throw new Error("a boot ends after it began");
    const { cpu, device } = board;
    const restored: (number | undefined)[] = [];
    cpu.powerEndsAt(cutUs);
    cpu.onThrown = (error) => {
      if (!(error instanceof PowerLost)) throw error;
    };
    scheduler.at(cutUs, () => board.powerOff());
    let made: Totals | undefined;
    cpu.post(() => {
      made = totals(device, everyMs);
      const all = names.map((name) => made!.open(name));
      for (const total of all) {
        const x = total.restore();
        // A board whose power went in the meantime restores nothing for anybody.
        if (cpu.stopped) return;
        restored.push(x);
      }
      const step = (): void => {
        for (const total of all) total.keep(cpu.nowUs / 1000);
        device.timers.set(step, stepMs);
      };
      device.timers.set(step, stepMs);
    });
    scheduler.runUntil(cutUs);
    board.powerOn("power-on");
    return { restored, failures: made?.failures ?? 0 };
  }

  /** What is in the storage now. */
  function stored(): (number | undefined)[] {
    let restored: (number | undefined)[] = [];
    board.cpu.post(() => {
      const made = totals(board.device, everyMs);
      restored = names.map((name) => made.open(name).restore());
    });
    scheduler.runUntil(scheduler.nowUs + 1e6);
    return restored;
  }

  return { board, scheduler, lines, boot, stored };
}

test("power cuts at random instants of random boots: what comes back was kept, and is at most that old", () => {
  let restoredOnce = 0;
  fc.assert(
    fc.property(
      fc.nat(1000),
      fc.array(fc.record({ stepMs: fc.integer({ min: 700, max: 400_000 }), lastsUs: fc.integer({ min: 1, max: 1_000_000_000 }) }), {
        minLength: 1,
        maxLength: 6,
      }),
      (seed, plan) => {
        const { scheduler, boot, stored } = boots(seed);
        let last: (number | undefined)[] = [undefined, undefined, undefined];
        for (const { stepMs, lastsUs } of plan) {
          const beganMs = scheduler.nowUs / 1000;
          const { restored } = boot(stepMs, scheduler.nowUs + lastsUs);
          const cutMs = scheduler.nowUs / 1000;
          expect(restored).toEqual(last.slice(0, restored.length));
          const now = stored();
          for (const [index, x] of now.entries()) {
            // What a boot kept that was older than the limit at its end has replaced what was there before.
            const lastOwedMs = cutMs - everyMs - slackMs;
            if (beganMs + stepMs + 1 < lastOwedMs) expect(x).toBeGreaterThanOrEqual(lastOwedMs - stepMs - 1);
            else if (x !== last[index]) expect(x).toBeGreaterThanOrEqual(beganMs);
            if (x !== undefined) {
              restoredOnce++;
              expect(x).toBeLessThanOrEqual(cutMs);
            }
          }
          last = now;
        }
      },
    ),
    { seed: 1, numRuns: 80 },
  );
  expect(restoredOnce).toBeGreaterThan(300);
});

test("a power cut at any microsecond of a write leaves the old value or the new, and of the next total its own", () => {
  const outcomes = new Map<string, number>();
  const stepMs = 10_000;
  // All three are due at 300 s and again at 600 s; their writes take some 6 ms.
  const uncut = boots();
  uncut.boot(stepMs, 700e6);
  const writes = uncut.lines.filter(({ what }: Line) => what === "key-value.write").map(({ us }) => us);
  const firstUs = writes[3]! - 100;
  const lastUs = writes[5]! + 2000;
  expect(lastUs - firstUs).toBeGreaterThan(5000);
  const expected = boots();
  expected.boot(stepMs, firstUs);
  const old = expected.stored();
  const complete = boots();
  complete.boot(stepMs, lastUs);
  const fresh = complete.stored();
  const draws = random(1).split("cuts");
  for (let cutUs = firstUs; cutUs <= lastUs; cutUs += 1 + (draws.next() % 15)) {
    const { boot, stored } = boots();
    boot(stepMs, cutUs);
    const now = stored();
    const which = now.map((x, index) => (Object.is(x, old[index]) ? "old" : Object.is(x, fresh[index]) ? "new" : `${x}`)).join(" ");
    outcomes.set(which, (outcomes.get(which) ?? 0) + 1);
  }
  expect([...outcomes.keys()]).toEqual(["old old old", "new old old", "new new old", "new new new"]);
});

test("a year of samples, with an erase now and then and power cuts within, loses no total", () => {
  const { board, scheduler, boot, stored } = boots();
  const draws = random(2).split("cuts");
  for (let times = 0; times < 60; times++) {
    const lastsUs = 400e6 + (draws.next() % 20_000) * 1e6 + (draws.next() % 1_000_000);
    boot(100_000, scheduler.nowUs + lastsUs);
    const now = stored();
    for (const x of now) expect(x).toBeGreaterThanOrEqual(scheduler.nowUs / 1000 - everyMs - 100_000 - slackMs - 2000);
  }
  expect(board.keyValue.erases.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(60);
});
