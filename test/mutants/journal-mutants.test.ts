/** Power cuts and damage find each mutant of the journal. That they find nothing in the journal as it is: test/firmware/journal. */
import { afterAll, describe, expect, test } from "vitest";
import type { WhenFull } from "../../firmware/journal/contract.js";
import type { damage, damages } from "../firmware/journal/damage.js";
import type { explore, record } from "../firmware/journal/explorer.js";
import type { workloadsOf } from "../firmware/journal/workloads.js";
import { Bundler } from "./bundle.js";
import { journalMutants } from "./journal-mutants.js";

interface Proof {
  readonly explore: typeof explore;
  readonly record: typeof record;
  readonly damage: typeof damage;
  readonly damages: typeof damages;
  readonly workloadsOf: typeof workloadsOf;
}

const folder = "./test/firmware/journal";
const bundler = new Bundler<Proof>(
  `export { explore, record } from "${folder}/explorer.js"; export { damage, damages } from "${folder}/damage.js"; export { workloadsOf } from "${folder}/workloads.js";`,
);
afterAll(() => bundler.close());

const policies: readonly WhenFull[] = ["thin-out", "drop-oldest", "drop-newest"];

/** The first broken promise. */
function found({ explore, record, damage, damages, workloadsOf }: Proof): string | undefined {
  try {
    for (const workload of policies.flatMap(workloadsOf)) {
      explore(workload, { operations: 400, after: 10, everyCut: 8, seed: 1 });
      const recorded = record(workload, { operations: 300, after: 0, everyCut: 1, seed: 7 });
      for (const name of Object.keys(damages)) damage(workload, recorded, name);
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return undefined;
}

describe("power cuts and damage find a mutant of the journal:", () => {
  test.each(journalMutants)(
    "$name",
    async ({ edits, breaks }) => {
      expect(found(await bundler.build(edits)) ?? "nothing was found").toMatch(breaks);
    },
    60_000,
  );
});

test("and nothing in the journal as it is", async () => {
  expect(found(await bundler.build([]))).toBeUndefined();
}, 60_000);
