import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { good, sampled } from "./sampled.js";

const dayMs = 86_400_000;

describe("over a day at 1 Hz", () => {
  test.each([0, 999])("with a phase of %i ms every sample has its grid point, each begun within 2 ms, and none is missed", (phaseMs) => {
    const { until, taken, counts, cpu } = sampled(
      { firstMs: phaseMs, periodMs: 1000 },
      {
        start: (index) => {
          cpu.charge(300 + (index % 7) * 100);
          return 16;
        },
      },
    );
    until(phaseMs + dayMs - 500);
    expect(taken).toHaveLength(86_400);
    const grid = taken.every(
      ({ gridMs, begunMs }, index) => gridMs === phaseMs + index * 1000 && begunMs >= gridMs && begunMs < gridMs + 2,
    );
    expect(grid).toBe(true);
    expect(counts).toMatchObject({ samples: 86_400, late: 0, missed: 0, failures: 0 });
    expect(counts.worstLateMs).toBeLessThanOrEqual(1);
  });
});

test("a sample is handed over when its measurement is done, not before", () => {
  const { until, taken } = sampled({ firstMs: 100, periodMs: 1000 }, { start: () => 16 });
  until(116);
  expect(taken).toHaveLength(0);
  until(118);
  expect(taken).toMatchObject([{ gridMs: 100, result: good }]);
});

test("a thread held up for 2.5 s misses two samples, and the third comes at its own time", () => {
  const { until, taken, counts, holdUp } = sampled({ firstMs: 0, periodMs: 1000 });
  holdUp(1500, 2500);
  until(6500);
  expect(taken.map(({ gridMs }) => gridMs)).toEqual([0, 1000, 4000, 5000, 6000]);
  expect(counts).toMatchObject({ samples: 5, missed: 2, late: 0, worstLateMs: 0 });
});

test("a sample more than 10 ms after its grid point is late, by how much is kept, and the next is on the grid again", () => {
  const { until, taken, counts, holdUp } = sampled({ firstMs: 0, periodMs: 1000 });
  holdUp(1990, 20);
  holdUp(2990, 22);
  holdUp(3500, 900);
  until(6500);
  expect(taken.map(({ gridMs }) => gridMs)).toEqual([0, 1000, 2000, 3000, 4000, 5000, 6000]);
  expect(counts).toMatchObject({ samples: 7, missed: 0, late: 2, worstLateMs: 400 });
  expect(taken[5]!.begunMs).toBeLessThan(5001);
});

test("a measurement longer than its period costs the points that pass meanwhile, and the grid stays", () => {
  const { until, taken, counts } = sampled({ firstMs: 0, periodMs: 10 }, { start: () => 16 });
  until(1000);
  expect(taken.every(({ gridMs }) => gridMs % 10 === 0)).toBe(true);
  expect(counts.samples).toBe(taken.length);
  // Two points a sample: the one that it takes, and the one that passes while it is measured.
  expect(counts.samples).toBeGreaterThan(45);
  expect(counts.samples + counts.missed).toBeGreaterThanOrEqual(97);
});

describe("a sensor that fails", () => {
  test.each(["start", "sample"] as const)("in %s is counted, told as bus, and asked again at the next point", (where) => {
    const fails = (index: number) => {
      if (index % 3 !== 0) throw new Error("no acknowledge");
    };
    const { until, taken, counts } = sampled(
      { firstMs: 0, periodMs: 1000 },
      {
        start: (index) => {
          if (where === "start") fails(index);
          return 5;
        },
        sample: (index) => {
          if (where === "sample") fails(index);
          return good;
        },
      },
    );
    until(5900);
    expect(taken.map(({ gridMs, result }) => [gridMs, result])).toEqual([
      [0, good],
      [1000, "bus"],
      [2000, "bus"],
      [3000, good],
      [4000, "bus"],
      [5000, "bus"],
    ]);
    expect(counts).toMatchObject({ samples: 6, failures: 4, missed: 0 });
  });

  test("in every sample for an hour never ends the sampling", () => {
    const { until, counts } = sampled(
      { firstMs: 0, periodMs: 1000 },
      {
        sample: () => {
          throw new Error("no acknowledge");
        },
      },
    );
    until(3_600_000 - 1);
    expect(counts).toMatchObject({ samples: 3600, failures: 3600, missed: 0 });
  });

  test("with no sample at all is told as absent", () => {
    const { until, taken, counts } = sampled({ firstMs: 0, periodMs: 1000 }, { sample: () => undefined });
    until(1500);
    expect(taken.map(({ result }) => result)).toEqual(["absent", "absent"]);
    expect(counts.failures).toBe(2);
  });
});

test("after stop no sample is begun, handed over or counted, and no timer is left, also in the middle of a measurement", () => {
  for (const stopMs of [500, 1008]) {
    const { until, taken, counts, sampler, timers, cpu } = sampled({ firstMs: 0, periodMs: 1000 }, { start: () => 16 });
    until(stopMs);
    expect(timers.size).toBe(1);
    cpu.post(() => sampler.stop());
    expect(timers.size).toBe(0);
    until(10_000);
    expect([taken.length, counts.samples, timers.size]).toEqual([1, 1, 0]);
  }
});

test("whatever holds the thread up, each grid point is sampled once or counted as missed, in order and within its own period", () => {
  // When and for how long, in hundredths of a period.
  const holdUps = fc.array(fc.tuple(fc.nat(4000), fc.integer({ min: 1, max: 500 })), { maxLength: 12 });
  const grids = fc.tuple(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 0, max: 1999 }), fc.integer({ min: 0, max: 60 }));
  fc.assert(
    fc.property(grids, holdUps, (chosen, held) => {
      const [periodMs, phase, measureMs] = chosen;
      const firstMs = phase % periodMs;
      const { until, taken, counts, holdUp } = sampled({ firstMs, periodMs }, { start: () => measureMs });
      for (const [at, length] of held) holdUp((at * periodMs) / 100, (length * periodMs) / 100);
      // By then no hold-up lasts any more.
      until(120 * periodMs);
      let passed = 0;
      let late = 0;
      let worstMs = 0;
      let expectedMs = firstMs;
      for (const { gridMs, begunMs } of taken) {
        expect((gridMs - firstMs) % periodMs).toBe(0);
        expect(gridMs).toBeGreaterThanOrEqual(expectedMs);
        const lateMs = Math.floor(begunMs) - gridMs;
        expect(lateMs).toBeGreaterThanOrEqual(0);
        expect(lateMs).toBeLessThan(periodMs);
        passed += (gridMs - expectedMs) / periodMs;
        if (lateMs > 10) late++;
        worstMs = Math.max(worstMs, lateMs);
        expectedMs = gridMs + periodMs;
      }
      expect(counts.samples).toBe(taken.length);
      if (measureMs + 5 < periodMs) expect(counts).toMatchObject({ missed: passed, late, worstLateMs: worstMs });
      // A sample that is begun and not over has missed points before it.
      else expect(counts.missed - passed).toBeGreaterThanOrEqual(0);
    }),
    { seed: 1, numRuns: 60 },
  );
});
