/** Campaigns find each mutant of the firmware, and nothing in the firmware as it is. */
import { afterAll, describe, expect, test } from "vitest";
import { usualMs } from "../../host-sim/swarm/draw.js";
import { type Campaign, Bundler } from "./bundle.js";
import { mutants } from "./mutants.js";

/** What the issue asks for. Here each is found within some thirty. */
const seedsMax = 500;
/** Real time; a campaign examines several seeds a second. */
const patienceMs = 60_000;

const bundler = new Bundler();
afterAll(() => bundler.close());

/** The first broken promise, from seed 1 on. */
function found({ draw, examine }: Campaign, seeds: number): { seed: number; invariant: string } | undefined {
  const untilMs = performance.now() + patienceMs - 5_000;
  for (let seed = 1; seed <= seeds && performance.now() < untilMs; seed++) {
    const { violation } = examine(draw(seed, usualMs));
    if (violation !== undefined) return { seed, invariant: violation.invariant };
  }
  return undefined;
}

describe("a campaign finds a mutant:", () => {
  test.each(mutants)(
    "$name",
    async ({ edits, breaks }) => {
      const first = found(await bundler.build(edits), seedsMax);
      expect(first === undefined ? "nothing was found" : `${first.invariant}`).toSatisfy((invariant: string) => breaks.includes(invariant));
    },
    patienceMs,
  );
});

test("a campaign finds nothing in the firmware as it is", async () => {
  expect(found(await bundler.build([]), 10)).toBeUndefined();
}, 60_000);

test("an edit that does not apply exactly once is refused", async () => {
  await expect(bundler.build([{ module: "start.ts", from: "no such words", to: "" }])).rejects.toThrow("0 times");
  await expect(bundler.build([{ module: "start.ts", from: "const", to: "let" }])).rejects.toThrow(/stands there \d+ times/);
});
