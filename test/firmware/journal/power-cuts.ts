/** The power cuts of one policy, in the size that the whole is to have. */
import { expect, test } from "vitest";
import type { WhenFull } from "../../../firmware/journal/contract.js";
import { explore } from "./explorer.js";
import { workloadsOf } from "./workloads.js";

/** Operations of a workload. In each the power is cut at several places, and again in many of those that follow. */
export const operations = 2000;

export function testPowerCuts(whenFull: WhenFull, seed: number, cutsLeast: number): void {
  test.each(workloadsOf(whenFull))(
    "power cuts at each of 2,000 operations, torn within, and again within those that follow: $name",
    (workload) => {
      const explored = explore(workload, { operations, after: 16, everyCut: 3, seed });
      expect(explored.operations).toBeGreaterThanOrEqual(operations);
      expect(explored.erases).toBeGreaterThan(30);
      expect(explored.cuts).toBeGreaterThan(cutsLeast / 2);
      expect(explored.doubleCuts).toBeGreaterThan(cutsLeast / 4);
      expect(explored.repeated).toBeGreaterThan(explored.cuts / 8);
      // eslint-disable-next-line no-console
      console.info(
        `${workload.name}: ${explored.cuts} cuts, ${explored.doubleCuts} of them second ones, over ${explored.operations} operations`,
      );
    },
    180_000,
  );
}
