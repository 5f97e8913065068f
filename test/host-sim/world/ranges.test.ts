/** A set of numbers as ranges is what a plain set of numbers is. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Ranges } from "../../../host-sim/world/ranges.js";

test("in whatever order ranges come, it holds what they hold", () => {
  const range = fc.tuple(fc.nat(60), fc.nat(8)).map(([from, more]) => [from, from + more] as const);
  fc.assert(
    fc.property(fc.array(range, { maxLength: 20 }), (added) => {
      const ranges = new Ranges();
      const numbers = new Set<number>();
      for (const [from, to] of added) {
        ranges.add(from, to);
        for (let number = from; number <= to; number++) numbers.add(number);
      }
      const highest = Math.max(-1, ...numbers);
      expect(ranges.highest).toBe(highest);
      for (let number = 0; number <= highest + 2; number++) {
        expect(ranges.has(number)).toBe(numbers.has(number));
        let next = number;
        while (numbers.has(next)) next++;
        expect(ranges.next(number)).toBe(next);
      }
      const missing = ranges.holes().flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, index) => from + index));
      expect(missing).toEqual(Array.from({ length: highest + 1 }, (_, number) => number).filter((number) => !numbers.has(number)));
    }),
    { seed: 1, numRuns: 50 },
  );
});
