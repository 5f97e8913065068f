/** A schedule of faults shrinks to what breaks the promise, and to no less. */
import { expect, test } from "vitest";
import type { FaultPlan } from "../../../host-sim/scenario/plan.js";
import { shrink } from "../../../host-sim/swarm/shrink.js";

function fault(atMs: number, forMs = 60_000): FaultPlan {
  return { kind: "wifi-down", at: { kind: "once", atMs }, forMs, parameters: {} };
}

const timesOf = (faults: readonly FaultPlan[]) => faults.map(({ at }) => (at.kind === "once" ? at.atMs : NaN));
const forty = Array.from({ length: 40 }, (_, index) => fault(index));

/** Fails where all of `needed` are in it. */
function needs(...needed: readonly number[]) {
  let tried = 0;
  return {
    get tried() {
      return tried;
    },
    async fails(faults: readonly FaultPlan[]) {
      tried++;
      const times = timesOf(faults);
      return needed.every((atMs) => times.includes(atMs));
    },
  };
}

test("of forty faults the three that matter are left, in their order, after far fewer tries than there are pairs", async () => {
  const need = needs(3, 17, 38);
  const kept = await shrink(forty, { fails: need.fails, over: () => false });
  expect(timesOf(kept)).toEqual([3, 17, 38]);
  expect(need.tried).toBeLessThan(150);
});

test("what fails without any fault is left without any, at the first try", async () => {
  const need = needs();
  expect(await shrink(forty, { fails: need.fails, over: () => false })).toEqual([]);
  expect(need.tried).toBe(1);
});

test("times are halved for as long as that is enough, to round figures", async () => {
  const fails = async (faults: readonly FaultPlan[]) => faults.length === 1 && faults[0]!.forMs >= 700;
  const kept = await shrink([fault(5, 60_000)], { fails, over: () => false });
  expect(kept[0]!.forMs).toBeGreaterThanOrEqual(700);
  expect(kept[0]!.forMs).toBeLessThan(1500);
  expect(kept[0]!.forMs % 10).toBe(0);
});

test("when time runs out, the least schedule that was seen to fail is kept", async () => {
  const need = needs(3, 17);
  const smaller: number[] = [];
  const kept = await shrink(forty, { fails: need.fails, over: () => need.tried >= 4, onSmaller: ({ length }) => smaller.push(length) });
  expect(timesOf(kept)).toEqual(expect.arrayContaining([3, 17]));
  expect(kept.length).toBeLessThan(40);
  expect(smaller.at(-1)).toBe(kept.length);
});

test("a fault that happens at once has no time to shorten", async () => {
  const kept = await shrink([fault(5, 0)], { fails: async ({ length }) => length === 1, over: () => false });
  expect(kept).toEqual([fault(5, 0)]);
});
