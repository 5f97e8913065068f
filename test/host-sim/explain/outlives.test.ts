/** What `mote explain` says of stages that outlive a restart. */
import { expect, test } from "vitest";
import type { Stage } from "../../../firmware/pipeline/stage.js";
import { cusum, delta, group, integral, median, multiply, or, seasonal_baseline, SHT3x } from "../../../firmware/mote.js";
import { explain, explainedHeap } from "../../../host-sim/explain/explained.js";
import { explainedText } from "../../../host-sim/explain/explained-text.js";

function told(...channels: (readonly Stage[])[]): string[] {
  const declared = channels.map((stages, i) => [`c${i}`, { from: "air.thermometer.temperature", resolution: 0.01, stages }] as const);
  const sensors = { air: { driver: SHT3x, on: "i2c", everyMs: 1000 } } as const;
  const app = { name: "mote", sensors, channels: Object.fromEntries(declared) };
  const explained = explain(app);
  if (!explained.ok) throw new Error(explained.error.message);
  const lines = explainedText(explained.value, explainedHeap(app, explained.value)).split("\n");
  return lines.filter((line) => line.includes("→")).map((line) => line.replace(/^.*?→ (\w+).*?(?:, |  )?(outlives.*)?$/, "$1 $2").trim());
}

test("a stage whose state outlives a restart says so, and how old it is at most", () => {
  expect(told([median(5), integral(), cusum(), median({ window: 5, restore: true })])).toEqual([
    "median",
    "integral outlives a restart, at most 5m old",
    "cusum outlives a restart, at most 5m old",
    "median outlives a restart, at most 5m old",
  ]);
  expect(told([seasonal_baseline()])).toEqual(["seasonal outlives a restart (not a loss of power), at most 5m old"]);
  expect(told([seasonal_baseline({ restore: false })])).toEqual(["seasonal"]);
});

test("many and long states make all of them older", () => {
  // 2,900 bytes and a frame: 93 entries, 12.5 s each.
  expect(told([seasonal_baseline({ bins: 168, periodMs: 604_800_000 })], [cusum()])).toEqual([
    "seasonal outlives a restart (not a loss of power), at most 20m13s old",
    "cusum outlives a restart, at most 20m13s old",
  ]);
});

test("a stage that holds stages says it for these", () => {
  expect(told([or(delta(1), group(multiply(2), cusum()))])).toEqual(["or outlives a restart, at most 5m old"]);
  expect(told([or(delta(1), group(multiply(2), median(5)))])).toEqual(["or"]);
});
