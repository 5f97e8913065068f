/** The journal on flash that wears out, or fails an operation now and then: what was promised is kept, and what cannot be kept is told. */
import { expect, test } from "vitest";
import { random } from "../../../host-sim/world/random.js";
import { explore } from "./explorer.js";
import { workloadsOf } from "./workloads.js";

const workloads = (["drop-oldest", "drop-newest", "thin-out"] as const)
  .flatMap(workloadsOf)
  .map((workload) => ({ ...workload, sectors: workload.sectors + 2 }));

test.each(workloads)("two worn sectors cost nothing but their room: power cuts, $name", (workload) => {
  const { operations, cuts } = explore(workload, {
    operations: 300,
    after: 10,
    everyCut: 10,
    seed: 21,
    prepare(partition) {
      partition.wearOut(1);
      partition.wearOut(3);
    },
  });
  expect(operations).toBeGreaterThanOrEqual(300);
  expect(cuts).toBeGreaterThan(1000);
});

test.each([0.005, 0.05].flatMap((chance) => workloads.map((workload) => ({ chance, workload, name: workload.name }))))(
  "an operation fails with a chance of $chance, and the power is cut: $name",
  ({ chance, workload }) => {
    const { operations } = explore(workload, {
      operations: 250,
      after: 8,
      everyCut: 20,
      seed: 22,
      prepare(partition, history) {
        history.damaged = true;
        partition.trouble.fail("both", chance, random(1, `${workload.name} ${chance}`));
      },
    });
    expect(operations).toBeGreaterThanOrEqual(250);
  },
);
