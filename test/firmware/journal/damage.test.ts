/** Flash that lost bits or whole stretches: never a crash, never a wrong record, what is lost is told, and no number is given again. */
import { beforeAll, describe, expect, test } from "vitest";
import { damage, damages } from "./damage.js";
import { record } from "./explorer.js";
import { workloadsOf } from "./workloads.js";

const workloads = (["drop-oldest", "drop-newest", "thin-out"] as const).flatMap(workloadsOf);

describe.each(workloads)("after $name", (workload) => {
  let recorded: ReturnType<typeof record>;
  beforeAll(() => {
    recorded = record(workload, { operations: 1000, after: 0, everyCut: 1, seed: 7 });
  });

  test.each(Object.keys(damages))("%s", (name) => {
    const { tried, excepted, begunAnew } = damage(workload, recorded, name);
    expect(tried).toBeGreaterThan(150);
    expect(excepted / tried).toBeLessThan(name === "a sector is gone" ? 0.5 : 0.04);
    expect(begunAnew / tried).toBeLessThan(0.1);
  });
});
