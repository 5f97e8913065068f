import { expect, test } from "vitest";
import { familyOf, families } from "../../../firmware/pipeline/families.js";
import { stageExamples } from "../../../host-sim/bench/stage-examples.js";
import { runChain } from "../../../host-sim/chain/chain-run.js";
import { channelCost, stageCost } from "../../../host-sim/explain/stage-costs.js";
import { median } from "../../../firmware/pipeline/builders.js";

test("each stage there is has an example that compiles, and was measured", () => {
  const examples = stageExamples();
  expect(new Set(examples.map(({ stage }) => stage))).toEqual(new Set(families.map(({ name }) => name)));
  for (const stage of examples) {
    expect(stageCost(stage).bytes).toBeGreaterThan(0);
    expect(runChain([stage], { timesMs: [0, 1, 2], values: [1, 2, NaN], resolution: 0.01 })).toMatchObject({ ok: true });
  }
});

test("a longer window costs what its numbers take", () => {
  const [short, long] = [stageCost(median(91)), stageCost(median(101))];
  const held = (window: number) => familyOf("median")!.held!(median(window));
  expect(long.bytes - short.bytes).toBe((held(101) - held(91)) * 16);
  expect(long.worstNs).toBeGreaterThan(short.worstNs);
  expect(channelCost.bytes).toBeGreaterThan(0);
});
