/** Settings and power cuts: at every operation on the flash, torn at many places within, and again afterwards, what was set before or what was being set holds. */
import { expect, test } from "vitest";
import { openConfig, setConfig } from "../../../firmware/config/open.js";
import { settingNames } from "../../../firmware/config/schema.js";
import type { PartialConfig } from "../../../firmware/settings.js";
import type { FlashPartition } from "../../../host-sim/world/flash-memory.js";
import { type Random, random } from "../../../host-sim/world/random.js";
import { PowerLost } from "../../../host-sim/world/cpu.js";
import { simulatedBoard } from "../simulated-board.js";
import { copyOf, type Cut, flashOf, memory } from "./flash-rig.js";

interface Step {
  readonly changes: PartialConfig;
  readonly forget: readonly string[];
}

const names = settingNames();

/** Something that changes something, nearly always. */
function step(draws: Random): Step {
  const pick = (most: number): number => draws.next() % most;
  const text = (most: number): string => String.fromCodePoint(...Array.from({ length: pick(most) }, () => 0x20 + pick(95)));
  const changes: PartialConfig = {};
  if (pick(2) === 0) changes.wifi = { ssid: text(33), password: "x".repeat(8 + pick(56)) };
  if (pick(2) === 0) changes.broker = { host: "a".repeat(pick(129)), port: 1 + pick(65535), password: "ü".repeat(pick(33)) };
  if (pick(3) === 0) changes.journal = { blockS: 1 + pick(3600), whenFull: pick(2) === 0 ? "thin-out" : "drop-newest" };
  if (Object.keys(changes).length === 0) changes.counters = { everyS: 10 + pick(3591) };
  return { changes, forget: pick(4) === 0 ? [names[pick(names.length)]!] : [] };
}

const set = (partition: FlashPartition, { changes, forget }: Step, cut?: Cut) => {
  const rig = flashOf(partition, cut);
  return { outcome: setConfig(rig, changes, forget), operations: rig.operations.length };
};
/** What is set, as a text to compare. */
const stored = (partition: FlashPartition): string => JSON.stringify(openConfig(flashOf(partition), {}).stored);

const shares = [0, 0.0005, 0.01, 0.1, 0.24, 0.26, 0.5, 0.75, 0.97, 0.9999];
const fewShares = [0.002, 0.2, 0.6, 0.999];

test("single and double cuts at every operation of random sequences leave the old or the new, as one", () => {
  const draws = random(5).split("config cuts");
  let cuts = 0;
  const seen = { old: 0, fresh: 0, problems: 0 };
  for (let sequence = 0; sequence < 6; sequence++) {
    const flash = memory(sequence);
    for (let round = 0; round < 6; round++) {
      const [first, second] = [step(draws), step(draws)];
      const old = stored(flash);
      const whole = copyOf(flash, 1);
      const { operations } = set(whole, first);
      const fresh = stored(whole);
      for (let operation = 0; operation < operations; operation++) {
        for (const share of shares) {
          const seed = 1 + cuts++;
          const cut = copyOf(flash, seed);
          expect(set(cut, first, { operation, share }).outcome.ok).toBe(false);
          const now = stored(cut);
          if (now !== fresh || operation < 2) expect(now, `cut ${operation} at ${share}`).toBe(old);
          if (now === old) seen.old++;
          else seen.fresh++;
          // Reading, cut off wherever, changes nothing, and gives the same each time.
          for (let reads = 0; reads < 4; reads++) openConfig(flashOf(cut, undefined, reads), {});
          expect(stored(cut)).toBe(now);
          seen.problems += openConfig(flashOf(cut), {}).problems;
          for (let again = 0; again < 3; again++) {
            const share2 = fewShares[(cuts + again) % fewShares.length]!;
            const twice = copyOf(flash, seed);
            set(twice, first, { operation, share });
            const after = copyOf(twice, seed);
            set(after, second);
            const next = stored(after);
            set(twice, second, { operation: again, share: share2 });
            const then = stored(twice);
            if (then !== next || again < 2) expect(then, `cut ${operation} at ${share}, then ${again} at ${share2}`).toBe(now);
            // Whatever has happened to it, it can be set.
            set(twice, second);
            expect(stored(twice)).toBe(next);
            cuts++;
          }
        }
      }
      set(flash, first);
    }
  }
  expect(cuts).toBeGreaterThan(4000);
  expect(seen.old).toBeGreaterThan(900);
  expect(seen.problems).toBeGreaterThan(100);
});

test("a header that is all written but its last bits is the new one or none", () => {
  const fresh: Record<string, number> = {};
  for (let seed = 1; seed <= 400; seed++) {
    const flash = memory(seed);
    set(flash, { changes: { broker: { port: 1 } }, forget: [] });
    set(flash, { changes: { broker: { port: 2 } }, forget: [] }, { operation: 2, share: 1 - 1 / (32 * (1 + (seed % 16))) });
    const now = stored(flash);
    fresh[now] = (fresh[now] ?? 0) + 1;
  }
  expect(Object.keys(fresh).sort()).toEqual(['{"broker":{"port":1}}', '{"broker":{"port":2}}']);
});

test("the first settings of a board, cut off, leave none", () => {
  for (const share of shares) {
    for (let operation = 0; operation < 3; operation++) {
      const flash = memory(7);
      set(flash, { changes: { wifi: { ssid: "attic" } }, forget: [] }, { operation, share });
      expect(["{}", '{"wifi":{"ssid":"attic"}}']).toContain(stored(flash));
    }
  }
});

test("a word is programmed once between two erases", () => {
  const flash = memory();
  const programmed = new Map<number, Set<number>>();
  const draws = random(3).split("once");
  const { program, erase } = flash;
  flash.erase = (index, share) => {
    programmed.delete(index);
    erase.call(flash, index, share);
  };
  flash.program = (bytes, at, share) => {
    for (let word = at / 4; word < (at + bytes.length) / 4; word++) {
      const sector = Math.floor(word / 1024);
      const words = programmed.get(sector) ?? programmed.set(sector, new Set()).get(sector)!;
      expect(words.has(word)).toBe(false);
      words.add(word);
    }
    program.call(flash, bytes, at, share);
  };
  for (let round = 0; round < 200; round++) {
    const cut = draws.next() % 2 === 0 ? undefined : { operation: draws.next() % 3, share: draws.fraction() };
    set(flash, step(draws), cut);
  }
  expect(programmed.size).toBeGreaterThan(0);
});

test("on a simulated board, whose power goes at random microseconds of random changes, the old or the new holds", () => {
  const draws = random(9).split("board cuts");
  const { board, scheduler } = simulatedBoard(3);
  /** On the thread of this boot, to its end or to that of its power. */
  function on<Value>(handler: () => Value): Value | undefined {
    let value: Value | undefined;
    board.cpu.post(() => {
      value = handler();
    });
    scheduler.runUntil(scheduler.nowUs + 1e6);
    return value;
  }
  const now = (): string => JSON.stringify(on(() => openConfig(board.device.flash, {}).stored));
  const seen = { old: 0, fresh: 0 };
  for (let round = 0; round < 400; round++) {
    const { changes, forget } = step(draws);
    const old = now();
    const { cpu } = board;
    cpu.onThrown = (error) => {
      if (!(error instanceof PowerLost)) throw error;
    };
    // An erase takes 45 ms, what follows it 1 to 5.
    const lastsUs = draws.next() % (round % 2 === 0 ? 55_000 : 6_000);
    const cutUs = scheduler.nowUs + 20 + (round % 2 === 0 ? 0 : 45_000) + lastsUs;
    cpu.powerEndsAt(cutUs);
    scheduler.at(cutUs, () => board.powerOff());
    on(() => setConfig(board.device.flash, changes, forget));
    board.powerOn("power-on");
    const fresh = now();
    if (fresh === old) seen.old++;
    else {
      seen.fresh++;
      for (const [group, values] of Object.entries(changes)) {
        for (const [name, value] of Object.entries(values)) {
          if (!forget.includes(`${group}.${name}`))
            expect((JSON.parse(fresh) as Record<string, object>)[group]).toMatchObject({ [name]: value });
        }
      }
    }
  }
  expect(seen.old).toBeGreaterThan(100);
  expect(seen.fresh).toBeGreaterThan(50);
});
