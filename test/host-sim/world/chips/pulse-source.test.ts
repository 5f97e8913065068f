import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type PinLevel, PulseSource } from "../../../../host-sim/world/chips/pulse-source.js";
import { constant, steps } from "../../../../host-sim/world/chips/signal.js";

function levels(source: PulseSource, untilUs: number): PinLevel[] {
  const all: PinLevel[] = [];
  for (let edge = source.next(0); edge.atUs < untilUs; edge = source.next(edge.atUs)) all.push(edge);
  return all;
}

describe("PulseSource", () => {
  it("gives the same edges for the same seed, others for another", () => {
    const make = (seed: number) => levels(new PulseSource({ seed, ratePerS: constant(2) }), 20e6);
    expect(make(1)).toEqual(make(1));
    expect(make(1)).not.toEqual(make(2));
  });

  it("closes as often as the rate says", () => {
    for (const rate of [0.05, 0.5, 2, 4]) {
      const source = new PulseSource({ seed: 5, ratePerS: constant(rate) });
      levels(source, 1000e6);
      expect(source.closures / (1000 * rate)).toBeGreaterThan(0.9);
      expect(source.closures / (1000 * rate)).toBeLessThan(1.1);
    }
  });

  it("follows a rate that changes, and rests high while it is 0, saying so once a second", () => {
    const ratePerS = steps([
      [0, 0],
      [60e6, 1],
      [120e6, 0],
    ]);
    const source = new PulseSource({ seed: 5, ratePerS });
    const before = levels(source, 60e6);
    expect(before).toHaveLength(59);
    expect(before.every((edge) => edge.level === 1)).toBe(true);
    levels(source, 180e6);
    expect(source.closures).toBeGreaterThan(50);
    expect(source.closures).toBeLessThan(70);
  });

  it("bounces for at most the given time, at least 20 µs apart, and stays where it went for as long as told", () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(0.2, 1, 20), fc.integer({ min: 0, max: 10_000 }), (seed, rate, bounceUs) => {
        const source = new PulseSource({ seed, ratePerS: constant(rate), closedUs: 80_000, bounceUs });
        let last: PinLevel = { atUs: 0, level: 1 };
        let settledUs = -Infinity;
        let closestUs = Infinity;
        const staysUs: number[] = [];
        for (const edge of levels(source, 20e6)) {
          if (edge.level !== last.level) {
            closestUs = Math.min(closestUs, edge.atUs - last.atUs);
            // More than the bounce after the first edge, it is a new movement.
            if (edge.atUs - settledUs > bounceUs) {
              if (edge.level === 1) staysUs.push(edge.atUs - settledUs);
              settledUs = edge.atUs;
            }
          }
          last = edge;
        }
        expect(closestUs).toBeGreaterThanOrEqual(19);
        expect(new Set(staysUs)).toEqual(new Set([80_000]));
        expect(source.closures).toBeGreaterThanOrEqual(3);
      }),
      { seed: 1, numRuns: 30 },
    );
  });

  it("holds still when stuck", () => {
    const source = new PulseSource({ seed: 5, ratePerS: constant(2) });
    source.stuck = 0;
    expect(levels(source, 30e6).every((edge) => edge.level === 0)).toBe(true);
    expect(source.closures).toBe(0);
    source.stuck = undefined;
    levels(source, 60e6);
    expect(source.closures).toBeGreaterThan(40);
  });

  it("does not count closures that were skipped", () => {
    const source = new PulseSource({ seed: 5, ratePerS: constant(2) });
    source.next(100e6);
    expect(source.closures).toBeLessThanOrEqual(1);
  });
});
