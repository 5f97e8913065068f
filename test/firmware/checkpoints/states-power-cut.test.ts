/** States and power cuts: at any operation of the storage, what comes back is whole, was kept once, and is not too old. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { entriesOf, roundMs } from "../../../firmware/checkpoints/room.js";
import { frameBytes } from "../../../firmware/checkpoints/state-entry.js";
import { States } from "../../../firmware/checkpoints/states.js";
import { PowerLost } from "../../../host-sim/world/cpu.js";
import { type Line, simulatedBoard } from "../simulated-board.js";

const everyMs = 300_000;
/** How long a round takes, and how late the thread may be. */
const slackMs = 1500;

/** Numbers that each state has; together they are written every 14 minutes. */
const sizes = [3, 120, 1, 60];
const entries = sizes.reduce((sum, count) => sum + entriesOf(8 * count + frameBytes), 0);
const everyRoundMs = roundMs(everyMs, entries);

/** One board through its boots. All numbers of a state are the time of the last step, ms, so each tells its age, and whether it is whole. */
function boots(seed = 1) {
  const { board, scheduler, lines } = simulatedBoard(seed);

  function open(states: States): { restored: (number | undefined)[]; all: number[][] } {
    const restored: (number | undefined)[] = [];
    const all = sizes.map((count) => Array<number>(count).fill(NaN));
    all.forEach((numbers, index) => {
      const before = states.counts.restored;
      // NaN is never restored.
      for (let i = 0; i < numbers.length; i++) numbers[i] = -1;
      const walk = (state: { number(x: number): number }): void => {
        for (let i = 0; i < numbers.length; i++) numbers[i] = state.number(numbers[i]!);
      };
      states.open(`state ${index}`, "time", 8 * numbers.length, walk, false);
      const whole = numbers.every((x) => x === numbers[0]);
      if (!whole) throw new Error(`state ${index} is of several times: ${numbers.join(" ")}`);
      restored.push(states.counts.restored > before ? numbers[0] : undefined);
    });
    return { restored, all };
  }

  /** A boot whose states change every `stepMs`, until the power goes at `cutUs`. */
  function boot(stepMs: number, cutUs: number, orderly = false): States | undefined {
    const { cpu, device } = board;
    let states: States | undefined;
    cpu.powerEndsAt(cutUs);
    cpu.onThrown = (error) => {
      if (!(error instanceof PowerLost)) throw error;
    };
    scheduler.at(cutUs, () => board.powerOff());
    cpu.post(() => {
      states = new States(device, everyMs);
      const { all } = open(states);
      const step = (): void => {
        for (const numbers of all) numbers.fill(cpu.nowUs / 1000);
        device.timers.set(step, stepMs);
      };
      device.timers.set(step, stepMs);
      if (orderly) device.timers.set(() => states!.stop(), 2 * stepMs);
    });
    scheduler.runUntil(cutUs);
    board.powerOn("power-on");
    return states;
  }

  /** What a boot would find now. */
  function stored(): (number | undefined)[] {
    let restored: (number | undefined)[] = [];
    board.cpu.post(() => {
      const states = new States(board.device, everyMs);
      restored = open(states).restored;
      expect(states.counts.refused).toBe(0);
    });
    scheduler.runUntil(scheduler.nowUs + 1e6);
    board.powerOff();
    board.powerOn("power-on");
    return restored;
  }

  return { board, scheduler, lines, boot, stored };
}

test("a power cut at any operation of rounds, or within it, leaves for each state the old or the new, whole", () => {
  const stepMs = 30_000;
  // Long enough for NVS to begin to erase.
  const untilUs = 12.5 * everyRoundMs * 1000;
  const uncut = boots();
  uncut.boot(stepMs, untilUs);
  const operations = uncut.lines.filter(({ what }: Line) => what.startsWith("key-value")).map(({ us }) => us);
  expect(operations.length).toBeGreaterThan(4 * 12);
  expect(uncut.lines.some(({ what }) => what === "key-value.erase")).toBe(true);
  let news = 0;
  let olds = 0;
  for (const us of operations) {
    for (const within of [-1, 0, 1, 299, 301, 700, 2_000, 9_000, 20_000, 44_000, 60_000]) {
      const cutUs = us + within;
      const { boot, stored } = boots();
      boot(stepMs, cutUs);
      const cutMs = cutUs / 1000;
      for (const x of stored()) {
        if (cutMs < everyRoundMs) {
          expect(x).toBeUndefined();
          continue;
        }
        if (cutMs > everyRoundMs + slackMs) expect(x).toBeGreaterThanOrEqual(cutMs - everyRoundMs - slackMs - stepMs);
        if (x === undefined) continue;
        expect(x).toBeLessThanOrEqual(cutMs);
        if (cutMs - x < stepMs + slackMs) news++;
        else olds++;
      }
    }
  }
  // Both were met often.
  expect(news).toBeGreaterThan(100);
  expect(olds).toBeGreaterThan(100);
});

test("power cuts at random instants of random boots, orderly ends among them: what comes back was kept, and is at most that old", () => {
  let restoredOnce = 0;
  fc.assert(
    fc.property(
      fc.nat(1000),
      fc.array(
        fc.record({
          stepMs: fc.integer({ min: 5_000, max: 400_000 }),
          lastsUs: fc.integer({ min: 1, max: 4 * everyRoundMs * 1000 }),
          orderly: fc.boolean(),
        }),
        { minLength: 1, maxLength: 6 },
      ),
      (seed, plan) => {
        const { scheduler, boot, stored } = boots(seed);
        let last: (number | undefined)[] = sizes.map(() => undefined);
        for (const { stepMs, lastsUs, orderly } of plan) {
          const beganMs = scheduler.nowUs / 1000;
          boot(stepMs, scheduler.nowUs + lastsUs, orderly);
          const cutMs = scheduler.nowUs / 1000;
          // After an orderly end nothing is kept any more.
          const stopMs = beganMs + 2 * stepMs;
          const stopped = orderly && cutMs > stopMs + slackMs;
          const now = stored();
          for (const [index, x] of now.entries()) {
            const owedMs = stopped ? stopMs - stepMs - slackMs : cutMs - everyRoundMs - slackMs - stepMs;
            if (beganMs + stepMs + slackMs < owedMs) expect(x).toBeGreaterThanOrEqual(owedMs);
            else if (x !== last[index]) expect(x === -1 || x! >= beganMs).toBe(true);
            if (x !== undefined) {
              restoredOnce++;
              expect(x).toBeLessThanOrEqual(cutMs);
            }
          }
          last = now;
        }
      },
    ),
    { seed: 1, numRuns: 120 },
  );
  expect(restoredOnce).toBeGreaterThan(300);
});
