import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { constant, daily, hash, noise, ramp, saturate, steps, sum, vibration } from "../../../../host-sim/world/chips/signal.js";

const hourUs = 3600e6;

describe("signals", () => {
  it("give the same value at the same time, in any order of calls", () => {
    const make = () =>
      sum(
        daily({ mean: 20, amplitude: 5 }),
        noise({ seed: 7, deviation: 0.1, everyUs: 1e6 }),
        steps([
          [0, 1],
          [5e6, 2],
        ]),
        ramp([
          [0, 1],
          [5e6, 2],
        ]),
        vibration({ seed: 3, amplitude: 2, hz: 49.7, share: 0.3 }),
        constant(3),
      );
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1e12 }), { minLength: 2, maxLength: 20 }), (times) => {
        const once = make();
        const again = make();
        const forward = times.map(once);
        expect(times.toReversed().map(again).reverse()).toEqual(forward);
        expect(times.map(once)).toEqual(forward);
      }),
      { seed: 1 },
    );
  });

  it("peak at the hour they are told, every day", () => {
    const signal = daily({ mean: 20, amplitude: 5, peakHour: 15 });
    for (const day of [0, 1, 400]) {
      expect(signal((day * 24 + 15) * hourUs)).toBeCloseTo(25, 9);
      expect(signal((day * 24 + 3) * hourUs)).toBeCloseTo(15, 9);
      expect(signal((day * 24 + 9) * hourUs)).toBeCloseTo(20, 9);
    }
  });

  it("step at the given time, not before, and hold", () => {
    const signal = steps([
      [10, 1],
      [20, 2],
      [30, 3],
    ]);
    expect([0, 10, 19, 20, 29, 30, 1e15].map(signal)).toEqual([1, 1, 1, 2, 2, 3, 3]);
    expect(() => steps([])).toThrow("at least one");
  });

  it("ramp straight from point to point, level before and after", () => {
    const signal = ramp([
      [10, 1],
      [20, 3],
      [40, -1],
    ]);
    expect([-5, 0, 10, 15, 20, 25, 30, 40, 1e15].map(signal)).toEqual([1, 1, 1, 2, 3, 2, 1, -1, -1]);
    expect(ramp([[10, 7]])(0)).toBe(7);
    expect(() => ramp([])).toThrow("at least one");
  });

  it("vibrate at their frequency, as far as their amplitude, from a phase of their seed", () => {
    const signal = vibration({ seed: 5, amplitude: 3, hz: 50, share: 0 });
    const period = Array.from({ length: 1000 }, (_, index) => signal(index * 20));
    expect(Math.max(...period)).toBeCloseTo(3, 4);
    expect(Math.min(...period)).toBeCloseTo(-3, 4);
    expect(period.filter((value, index) => value >= 0 !== period[(index + 1) % 1000]! >= 0).length).toBe(2);
    expect(signal(20_000 * 7 + 1234)).toBeCloseTo(signal(1234), 9);
    expect(vibration({ seed: 6, amplitude: 3, hz: 50, share: 0 })(0)).not.toBeCloseTo(signal(0), 3);
  });

  it("vibrate with the same effective value however much of it is noise", () => {
    const effective = (share: number): number => {
      const signal = vibration({ seed: 5, amplitude: 3, hz: 50, share });
      let squares = 0;
      for (let index = 0; index < 20_000; index++) squares += signal(index * 37) ** 2;
      return Math.sqrt(squares / 20_000);
    };
    expect(effective(0)).toBeCloseTo(3 / Math.SQRT2, 1);
    expect(effective(1)).toBeCloseTo(3 / Math.SQRT2, 1);
  });

  it("vibrate and ramp with these very bits, on every engine", () => {
    const signal = vibration({ seed: 5, amplitude: 3, hz: 49.7, share: 0.25 });
    const slope = ramp([
      [0, 0.1],
      [3e6, 0.7],
    ]);
    expect([0, 1234, 5e9].map(signal)).toEqual([-1.2293492658595209, -2.3849705736849423, -1.4529199610907744]);
    expect([1e6, 1.7e6].map(slope)).toEqual([0.3, 0.1 + (0.7 - 0.1) * (1.7 / 3)]);
  });

  it("make noise of the deviation asked for, without bias, that holds for its interval and differs by seed", () => {
    const signal = noise({ seed: 3, deviation: 2, everyUs: 1000 });
    let total = 0;
    let squares = 0;
    let most = 0;
    const count = 20_000;
    for (let i = 0; i < count; i++) {
      const value = signal(i * 1000);
      total += value;
      squares += value * value;
      most = Math.max(most, Math.abs(value));
    }
    expect(Math.abs(total / count)).toBeLessThan(0.06);
    expect(Math.sqrt(squares / count)).toBeCloseTo(2, 1);
    expect(most).toBeLessThan(7);
    expect([0, 1, 999].map(signal)).toEqual([signal(0), signal(0), signal(0)]);
    expect(signal(1000)).not.toBe(signal(0));
    expect(noise({ seed: 4, deviation: 2, everyUs: 1000 })(0)).not.toBe(signal(0));
  });

  it("hash to 32 bits, of which neighbouring indices share about half", () => {
    let flipped = 0;
    for (let i = 0; i < 2000; i++) {
      const value = hash(1, i);
      if (!(Number.isInteger(value) && value >= 0 && value < 2 ** 32)) throw new Error(`hash(1, ${i}) is ${value}`);
      let bits = (value ^ hash(1, i + 1)) >>> 0;
      for (; bits > 0; bits >>>= 1) flipped += bits & 1;
    }
    expect(flipped / 2000).toBeGreaterThan(15);
    expect(flipped / 2000).toBeLessThan(17);
  });

  it("saturate, NaN included", () => {
    expect([-1, 0, 5, 10, 11, NaN, Infinity, -Infinity].map((value) => saturate(value, 0, 10))).toEqual([0, 0, 5, 10, 10, 0, 10, 0]);
  });
});
