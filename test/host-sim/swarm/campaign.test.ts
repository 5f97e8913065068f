/** A campaign's verdict is that of its seeds, whoever examines them and in whatever order they are done. */
import { expect, test } from "vitest";
import { allPoints } from "../../../host-sim/invariants/sometimes.js";
import { campaign, telling } from "../../../host-sim/swarm/campaign.js";
import type { Answer, Question } from "../../../host-sim/swarm/worker.js";

const fine: Answer = { violation: undefined, reached: allPoints };
const broken = (seed: number): Answer => ({
  violation: { invariant: "grid", atMs: seed, station: "board", what: "late" },
  reached: [],
});

/** Answers after as many turns as `turns` says. */
function asker(answerOf: (seed: number) => Answer, turns: (seed: number) => number) {
  return async (question: Question): Promise<Answer> => {
    const { seed } = question as { seed: number };
    for (let turn = turns(seed); turn > 0; turn--) await Promise.resolve();
    return answerOf(seed);
  };
}

const run = (jobs: number, seeds: number, ask: (question: Question) => Promise<Answer>) =>
  campaign({ start: 1, seeds, durationMs: 600_000, jobs, ask });

test.each([1, 2, 3, 8])("with %i jobs the least failing seed is the one reported, though a greater one failed first", async (jobs) => {
  const ask = asker(
    (seed) => (seed === 7 || seed === 9 ? broken(seed) : fine),
    (seed) => (seed === 7 ? 200 : 3),
  );
  const { failed, done, reached } = await run(jobs, 100, ask);
  expect(failed?.seed).toBe(7);
  expect(failed?.violation.atMs).toBe(7);
  expect(done).toBe(7);
  expect(reached.get("ping")).toBe(6);
});

test(`a point that was never reached in ${telling} seeds is missing, in fewer it is only told`, async () => {
  const without = { ...fine, reached: allPoints.filter((point) => point !== "takeover") };
  const ask = async () => without;
  expect((await run(2, telling, ask)).missing).toEqual(["takeover"]);
  expect((await run(2, telling - 1, ask)).missing).toEqual([]);
});

test("an interrupted campaign tells how far it came, and misses nothing", async () => {
  let asked = 0;
  const ask = async () => (asked++, { ...fine, reached: [] });
  const result = await campaign({ start: 1, seeds: 500, durationMs: 600_000, jobs: 3, ask, interrupted: () => asked >= 120 });
  expect(result.done).toBe(asked);
  expect(result.done).toBeLessThan(125);
  expect([result.failed, result.missing]).toEqual([undefined, []]);
});

test("progress counts every seed once, in order", async () => {
  const told: number[] = [];
  const ask = asker(
    () => fine,
    (seed) => 30 - seed,
  );
  await campaign({ start: 1, seeds: 20, durationMs: 600_000, jobs: 4, ask, onProgress: (done) => told.push(done) });
  expect(told).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
});
