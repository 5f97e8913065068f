/** A day without a broker: what the journal holds, how fast it drains, and that sampling and live values notice none of it. */
import { expect, test } from "vitest";
import { random } from "../../host-sim/world/random.js";
import { dailyCutsMs, dayMs, eraseWorstMs, outage } from "../../host-sim/bench/outage.js";

/** A block's worth of six channels: what stands in RAM. */
const blockSamples = 6 * 62;

test("six channels at 1 Hz for a day fit 512 KiB, and drain within five minutes, without a late sample", () => {
  const { given, delivered, gaps, drainS, worstLateMs, sectors } = outage({ awayMs: dayMs });
  expect([gaps, sectors]).toEqual([0, 128]);
  expect(given).toBeGreaterThan(6 * 86_400);
  expect(given - delivered).toBeLessThan(blockSamples);
  expect(drainS).toBeLessThan(300);
  expect(worstLateMs).toBeLessThan(eraseWorstMs);
}, 60_000);

test("with ten power cuts in that day, and erases at their worst, each cut costs the block under way and no more", () => {
  const { given, delivered, gaps, drainS, worstLateMs } = outage({ awayMs: dayMs, cutsMs: dailyCutsMs, eraseMs: eraseWorstMs });
  expect(gaps).toBe(0);
  expect(given - delivered).toBeLessThan((dailyCutsMs.length + 1) * blockSamples);
  expect(drainS).toBeLessThan(300);
  expect(worstLateMs).toBeLessThan(eraseWorstMs);
}, 60_000);

test("on a link of 1,000 bytes a second neither live values nor history wait for the other", () => {
  const { liveGapS, historyGapS, drainS } = outage({ awayMs: dayMs / 6, link: (link) => link.narrow(1000) });
  expect(drainS).toBeLessThan(400);
  expect(liveGapS).toBeLessThan(3);
  expect(historyGapS).toBeLessThan(5);
}, 60_000);

test("nor on one where each packet takes a second", () => {
  const { liveGapS, historyGapS, drainS } = outage({ awayMs: dayMs / 12, link: (link) => link.slow(1_000_000, 0, random(1)) });
  expect(drainS).toBeLessThan(400);
  expect(liveGapS).toBeLessThan(4);
  expect(historyGapS).toBeLessThan(4);
}, 60_000);
