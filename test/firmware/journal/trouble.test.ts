/** The journal on flash that wears out, or fails an operation now and then: what was promised is kept, and what cannot be kept is told. */
import { expect, test } from "vitest";
import { random } from "../../../host-sim/world/random.js";
import { explore } from "./explorer.js";
import { workloadsOf } from "./workloads.js";

const workloads = (["drop-oldest", "drop-newest", "thin-out"] as const).flatMap(workloadsOf).map((workload) => ({ ...workload, sectors: workload.sectors + 2 }));

test.each(workloads)("two worn sectors cost nothing but their room: power cuts, $name", (workload) => {
  const { operations, cuts } = explore(workload, {
    operations: 600,
    after: 10,
    everyCut: 6,
    seed: 21,
    prepare(partition) {
      partition.wearOut(1);
      partition.wearOut(3);
    },
  });
  expect(operations).toBeGreaterThanOrEqual(600);
  expect(cuts).toBeGreaterThan(2000);
});

test.each([0.002, 0.02, 0.1].flatMap((chance) => workloads.map((workload) => ({ chance, workload, name: workload.name }))))(
  "an operation fails with a chance of $chance, and the power is cut: $name",
  ({ chance, workload }) => {
    const { operations } = explore(workload, {
      operations: 400,
      after: 10,
      everyCut: 8,
      seed: 22,
      prepare(partition, history) {
        history.damaged = true;
        partition.trouble.fail("both", chance, random(1, `${workload.name} ${chance}`));
      },
    });
    expect(operations).toBeGreaterThanOrEqual(400);
  },
);
