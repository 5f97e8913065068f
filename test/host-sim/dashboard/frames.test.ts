import { afterEach, expect, test } from "vitest";
import { Frames } from "../../../host-sim/dashboard/frames.js";
import type { VirtualSession } from "../../../host-sim/dashboard/virtual-session.js";
import { goneTo, session as make } from "./rig.js";

const open: VirtualSession[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

function session(...words: Parameters<typeof make>): VirtualSession {
  const made = make(...words);
  open.push(made);
  return made;
}

test("a frame in a hurry is thinned, and what was left out comes when there is leisure", async () => {
  const made = session();
  const frames = new Frames(made, { board: "board" });
  frames.next();
  await goneTo(made, 2_000_000);
  const hurried = frames.next().board!;
  expect(hurried.reset).toBe(false);
  for (const { raw } of hurried.points) expect(raw.length).toBeLessThanOrEqual(501);
  const whole = frames.next().board!;
  expect(whole.reset).toBe(true);
  expect(whole.points[0]!.raw.length).toBe(made.boards[0]!.channels[0]!.raw.total);
  expect(frames.next().board!.points).toEqual([]);
  expect(JSON.stringify(whole).length).toBeLessThan(2_000_000);
});

test("after going back the page begins anew", async () => {
  const made = session();
  const frames = new Frames(made, { board: "board" });
  await goneTo(made, 10_000);
  const before = frames.next();
  await goneTo(made, 5_000);
  const after = frames.next();
  expect(after.generation).toBe(before.generation + 1);
  expect(after.board!.reset).toBe(true);
  expect(after.board!.points[0]!.rawMs.at(-1)).toBeLessThanOrEqual(5000);
  expect(after.board!.wire[0]).toMatchObject({ what: "CONNECT" });
});

test("the way of a sample adds up, also through an outage and a restart", async () => {
  const made = session();
  const frames = new Frames(made, { board: "board" });
  await goneTo(made, 20_000);
  made.strike({ do: "break", kind: "wifi-down", board: "board", forMs: 30_000, parameters: {} });
  await goneTo(made, 60_000);
  made.strike({ do: "break", kind: "reset", board: "board", parameters: {} });
  await goneTo(made, 120_000);
  const { way, health, spans } = frames.next().board!;
  const counts = made.boards[0]!.station.counts();
  expect(way).toMatchObject({
    samples: counts.samples,
    missed: 0,
    readErrors: 0,
    published: counts.published,
    acknowledged: counts.acknowledged,
  });
  expect(way.superseded).toBeGreaterThan(50);
  expect(way.emitted).toBeGreaterThan(way.superseded);
  expect(way.inFlight).toBeLessThan(10);
  expect(health).toMatchObject({ up: 7, boots: 2, lastReset: "watchdog" });
  const away = spans!.filter(([, up]) => (up & 2) === 0).map(([fromMs]) => fromMs);
  expect(away.some((fromMs) => fromMs >= 20_000 && fromMs < 21_500)).toBe(true);
});

test("the line of what was given out breaks where values were never published", async () => {
  const made = session();
  await goneTo(made, 20_000);
  made.strike({ do: "break", kind: "wifi-down", board: "board", forMs: 60_000, parameters: {} });
  await goneTo(made, 200_000);
  const { times, values } = made.boards[0]!.channels[0]!.out.since(0);
  const gaps = times.filter((_, index) => values[index] === null);
  expect(gaps).toHaveLength(1);
  expect(gaps[0]).toBeGreaterThan(20_000);
  expect(gaps[0]).toBeLessThan(90_000);
  expect(times).toEqual([...times].sort((a, b) => a - b));
});

test("a gap of numbers from before a restart is none after it", async () => {
  const made = session();
  await goneTo(made, 20_000);
  made.strike({ do: "break", kind: "reset", board: "board", parameters: {} });
  await goneTo(made, 60_000);
  const { values } = made.boards[0]!.channels[0]!.out.since(0);
  expect(values.filter((value) => value === null).length).toBeLessThanOrEqual(1);
});
