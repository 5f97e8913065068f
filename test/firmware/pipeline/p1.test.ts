/** The reference workload P1 and the promise of no allocation, on the engine that runs on the board. */
import { describe, expect, test } from "vitest";
import { channel, expected, fused, passes, signal } from "../../../host-sim/bench/p1.js";
import { findProgram } from "../../../host-sim/xs/program.js";
import { runInXs } from "../../../host-sim/xs/run.js";

/** In CI the absence of XS is a failure. */
const withoutXs = !findProgram().ok && process.env["CI"] !== "true";
const title = (text: string) => (withoutXs ? text + " (XS is not built: npm run build:xs)" : text);

function onXs(source: string, stackSlots?: number): unknown {
  const ran = runInXs({ source, preload: ["firmware/pipeline/compile"], ...(stackSlots === undefined ? {} : { stackSlots }) });
  if (!ran.ok) throw new Error(`${ran.error.kind}: ${ran.error.message}`);
  return ran.value.value;
}

describe("P1", () => {
  test("has the reference's checksums on Node, as a compiled channel and as a loop", () => {
    const samples = signal();
    expect(fused(samples, passes)).toEqual(expected);
    const product = channel();
    for (let pass = 0; pass < passes; pass++) product.run(samples);
    expect(product.checksums()).toEqual(expected);
  });

  test.skipIf(withoutXs)(title("has the reference's checksums on XS as a compiled channel"), () => {
    const source = `
      import { channel, passes, signal } from "host-sim/bench/p1";
      const samples = signal(), product = channel();
      for (let pass = 0; pass < passes; pass++) product.run(samples);
      report(product.checksums());`;
    expect(onXs(source)).toEqual(expected);
  });
});

describe.skipIf(withoutXs)(title("on XS"), () => {
  test("no stage allocates a slot or a byte a sample", () => {
    const source = `
      import { compile } from "firmware/pipeline/compile";
      import { bareGround } from "host-sim/bench/bare-ground";
      const stages = [
        { stage: "offset", value: 0.5 }, { stage: "multiply", value: 1.5 }, { stage: "multiply", value: 1e99 },
        { stage: "clamp", min: 1, max: 9 }, { stage: "clamp", min: 1, max: 9, ignore_out_of_range: true },
        { stage: "median", window: 3 }, { stage: "median", window: 5 }, { stage: "median", window: 101 },
        { stage: "exponential_moving_average", alpha: 0.1 }, { stage: "delta", by: 0.1 }, { stage: "throttle", everyMs: 3 },
        ...["min", "max", "mean", "std", "count"].map((result) => ({ stage: "window", samples: 7, result })),
        { stage: "summary", samples: 7 },
        { stage: "filter_out", value: [1, "nan"] }, { stage: "skip_initial", samples: 9 }, { stage: "lambda", run: (x) => x * 2 },
        { stage: "round", accuracy_decimals: 1 }, { stage: "round_to_multiple_of", multiple: 0.3 }, { stage: "round_to_significant_digits", digits: 2 },
        { stage: "delta", min_value: "5%", max_value: 3 }, { stage: "throttle_with_priority", timeoutMs: 3, value: 2 },
        { stage: "calibrate_linear", datapoints: [[0, 1], [5, 7]] }, { stage: "calibrate_linear", datapoints: [[0, 1], [5, 7], [9, 8]], method: "exact" },
        { stage: "calibrate_polynomial", degree: 2, datapoints: [[0, 1], [5, 7], [9, 8]] },
        { stage: "to_ntc_temperature", calibration: { a: 1e-3, b: 2e-4, c: 1e-7 } }, { stage: "to_ntc_resistance", calibration: { a: 1e-3, b: 2e-4, c: 1e-7 } },
        { stage: "hysteresis", low: 3, high: 9 }, { stage: "rate_of_change", above: 3 }, { stage: "rolling_std", window: 9 },
        { stage: "p2_quantile", q: 0.9 }, { stage: "p2_quantile", q: 0.9, samples: 7 },
        { stage: "dd_sketch", q: 0.9, samples: 70 }, { stage: "dd_sketch", q: 0.9, samples: 70, binsMax: 5 },
        ...["stay", "restart", "relearn"].flatMap((after) => ["cusum", "ewma_chart"].map((stage) => ({ stage, learn: 5, after }))),
        { stage: "page_hinkley", delta: 0.1, threshold: 5 }, { stage: "page_hinkley", delta: 0.1, threshold: 5, after: "relearn" },
        { stage: "seasonal_baseline", periodMs: 1000, bins: 24, result: "z_score" },
        { stage: "stuck", samples: 2, by: 9 }, { stage: "stuck", forMs: 2, mark: "missing" }, { stage: "out_of_range", min: 3, max: 9 },
      ];
      const allocated = {};
      let now = 0, sum = 0;
      const sink = { push: (x) => { sum += x; }, summary: (a, b, c, d, e) => { sum += a + b + c + d + e; }, missing: () => { sum++; } };
      const ground = { ...bareGround, sampleMs: () => now };
      const feed = (push, count) => { for (let i = 0; i < count; i++) { now += 1; push((i * 7919 % 1000) / 64); } };
      const run = (name, declared) => {
        const compiled = compile("c", declared, { periodMs: 1, regular: true, delayMs: 0 }, ground, sink);
        if (!compiled.ok) throw new Error(compiled.error.message);
        feed(compiled.value.push, 1);
        const before = collections(), slots = slotsInUse(), chunks = chunkBytesInUse();
        feed(compiled.value.push, 1000);
        const used = (slotsInUse() - slots) + (chunkBytesInUse() - chunks);
        if (used !== 0 || collections() !== before) allocated[name] = used;
      };
      for (const stage of stages) run(JSON.stringify(stage), [stage]);
      run("a pair", [{ stage: "median", window: 5 }, { stage: "exponential_moving_average", alpha: 0.1 }]);
      const wasteful = [], slots = slotsInUse();
      feed((x) => { wasteful.push({ x }); }, 10);
      report({ allocated, detected: slotsInUse() - slots > 0 });`;
    expect(onXs(source)).toEqual({ allocated: {}, detected: true });
  });

  test("the longest channel takes no more stack than a short one", () => {
    const source = `
      import { compile } from "firmware/pipeline/compile";
      import { bareGround } from "host-sim/bench/bare-ground";
      const pushed = [];
      const stages = [];
      for (let i = 0; i < 12; i++) stages.push({ stage: "median", window: i === 6 ? 3 : 5 });
      const compiled = compile("c", stages, { periodMs: 1, regular: true, delayMs: 0 }, bareGround, { push: (x) => { pushed.push(x); }, missing() {}, summary() {} });
      for (let i = 0; i < 100; i++) compiled.value.push(4);
      report(pushed.length);`;
    expect(onXs(source, 224)).toBe(100);
  });
});
