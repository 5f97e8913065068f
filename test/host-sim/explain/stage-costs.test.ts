import { expect, test } from "vitest";
import { familyOf, families } from "../../../firmware/pipeline/families.js";
import { stageExamples } from "../../../host-sim/bench/stage-examples.js";
import { runChain } from "../../../host-sim/chain/chain-run.js";
import type { App } from "../../../firmware/declaration.js";
import { boardBytes, channelCost, stageCost } from "../../../host-sim/explain/stage-costs.js";
import { delta, median, or, throttle } from "../../../firmware/pipeline/builders.js";

test("each stage there is has an example that compiles, and was measured", () => {
  const examples = stageExamples();
  expect(new Set(examples.map(({ stage }) => stage))).toEqual(new Set(families.map(({ name }) => name)));
  for (const stage of examples) {
    expect(stageCost(stage)?.bytes).toBeGreaterThan(0);
    expect(runChain([stage], { timesMs: [0, 1, 2], values: [1, 2, NaN], resolution: 0.01 })).toMatchObject({ ok: true });
  }
});

test("a longer window costs what its numbers take", () => {
  const [short, long] = [stageCost(median(91))!, stageCost(median(101))!];
  const held = (window: number) => familyOf("median")!.held!(median(window));
  expect(long.bytes - short.bytes).toBe((held(101) - held(91)) * 16);
  expect(long.worstNs).toBeGreaterThan(short.worstNs);
});

test("a stage that holds stages costs what these cost", () => {
  const small = stageCost(or(delta(1), throttle(1000)))!;
  const large = stageCost(or(delta(1), throttle(1000), median(101)))!;
  expect(large.bytes - small.bytes).toBe(stageCost(median(101))!.bytes);
});

test("a stage that nobody measured has no cost", () => {
  expect(stageCost({ stage: "future" } as never)).toBeUndefined();
  expect(stageCost(or({ stage: "future" } as never))).toBeUndefined();
});

test("a channel that is not kept costs less, and so does an app whose channels fit one block", () => {
  const from = "climate.thermometer.temperature";
  expect(channelCost({ from, keep: false }).bytes).toBeLessThan(channelCost({ from }).bytes);
  const sensors = { climate: { driver: class {}, on: "i2c", everyMs: 1000 } } as unknown as App["sensors"];
  const app = (kept: number): App => ({
    name: "a",
    sensors,
    channels: Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`c${i}`, { from, resolution: 1, keep: i < kept }])),
  });
  const [none, one, ten, eleven] = [0, 1, 10, 11].map((kept) => boardBytes(app(kept)));
  expect(one).toBeGreaterThan(none!);
  expect(ten).toBe(one);
  expect(eleven! - ten!).toBe(one! - none!);
});

test("a channel of a channel costs more than one of a sensor, and a join more with each of its channels", () => {
  const bytes = [
    "climate.thermometer.temperature",
    "a",
    { join: "mean_of", of: ["a", "b"] } as const,
    { join: "mean_of", of: ["a", "b", "c"] } as const,
  ].map((from) => channelCost({ from }).bytes);
  expect(bytes).toEqual([...new Set(bytes)].sort((a, b) => a - b));
});
