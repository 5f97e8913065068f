/**
 * Control charts against published average run lengths: D. C. Montgomery, "Introduction to Statistical
 * Quality Control", tables 9.3 (CUSUM) and 9.11 (EWMA); and against their definitions written with arrays.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cusum, ewma_chart, page_hinkley } from "../../../firmware/pipeline/builders.js";
import type { CusumParameters } from "../../../firmware/pipeline/stages/cusum.js";
import type { EwmaChartParameters } from "../../../firmware/pipeline/stages/ewma-chart.js";
import { compile } from "../../../firmware/pipeline/compile.js";
import type { Stage } from "../../../firmware/pipeline/stage.js";
import { bareGround } from "../../../host-sim/bench/bare-ground.js";
import { through } from "./channel.js";
import { list, normals } from "./statistics.js";

const settings = { seed: 20240229, numRuns: 100 };
/** Evenly drawn, which doubles of fast-check are not. */
const part = fc.integer({ min: 0, max: 1000 }).map((thousandths) => thousandths / 1000);

/** Samples an alarm, where the stage starts afresh after each. */
function runLength(stage: Stage, shift: number, samples: number): number {
  let alarms = 0;
  const count = (x: number): void => void (alarms += x);
  const compiled = compile("test", [stage], { periodMs: 1000, regular: true, delayMs: 0 }, bareGround, {
    push: count,
    missing: () => {},
    summary: () => {},
  });
  if (!compiled.ok) throw new Error(compiled.error.message);
  const draw = normals(`${stage.stage} ${shift}`);
  for (let i = 0; i < samples; i++) compiled.value.push(draw() + shift);
  return samples / alarms;
}

const known = { target: 0, deviation: 1, after: "restart" } as const;
const samples = fc.array(
  part.map((x) => 8 * x - 4),
  { maxLength: 80 },
);

describe("cusum", () => {
  test.each([
    [5, 0, 465],
    [5, 0.5, 38],
    [5, 1, 10.4],
    [5, 2, 4.01],
    [4, 0, 168],
    [4, 1, 8.38],
  ])("with slack 0.5 and threshold %d, at a shift of %d, raises an alarm every %d samples", (threshold, shift, published) => {
    const measured = runLength(cusum({ ...known, threshold }), shift, shift === 0 ? 400_000 : 40_000);
    expect(measured / published).toBeGreaterThan(0.93);
    expect(measured / published).toBeLessThan(1.07);
  });

  test("finds a fall as soon as a rise", () => {
    expect(runLength(cusum(known), -1, 40_000)).toBeCloseTo(10.4, 0);
    expect(runLength(cusum({ ...known, direction: "fall" }), -1, 40_000)).toBeCloseTo(10.4, 0);
    expect(runLength(cusum({ ...known, direction: "fall" }), 1, 4000)).toBe(Infinity);
    expect(runLength(cusum({ ...known, direction: "rise" }), -1, 4000)).toBe(Infinity);
  });

  test("is its definition, with sums that end at twice the threshold", () => {
    const check = (xs: readonly number[], parameters: CusumParameters): void => {
      const { target = 0, deviation = 1, slack = 0.5, threshold = 5, after } = parameters;
      let rise = 0;
      let fall = 0;
      const expected = xs.map((x) => {
        const z = (x - target) / deviation;
        rise = Math.min(2 * threshold, Math.max(0, rise + (z - slack)));
        fall = Math.min(2 * threshold, Math.max(0, fall - (z + slack)));
        const alarm = Math.max(rise, fall) > threshold;
        if (alarm && after === "restart") rise = fall = 0;
        return alarm ? 1 : 0;
      });
      expect(through([cusum(parameters)], xs).values).toEqual(expected);
    };
    fc.assert(
      fc.property(samples, fc.constantFrom("stay", "restart" as const), part, (xs, after, slack) =>
        check(xs, { target: 0.25, deviation: 0.5, slack, threshold: 3, after }),
      ),
      settings,
    );
  });

  test("ends an alarm within threshold ÷ slack samples of the quantity's return", () => {
    const { values } = through([cusum({ target: 20, deviation: 1 })], [...Array<number>(50).fill(30), ...Array<number>(12).fill(20)]);
    expect(values.slice(0, 50).filter((x) => x === 1).length).toBe(50);
    expect(values.slice(50)).toEqual([...Array<number>(9).fill(1), 0, 0, 0]);
  });

  test("learns target and deviation from the first samples, and is silent meanwhile", () => {
    // Mean 20, standard deviation 1 over n − 1.
    const first = [19, 21, 19, 21, 20];
    const { values } = through([cusum({ learn: 5 })], [...first, 20 + 5.4, 20 + 0.7]);
    expect(values).toEqual([0, 0, 0, 0, 0, 0, 1]);
    const justNot = through([cusum({ learn: 5 })], [...first, 20 + 5.4, 20 + 0.5]);
    expect(justNot.values).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  test("learns the deviation alone about a given target, and the target alone", () => {
    // About 10, the mean square of 8, 12, 10, 10 is 2.
    const step = 10 + (5.5 + 0.01) * Math.SQRT2;
    expect(through([cusum({ target: 10, learn: 4 })], [8, 12, 10, 10, step]).values).toEqual([0, 0, 0, 0, 1]);
    expect(through([cusum({ target: 10, learn: 4 })], [8, 12, 10, 10, step - 0.03]).values).toEqual([0, 0, 0, 0, 0]);
    expect(through([cusum({ deviation: 2, learn: 2 })], [9, 11, 21.01]).values).toEqual([0, 0, 1]);
    expect(through([cusum({ deviation: 2, learn: 2 })], [9, 11, 20.99]).values).toEqual([0, 0, 0]);
  });

  test("learns no deviation below the resolution", () => {
    const still = Array<number>(10).fill(20);
    expect(through([cusum({ learn: 10 })], [...still, 20.05, 20.05], { resolution: 0.01 }).values.slice(10)).toEqual([0, 1]);
    expect(through([cusum({ learn: 10 })], [...still, 20.05, 20.05], { resolution: 0.1 }).values.slice(10)).toEqual([0, 0]);
  });

  test("tells a lasting change once when it is to learn anew", () => {
    const draw = normals("relearn");
    const steps = list(900, (i) => draw() + (i < 300 ? 0 : i < 600 ? 10 : -5));
    const { values } = through([cusum({ after: "relearn", learn: 50, threshold: 10 })], steps);
    const alarms = values.flatMap((x, i) => (x === 1 ? [i] : []));
    expect(alarms).toEqual([300, 600]);
    const stay = through([cusum({ learn: 50, threshold: 10 })], steps).values;
    expect(stay.slice(310, 600)).not.toContain(0);
  });

  test("passes a missing reading as missing and goes on as if it had not been", () => {
    const xs = [0, 3, 3, -1, 4, 4];
    const holed = xs.flatMap((x) => [NaN, x]);
    const run = through([cusum({ target: 0, deviation: 1 })], holed);
    expect(run.missing).toBe(xs.length);
    expect(run.values).toEqual(through([cusum({ target: 0, deviation: 1 })], xs).values);
  });

  test("survives the greatest values", () => {
    const rise = cusum({ target: 0, deviation: 1e-100, direction: "rise" });
    expect(through([rise], [1e100, -1e100, 0, 1e100]).values).toEqual([1, 0, 0, 1]);
    expect(through([cusum({ learn: 2 })], [1e100, -1e100, 0, 0]).values).toEqual([0, 0, 0, 0]);
  });
});

describe("ewma_chart", () => {
  test.each([
    [0.1, 2.814],
    [0.2, 2.962],
    [0.4, 3.054],
  ])("with lambda %d and limit %d raises a false alarm every 500 samples", (lambda, limit) => {
    const measured = runLength(ewma_chart({ ...known, lambda, limit }), 0, 400_000);
    expect(measured).toBeGreaterThan(440);
    expect(measured).toBeLessThan(540);
  });

  test("finds a shift by one deviation no later than with limits that stand still", () => {
    expect(runLength(ewma_chart({ ...known, lambda: 0.1, limit: 2.814 }), 1, 40_000)).toBeLessThan(10.3);
    expect(runLength(ewma_chart({ ...known, lambda: 0.1, limit: 2.814 }), -1, 40_000)).toBeGreaterThan(7);
  });

  test("is its definition", () => {
    const check = (xs: readonly number[], parameters: EwmaChartParameters): void => {
      const { target = 0, deviation = 1, lambda = 0.2, limit = 3, after } = parameters;
      let since: number[] = [];
      const expected = xs.map((x) => {
        since.push((x - target) / deviation);
        const n = since.length;
        const smoothed = since.reduce((sum, z, i) => sum + lambda * (1 - lambda) ** (n - 1 - i) * z, 0);
        const alarm = Math.abs(smoothed) > limit * Math.sqrt((lambda / (2 - lambda)) * (1 - (1 - lambda) ** (2 * n)));
        if (alarm && after === "restart") since = [];
        return alarm ? 1 : 0;
      });
      expect(through([ewma_chart(parameters)], xs).values).toEqual(expected);
    };
    const lambda = part.map((x) => 0.01 + 0.99 * x);
    fc.assert(
      fc.property(samples, fc.constantFrom("stay", "restart" as const), lambda, (xs, after, weight) =>
        check(xs, { target: 0.3, deviation: 1.1, lambda: weight, limit: 1.5, after }),
      ),
      settings,
    );
  });

  test("works without parameters: learns 100 samples, then finds a step", () => {
    const draw = normals("chart");
    const { values } = through(
      [ewma_chart()],
      list(400, (i) => 20 + 0.1 * draw() + (i < 300 ? 0 : 0.3)),
    );
    expect(values.slice(0, 300)).not.toContain(1);
    expect(values.slice(310)).not.toContain(0);
  });

  test("lets a missing reading pass, and learns anew when told to", () => {
    const run = through([ewma_chart({ target: 0, deviation: 1 })], [0, NaN, 9, NaN]);
    expect(run.all.map(([x]) => x)).toEqual([0, NaN, 1, NaN]);
    const relearnt = through([ewma_chart({ learn: 2, after: "relearn" })], [1, 2, 50, 49, 51, 50, 52]);
    expect(relearnt.values).toEqual([0, 0, 1, 0, 0, 0, 0]);
  });
});

describe("page_hinkley", () => {
  test("is its definition: the sum's distance from its least and its greatest value so far", () => {
    const model = (xs: readonly number[], delta: number, threshold: number, learn: number): number[] => {
      let up = 0;
      let down = 0;
      let least = 0;
      let most = 0;
      const seen: number[] = [];
      return xs.map((x) => {
        seen.push(x);
        if (seen.length <= learn) return 0;
        const mean = seen.reduce((sum, each) => sum + each, 0) / seen.length;
        up += x - mean - delta;
        down += x - mean + delta;
        least = Math.min(least, up);
        most = Math.max(most, down);
        return up - least > threshold || most - down > threshold ? 1 : 0;
      });
    };
    const first = (values: readonly number[]): number => values.indexOf(1);
    fc.assert(
      fc.property(samples, fc.integer({ min: 1, max: 10 }), part, (xs, learn, delta) => {
        // Up to the first alarm: afterwards the stage's sums end at twice the threshold.
        const expected = model(xs, delta, 7, learn);
        expect(first(through([page_hinkley({ delta, threshold: 7, learn })], xs).values)).toBe(first(expected));
      }),
      settings,
    );
  });

  test.each([2, 4, -3])("tells a step by %d after about threshold ÷ (step − delta) samples", (step) => {
    const stage = page_hinkley({ delta: 0.5, threshold: 20, after: "relearn" });
    const { values } = through(
      [stage],
      list(1040, (i) => (i < 1000 ? 0 : step)),
    );
    const delay = values.indexOf(1) - 1000;
    expect(delay).toBeGreaterThanOrEqual(Math.floor(20 / (Math.abs(step) - 0.5)));
    expect(delay).toBeLessThanOrEqual(Math.ceil(20 / (Math.abs(step) - 0.5)) + 1);
  });

  test("is quiet in noise, and finds a step in it within a mean delay of that length", () => {
    let delays = 0;
    for (let run = 0; run < 40; run++) {
      const draw = normals(`page-hinkley ${run}`);
      const { values } = through(
        [page_hinkley({ delta: 0.5, threshold: 12 })],
        list(600, (i) => draw() + (i < 500 ? 0 : 2)),
      );
      expect(values.slice(0, 500)).not.toContain(1);
      delays += values.indexOf(1) - 499;
    }
    expect(delays / 40).toBeGreaterThan(7);
    expect(delays / 40).toBeLessThan(9);
  });

  test("ends its alarm when the quantity is back, or sooner or later when the mean has followed", () => {
    const stage = page_hinkley({ delta: 0.5, threshold: 5, memory: 20 });
    const back = through(
      [stage],
      list(200, (i) => (i >= 100 && i < 110 ? 3 : 0)),
    ).values;
    expect(back.slice(105, 110)).not.toContain(0);
    expect(back.slice(125)).not.toContain(1);
    const followed = (memory?: number): number =>
      through(
        [page_hinkley({ delta: 0.5, threshold: 5, ...(memory === undefined ? {} : { memory }) })],
        list(400, (i) => (i < 100 ? 0 : 3)),
      ).values.lastIndexOf(1);
    expect(followed(20)).toBeLessThan(170);
    expect(followed()).toBe(399);
  });

  test("judges one direction when asked to, learns first, and lets missing readings pass", () => {
    const step = [...Array<number>(40).fill(0), ...Array<number>(10).fill(-5)];
    expect(through([page_hinkley({ delta: 0, threshold: 5, direction: "rise" })], step).values).not.toContain(1);
    expect(through([page_hinkley({ delta: 0, threshold: 5, direction: "fall" })], step).values).toContain(1);
    expect(through([page_hinkley({ delta: 0, threshold: 5, learn: 50 })], step).values).not.toContain(1);
    expect(through([page_hinkley({ delta: 0, threshold: 5, learn: 3 })], [0, 0, 100, 100]).values).toEqual([0, 0, 0, 1]);
    const holed = through([page_hinkley({ delta: 0, threshold: 5, learn: 1 })], [0, NaN, 20, NaN]);
    expect(holed.all.map(([x]) => x)).toEqual([0, NaN, 1, NaN]);
  });

  test("tells each lasting change once when it is to learn anew", () => {
    const steps = list(300, (i) => (i < 100 ? 20 : i < 200 ? 25 : 15));
    const { values } = through([page_hinkley({ delta: 0.5, threshold: 8, after: "relearn" })], steps);
    expect(values.flatMap((x, i) => (x === 1 ? [i] : []))).toEqual([101, 200]);
  });
});
