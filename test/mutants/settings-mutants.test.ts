/** Campaigns find each mutant of how a board takes settings. That they find nothing in the firmware as it is: mutants.test.ts. */
import { afterAll, describe, expect, test } from "vitest";
import { usualMs } from "../../host-sim/swarm/draw.js";
import { type Campaign, Bundler } from "./bundle.js";
import { settingsMutants } from "./settings-mutants.js";

const seedsMost = 300;
/** Real time. Each is found within a dozen boards. */
const patienceMs = 60_000;

const bundler = new Bundler();
afterAll(() => bundler.close());

/** The first broken promise, of boards that somebody visits. */
function found({ draw, examine }: Campaign, fromSeed: number): string | undefined {
  const untilMs = performance.now() + patienceMs - 5_000;
  for (let seed = fromSeed; seed < fromSeed + seedsMost && performance.now() < untilMs; seed++) {
    const plan = draw(seed, usualMs);
    if (plan.visits === undefined) continue;
    const { violation } = examine(plan);
    if (violation !== undefined) return violation.invariant;
  }
  return undefined;
}

describe("a campaign finds a mutant:", () => {
  test.each(settingsMutants)(
    "$name",
    async ({ edits, fromSeed }) => {
      expect(found(await bundler.build(edits), fromSeed) ?? "nothing was found").toBe("settings");
    },
    patienceMs,
  );
});
