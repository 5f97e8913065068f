import { afterEach, expect, test } from "vitest";
import { defineApp, SHT3x } from "../../../firmware/mote.js";
import { FlashWatch } from "../../../host-sim/dashboard/flash-watch.js";
import { Frames } from "../../../host-sim/dashboard/frames.js";
import type { Sketch } from "../../../host-sim/dashboard/sketch.js";
import type { VirtualSession } from "../../../host-sim/dashboard/virtual-session.js";
import { FlashPartition } from "../../../host-sim/world/flash-memory.js";
import { random } from "../../../host-sim/world/random.js";
import { type History, sectorStates } from "../../../host-sim/web/protocol.js";
import { goneTo, session } from "./rig.js";

const open: VirtualSession[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

const minuteMs = 60_000;
const awayMs = 20 * minuteMs;
/** Ten samples a second: its blocks are full before they are old. */
const fast = defineApp({
  name: "fast",
  sensors: { climate: { driver: SHT3x, on: "i2c", everyMs: 100 } },
  channels: { t: { from: "climate.thermometer.temperature", resolution: 0.001 } },
});

function made(sketch: Partial<Sketch> = {}): VirtualSession {
  const one = session(sketch);
  open.push(one);
  return one;
}

/** Looks as a browser does that comes now: what was read before is too old. */
function seen(one: VirtualSession): History {
  return new Frames(one, { board: "board" }).next().board!.history!;
}

function states({ sectors }: History): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [state] of sectors) sums[sectorStates[state]!] = (sums[sectorStates[state]!] ?? 0) + 1;
  return sums;
}

const away = (atMs: number, forMs: number): NonNullable<Sketch["faults"]> => [
  { kind: "broker-down", at: { kind: "once", atMs }, forMs, parameters: { session: "kept" } },
];

test("while the broker is away the map fills, and when it is back it drains", async () => {
  const one = made({ app: fast, faults: away(10_000, awayMs) });
  await goneTo(one, awayMs);
  const full = seen(one);
  const { firmwareCounters } = one.boards[0]!.station;
  expect(full.waiting).toBe(firmwareCounters.call(one.boards[0]!.station).waiting);
  expect(full.waiting).toBeGreaterThan(20);
  expect(states(full)["waiting"]).toBeGreaterThan(2);
  expect(full.sent).toBe(0);
  expect(full.waitingSamples).toBeGreaterThan(10_000);
  expect(awayMs - full.oldestMs!).toBeGreaterThan(18 * minuteMs);
  await goneTo(one, awayMs + 3 * minuteMs);
  await new Promise((resolve) => setTimeout(resolve, 520));
  const empty = seen(one);
  expect(empty.waiting).toBe(0);
  expect(empty).not.toHaveProperty("oldestMs");
  expect(states(empty)["waiting"]).toBeUndefined();
  expect(states(empty)["acknowledged"]).toBeGreaterThan(2);
  expect(empty.blocksSent).toBe(empty.next);
  expect(empty.sent).toBe(empty.next);
  expect(empty.done).toBe(empty.next);
  expect(empty.last!.samples).toBeGreaterThan(100);
  expect(empty.losses).toEqual([]);
});

test("what was dropped stands there in words with its times, first to be told, then told", async () => {
  const one = made({ app: fast, faults: away(10_000, awayMs), journal: { sectors: 4 } });
  await goneTo(one, awayMs);
  const full = seen(one);
  expect(full.losses.length).toBeGreaterThan(0);
  expect(full.losses[0]!).toMatchObject({ why: "the journal was full: the oldest dropped", told: false });
  expect(full.losses[0]!.lost).toMatch(/^[\d,]+ samples in \d+ records$/);
  expect(full.losses[0]!.when).toMatch(/^boot \d+, \d\d:\d\d:\d\d to \d\d:\d\d:\d\d$/);
  expect(full.samplesLost).toBe(one.boards[0]!.station.firmwareCounters().dropped);
  await goneTo(one, awayMs + 10 * minuteMs);
  await new Promise((resolve) => setTimeout(resolve, 520));
  const told = seen(one);
  expect(told.losses.every((row) => row.told)).toBe(true);
  expect(told.samplesLost).toBe(full.samplesLost);
  expect(told.gapsSent).toBeGreaterThan(0);
});

test("a worn sector is marked", async () => {
  const worn: NonNullable<Sketch["faults"]> = [
    { kind: "flash-worn", at: { kind: "once", atMs: 5000 }, forMs: 0, parameters: { sectors: 3 } },
  ];
  const one = made({ app: fast, faults: worn });
  await goneTo(one, 10_000);
  expect(seen(one).sectors.filter(([, , , , , , , is]) => is === 1)).toHaveLength(3);
});

test("looking draws nothing, not even where bits waver: the run stays what it was", () => {
  const draws = random(1);
  let drawn = 0;
  const counted = { next: () => (drawn++, draws.next()), fraction: () => (drawn++, draws.fraction()) } as typeof draws;
  const partition = new FlashPartition(8 * 4096, { draws: counted });
  const watch = new FlashWatch(partition, () => 0);
  partition.erase(2, 0.5);
  const before = drawn;
  expect(before).toBeGreaterThan(0);
  expect(sectorStates[watch.view(undefined).sectors[2]![0]]).toBe("dirty");
  expect(drawn).toBe(before);
});

test("a page is sent the flash anew only when something of it has changed", async () => {
  const one = made({ app: fast });
  const frames = new Frames(one, { board: "board" });
  expect(frames.next().board!.history).toBeDefined();
  await goneTo(one, 3 * minuteMs);
  await new Promise((resolve) => setTimeout(resolve, 620));
  expect(frames.next().board!.history!.blocksSent).toBeGreaterThan(0);
  await new Promise((resolve) => setTimeout(resolve, 120));
  expect(frames.next().board!.history).toBeUndefined();
});

test("a flash that holds anything at all is shown, and what the wire carries is no reason to fall over", () => {
  const partition = new FlashPartition(8 * 4096);
  const watch = new FlashWatch(partition, () => 0);
  let state = 1;
  const noise = Uint8Array.from({ length: 4096 }, () => (state = (state * 48271) % 2147483647) & 0xff);
  partition.program(noise, 4096);
  for (const payload of [new Uint8Array(), noise.subarray(0, 100), Uint8Array.from([0x47, ...noise.subarray(0, 63)])])
    watch.published(payload);
  const history = watch.view({ waiting: 5_000 });
  expect(history.sectors.map(([is]) => sectorStates[is])).toEqual(["free", "dirty", "free", "free", "free", "free", "free", "free"]);
  expect(history.programmedBytes).toBe(4096);
  expect(history).not.toHaveProperty("last");
});
