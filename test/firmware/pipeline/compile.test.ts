import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { limits } from "../../../firmware/limits.js";
import * as builders from "../../../firmware/pipeline/builders.js";
import { compile } from "../../../firmware/pipeline/compile.js";
import type { Flow } from "../../../firmware/pipeline/flow.js";
import type { Sink } from "../../../firmware/pipeline/push.js";
import type { Stage } from "../../../firmware/pipeline/stage.js";
import { bareGround } from "../../../host-sim/bench/bare-ground.js";
import { through } from "./channel.js";

const { clamp, delta, group, or, exponential_moving_average, median, multiply, offset, summary, throttle, window } = builders;

const flow: Flow = { periodMs: 1000, regular: true, delayMs: 0 };
const nowhere: Sink = { push: () => {}, missing: () => {}, summary: () => {} };

/** The message with which `compile` refuses what may not even be stages. */
function refusal(stages: unknown, channelName = "temperature"): string {
  const compiled = compile(channelName, stages as Stage[], flow, bareGround, nowhere);
  if (compiled.ok) throw new Error("compiled");
  expect(compiled.error.kind).toBe("stage");
  return compiled.error.message;
}

describe("what compiles", () => {
  test("runs the stages in the order in which they are declared", () => {
    expect(through([offset(1), multiply(10)], [2]).values).toEqual([30]);
    expect(through([multiply(10), offset(1)], [2]).values).toEqual([21]);
    expect(through([delta(1), offset(1), window(2, "max")], [1, 1.5, 3, 4.5, 9]).values).toEqual([4, 10]);
  });

  test("hands samples straight to the sink without stages", () => {
    expect(through([], [1, 2]).values).toEqual([1, 2]);
  });

  test("runs a pair of median and average wherever it stands, with its neighbours", () => {
    const stages = [offset(1), median(5), exponential_moving_average(0.5), median(5), exponential_moving_average(1), offset(-1)];
    expect(through(stages, [8, 8, 8, 16, 16, 16, 16, 16]).values).toEqual([8, 8, 8, 8, 8, 8, 8, 12]);
    expect(through([median(5)], [8, 9]).values).toEqual([8, 8]);
    expect(through([exponential_moving_average(0.5), median(5)], [8, 9]).values).toEqual([8, 8]);
  });

  test("keeps the state of each compiled channel to itself", () => {
    const stages = [exponential_moving_average(0.5), summary(2)];
    expect(through(stages, [8, 16])).toEqual(through(stages, [8, 16]));
  });

  test("takes stages that came as JSON", () => {
    const stages = JSON.parse('[{"stage":"median","window":3},{"stage":"clamp","min":0},{"stage":"summary","samples":2}]') as Stage[];
    expect(through(stages, [-5, 5])).toMatchObject({ values: [0, 0], summaries: [[0, 0, 0, 0, 2]] });
  });

  test("takes every parameter at its bounds", () => {
    const atBounds = [
      [
        offset(1e100),
        offset(-1e100),
        multiply(0),
        multiply(-1e100),
        clamp({ min: 5, max: 5 }),
        clamp({ max: 0, ignore_out_of_range: false }),
      ],
      [median(3), median(101), exponential_moving_average(1), exponential_moving_average(1e-6), delta(0)],
      [throttle(86_400_000)],
      [throttle(1), window(1, "min"), window(1_000_000, "std"), summary(1)],
      Array.from({ length: limits.stagesMax }, () => offset(1)),
    ];
    for (const stages of atBounds) expect(() => through(stages, [])).not.toThrow();
  });
});

describe("what does not compile says the channel, the stage, and what would be right", () => {
  test("in one sentence", () => {
    expect(refusal([offset(1), median(4)])).toBe(
      'channel "temperature", stage 2 (median): window must be an odd whole number from 3 to 101, not 4',
    );
  });

  test.each([
    [[{ stage: "medain", window: 5 }], 'stage 1: there is no stage "medain", did you mean "median"?'],
    [[{ stage: "xyzzyx" }], 'stage 1: there is no stage "xyzzyx"; docs/stages.md and docs/esphome.md have them all'],
    [[{ stage: 7 }], "there is no stage 7;"],
    [[{ stage: "toString" }], 'there is no stage "toString";'],
    [[null], 'stage 1: must be an object such as {"stage":"median","window":5}, not null'],
    [["median"], 'not "median"'],
    [[[median(5)]], "not an array"],
    [[offset(1), undefined], "stage 2: must be an object"],
    [[or(or(delta(1)))], "stage 1 (or), stage 1 (or): it stands inside of another or, list its stages there"],
    [[group(group(group(delta(1))))], "stage 1 (group), stage 1 (group), stage 1 (group): stages can stand at most 2 deep in others"],
    [[window(1e6, "mean"), window(1e6, "mean"), window(5, "max")], "stage 3 (window): its results would come thousands of years apart"],
    ["median", 'stages must be an array, not "median"'],
    [{ stage: "median", window: 5 }, "stages must be an array, not an object"],
    [Array.from({ length: 13 }, () => offset(1)), "stages must be at most 12, not 13"],
    [[median(0)], "window must be an odd whole number from 3 to 101, not 0"],
    [[median(1)], "not 1"],
    [[median(103)], "not 103"],
    [[median(3.5)], "not 3.5"],
    [[median(NaN)], "not NaN"],
    [[{ stage: "median", window: 5, send_every: 5 }], "stage 1 (median): window and send_every exclude each other"],
    [[{ stage: "median", window: "5" }], 'not "5"'],
    [[{ stage: "median", window: [5] }], "not an array"],
    [[{ stage: "median", window: 5, size: 5 }], 'unknown key "size", a median has window, window_size, send_every, send_first_at'],
    [[exponential_moving_average(0)], "alpha must be a number above 0, at most 1, not 0"],
    [[exponential_moving_average(1.1)], "not 1.1"],
    [[exponential_moving_average(-0.1)], "not -0.1"],
    [[exponential_moving_average(NaN)], "not NaN"],
    [[offset(NaN)], "value must be a number from -1e+100 to 1e+100, not NaN"],
    [[multiply(Infinity)], "not Infinity"],
    [[delta(-1)], 'by must be a number from 0 to 1e+100 or a percentage such as "5%", not -1'],
    [[throttle(0)], "everyMs must be a number from 1 to 86400000, not 0"],
    [[window(0, "mean")], "samples must be a whole number from 1 to 1000000, not 0"],
    [[window(2.5, "mean")], "not 2.5"],
    [[window(10, "average" as "mean")], 'result must be one of min, max, mean, std, count, not "average"'],
    [[summary(1_000_001)], "not 1000001"],
    [[summary(2), summary(3)], "stage 2 (summary): a channel has at most one summary, drop this or the other"],
    [[clamp({ min: 2, max: 1 })], "stage 1 (clamp): min must not be above max, and 2 is above 1"],
    [[clamp({})], "stage 1 (clamp): min and max are both missing, give at least one"],
    [[{ stage: "clamp", min: 0, ignore_out_of_range: 1 }], "ignore_out_of_range must be true or false, not 1"],
    [[clamp({ min: NaN })], "min must be a number from"],
  ])("%j", (stages, words) => {
    expect(refusal(stages)).toContain(words);
  });

  test("in few words even of what is long", () => {
    expect(refusal([{ stage: "x".repeat(10_000) }], "c".repeat(10_000)).length).toBeLessThan(400);
  });

  test("or it compiles: nothing from JSON throws", () => {
    const keys = [
      "stage",
      "window",
      "value",
      "min",
      "max",
      "alpha",
      "by",
      "everyMs",
      "samples",
      "result",
      "ignore_out_of_range",
      "__proto__",
    ];
    const words = fc.constantFrom("median", "clamp", "window", "summary", "delta", "mean");
    const value = fc.oneof(fc.jsonValue(), words, fc.integer(), fc.double());
    const stages = fc.array(fc.oneof(fc.dictionary(fc.constantFrom(...keys), value), fc.jsonValue()), { maxLength: 14 });
    fc.assert(
      fc.property(fc.oneof(stages, fc.jsonValue()), (declared) => {
        const compiled = compile("any", declared as unknown as Stage[], flow, bareGround, nowhere);
        if (compiled.ok) compiled.value.push(1);
        else expect(compiled.error.message).toMatch(/^channel "any", /);
      }),
      { seed: 4, numRuns: 500 },
    );
  });
});

test("builders make the plain data of stages", () => {
  expect(offset(1)).toEqual({ stage: "offset", value: 1 });
  expect(multiply(2)).toEqual({ stage: "multiply", value: 2 });
  expect(clamp({ min: 0, ignore_out_of_range: true })).toEqual({ stage: "clamp", min: 0, ignore_out_of_range: true });
  expect(median(5)).toEqual({ stage: "median", window: 5 });
  expect(exponential_moving_average(0.1)).toEqual({ stage: "exponential_moving_average", alpha: 0.1, send_every: 1 });
  expect(delta(0.5)).toEqual({ stage: "delta", by: 0.5 });
  expect(throttle(1000)).toEqual({ stage: "throttle", everyMs: 1000 });
  expect(window(60, "mean")).toEqual({ stage: "window", samples: 60, result: "mean" });
  expect(summary(60)).toEqual({ stage: "summary", samples: 60 });
});
