/** Whatever stands in a filter's parameters, it compiles or is refused in words: nothing throws, and no result is out of range. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { limits } from "../../../../firmware/limits.js";
import { compile } from "../../../../firmware/pipeline/compile.js";
import { familyOf } from "../../../../firmware/pipeline/families.js";
import type { Stage } from "../../../../firmware/pipeline/stage.js";
import { bareGround } from "../../../../host-sim/bench/bare-ground.js";

const names = `offset multiply filter_out clamp round round_to_multiple_of round_to_significant_digits delta or lambda throttle
  throttle_with_priority calibrate_linear calibrate_polynomial to_ntc_resistance to_ntc_temperature skip_initial`.split(/\s+/);
const number = fc.oneof(fc.integer({ min: -3, max: 20 }), fc.double(), fc.double({ min: -1e100, max: 1e100, noNaN: true }));
const word = fc.constantFrom("nan", "5%", "-1%", "%", "exact", "least_squares", "0 -> 1", "->", "10kOhm -> 25°C", "1->", "last");
const point = fc.oneof(fc.tuple(number, number), fc.record({ from: number, to: number }), word, number);
const coefficients = fc.record({ a: number, b: number, c: number });
const value = fc.oneof(number, word, fc.boolean(), fc.array(point, { maxLength: 5 }), fc.array(number), coefficients, fc.jsonValue());
const stage = fc.constantFrom(...names).chain((name) => {
  const params = familyOf(name)!.rules.map(({ key }) => [key, value] as const);
  return fc.record({ stage: fc.constant(name), params: fc.record(Object.fromEntries(params), { requiredKeys: [] }) });
});

test("in whatever order", () => {
  let compiledCount = 0;
  const within = (x: number): void => expect(x >= -limits.valueMax && x <= limits.valueMax).toBe(true);
  const sink = { push: within, missing: () => {}, summary: () => {} };
  const flow = { periodMs: 1000, regular: true, delayMs: 0 };
  fc.assert(
    fc.property(stage, fc.array(number, { maxLength: 6 }), ({ stage: name, params }, samples) => {
      const compiled = compile("any", [{ ...params, stage: name } as unknown as Stage], flow, bareGround, sink);
      if (!compiled.ok) {
        expect(compiled.error.message).toMatch(/^channel "any", stage 1 \(\w+\)/);
        return;
      }
      compiledCount++;
      for (const x of samples) {
        if (Math.abs(x) <= limits.valueMax) compiled.value.push(x);
        else compiled.value.missing();
      }
    }),
    { seed: 27, numRuns: 3000 },
  );
  expect(compiledCount).toBeGreaterThan(100);
});

test("each filter of numbers stays within range whatever comes", () => {
  const each = [
    { stage: "round", accuracy_decimals: 3 },
    { stage: "round_to_multiple_of", multiple: 1e-90 },
    { stage: "round_to_multiple_of", multiple: 9e99 },
    { stage: "round_to_significant_digits", digits: 1 },
    { stage: "calibrate_linear", datapoints: ["-1e100 -> 1e100", "1e100 -> -1e100"], method: "exact" },
    { stage: "calibrate_linear", datapoints: ["-1e100 -> 1e100", "1e100 -> -1e100"] },
    { stage: "calibrate_polynomial", degree: 2, datapoints: ["0 -> 0", "1e-90 -> 1e90", "1 -> 3"] },
    { stage: "to_ntc_temperature", calibration: { a: 1e-3, b: 2e-4, c: 1e-7 } },
    { stage: "to_ntc_resistance", calibration: { a: 1e-3, b: 2e-4, c: 1e-7 } },
  ] as unknown as Stage[];
  const outputs: number[] = [];
  const sink = { push: (x: number) => void outputs.push(x), missing: () => {}, summary: () => {} };
  for (const one of each) {
    const compiled = compile("any", [one], { periodMs: 1000, regular: true, delayMs: 0 }, bareGround, sink);
    if (!compiled.ok) throw new Error(compiled.error.message);
    for (const x of [1e100, -1e100, 9.99e99, 1e-100, 5e-324, -0, 0, 1, -273.15, 1e50]) compiled.value.push(x);
  }
  expect(outputs.filter((x) => !(x >= -limits.valueMax && x <= limits.valueMax))).toEqual([]);
  expect(outputs.length).toBeGreaterThan(60);
});
