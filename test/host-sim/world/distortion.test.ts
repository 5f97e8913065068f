import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { constant, type Signal } from "../../../host-sim/world/chips/signal.js";
import { Distortion, type Trouble } from "../../../host-sim/world/distortion.js";

const hourUs = 3600e6;
const ramp: Signal = (nowUs) => nowUs / 1e6;
const spike = (by: number, share: number, seed = 1): Trouble => ({ kind: "spike", by, chance: { share, seed } });

test("a whole sensor feels what there is", () => {
  const felt = new Distortion().wrap(ramp, 0, 1);
  expect([0, 1e6, 5e6].map(felt)).toEqual([0, 1, 5]);
});

describe("spikes", () => {
  test("go up and down by what they are told, as often as told, and leave the rest alone", () => {
    const distortion = new Distortion();
    const felt = distortion.wrap(constant(20));
    distortion.begin(spike(5, 0.3));
    const values = Array.from({ length: 10_000 }, (_, second) => felt(second * 1e6));
    const share = (value: number): number => values.filter((each) => each === value).length / values.length;
    expect(new Set(values)).toEqual(new Set([15, 20, 25]));
    expect(share(15)).toBeCloseTo(0.15, 1);
    expect(share(25)).toBeCloseTo(0.15, 1);
    expect(share(20)).toBeCloseTo(0.7, 1);
  });

  test("last a millisecond, so that the conversions of one measurement meet the same one", () => {
    const distortion = new Distortion();
    const felt = distortion.wrap(constant(0));
    distortion.begin(spike(1, 0.5));
    for (let ms = 0; ms < 100; ms++) expect(new Set([0, 40, 80, 999].map((us) => felt(ms * 1000 + us))).size).toBe(1);
  });

  test("of two faults add up, and neither moves the other's", () => {
    const alone = (seed: number): number[] => {
      const distortion = new Distortion();
      const felt = distortion.wrap(constant(0));
      distortion.begin(spike(seed, 0.5, seed));
      return Array.from({ length: 200 }, (_, ms) => felt(ms * 1000));
    };
    const both = new Distortion();
    const felt = both.wrap(constant(0));
    both.begin(spike(1, 0.5, 1));
    both.begin(spike(2, 0.5, 2));
    const [one, two] = [alone(1), alone(2)];
    expect(Array.from({ length: 200 }, (_, ms) => felt(ms * 1000))).toEqual(one.map((value, ms) => value + two[ms]!));
  });
});

test("a drift grows steadily from its beginning, and two add up", () => {
  const distortion = new Distortion();
  const felt = distortion.wrap(constant(10));
  distortion.begin({ kind: "drift", perHour: 2, fromUs: hourUs });
  const heal = distortion.begin({ kind: "drift", perHour: -10, fromUs: 2 * hourUs });
  expect([0, 1, 1.5, 2, 3].map((hours) => felt(hours * hourUs))).toEqual([10, 10, 11, 12, 4]);
  heal();
  expect(felt(3 * hourUs)).toBe(14);
});

test("saturation is the end of the range, the high one before the low one", () => {
  const distortion = new Distortion();
  const felt = distortion.wrap(ramp, -40, 85);
  const open = distortion.wrap(ramp);
  const low = distortion.begin({ kind: "saturation", end: "low" });
  expect([felt(1e6), open(1e6)]).toEqual([-40, -Infinity]);
  const high = distortion.begin({ kind: "saturation", end: "high" });
  distortion.begin(spike(1, 1));
  expect([felt(1e6), open(1e6)]).toEqual([85, Infinity]);
  low();
  expect(felt(1e6)).toBe(85);
  distortion.begin({ kind: "saturation", end: "low" })();
  const lowAgain = distortion.begin({ kind: "saturation", end: "low" });
  expect(felt(1e6)).toBe(85);
  lowAgain();
  high();
  expect([0, 2]).toContain(felt(1e6));
});

test("a stuck sensor feels what it felt last, each quantity its own, or its first value where it has none yet", () => {
  const distortion = new Distortion();
  const [one, two] = [distortion.wrap(ramp), distortion.wrap((nowUs) => 100 + nowUs / 1e6)];
  one(3e6);
  const heal = distortion.begin({ kind: "stuck" });
  expect(distortion.stuck).toBe(true);
  expect([one(7e6), two(8e6), one(9e6), two(9e6)]).toEqual([3, 108, 3, 108]);
  heal();
  expect([distortion.stuck, one(10e6), two(10e6)]).toEqual([false, 10, 110]);
});

test("two sensors of one surrounding are struck apart", () => {
  const [one, two] = [new Distortion(), new Distortion()];
  const [here, there] = [one.wrap(ramp), two.wrap(ramp)];
  one.begin({ kind: "drift", perHour: 3600, fromUs: 0 });
  expect([here(5e6), there(5e6)]).toEqual([10, 5]);
});

test("whatever overlaps and is healed in whatever order, the sensor is whole in the end", () => {
  const trouble = fc.oneof(
    fc.record({ kind: fc.constant("drift" as const), perHour: fc.integer({ min: -100, max: 100 }), fromUs: fc.nat(10) }),
    fc.record({ kind: fc.constant("saturation" as const), end: fc.constantFrom("high" as const, "low" as const) }),
    fc.record({ kind: fc.constant("stuck" as const) }),
    fc.record({
      kind: fc.constant("spike" as const),
      by: fc.integer({ min: 1, max: 9 }),
      chance: fc.record({ share: fc.double({ min: 0, max: 1, noNaN: true }), seed: fc.nat(9) }),
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(trouble, fc.nat(), fc.boolean()), { maxLength: 12 }), (begun) => {
      const distortion = new Distortion();
      const felt = distortion.wrap(ramp, -1, 1);
      const heals: (() => void)[] = [];
      let nowUs = 0;
      for (const [each, at, soon] of begun) {
        heals.splice(at % (heals.length + 1), 0, distortion.begin(each));
        felt((nowUs += 1000));
        if (soon) heals.shift()!();
      }
      for (const heal of heals) heal();
      expect([distortion.stuck, felt(7e6), felt(8e6)]).toEqual([false, 7, 8]);
    }),
    { seed: 1 },
  );
});
