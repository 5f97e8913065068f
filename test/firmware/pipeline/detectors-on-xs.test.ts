/** Detectors and statistics give the same numbers on the engine that runs on the board. */
import { expect, test } from "vitest";
import { findProgram } from "../../../host-sim/xs/program.js";
import { runInXs } from "../../../host-sim/xs/run.js";
import type { Stage } from "../../../firmware/pipeline/stage.js";
import { through } from "./channel.js";

/** In CI the absence of XS is a failure. */
const withoutXs = !findProgram().ok && process.env["CI"] !== "true";

const stages: readonly Stage[] = [
  { stage: "hysteresis", low: 3, high: 9 },
  { stage: "rate_of_change", above: 0.03, perMs: 7 },
  { stage: "rolling_std", window: 31 },
  { stage: "p2_quantile", q: 0.9 },
  { stage: "p2_quantile", q: 0.35, samples: 50 },
  { stage: "dd_sketch", q: 0.9, samples: 50 },
  { stage: "dd_sketch", q: 0.1, samples: 90, accuracy: 0.003, binsMax: 20 },
  { stage: "cusum", learn: 30 },
  { stage: "cusum", learn: 5, after: "relearn" },
  { stage: "ewma_chart", learn: 30 },
  { stage: "ewma_chart", learn: 7, lambda: 0.1, limit: 2, after: "restart" },
  { stage: "page_hinkley", delta: 0.3, threshold: 20, memory: 50 },
  { stage: "seasonal_baseline", periodMs: 100_000, bins: 24, result: "z_score" },
  { stage: "stuck", samples: 2, by: 9 },
  { stage: "out_of_range", min: -3, max: 9 },
];
const samples = Array.from({ length: 600 }, (_, i) => ((i * 7919) % 1000) / 64 - 5 + 12 * Math.floor(i / 300));

test.skipIf(withoutXs)(`on XS detectors and statistics have Node's bits${withoutXs ? " (XS is not built: npm run build:xs)" : ""}`, () => {
  const source = `
    import { compile } from "firmware/pipeline/compile";
    import { bareGround } from "host-sim/bench/bare-ground";
    const samples = ${JSON.stringify(samples)};
    report(${JSON.stringify(stages)}.map((stage) => {
      const values = [];
      let now = 0;
      const sink = { push: (x) => { values.push(x); }, summary() {}, missing: () => { values.push(null); } };
      const compiled = compile("c", [stage], { periodMs: 1000, regular: true, delayMs: 0 }, { ...bareGround, sampleMs: () => now }, sink);
      if (!compiled.ok) throw new Error(compiled.error.message);
      for (let i = 0; i < samples.length; i++) { now = i * 1000; compiled.value.push(samples[i]); }
      return values;
    }));`;
  const ran = runInXs({ source, preload: ["firmware/pipeline/compile"] });
  if (!ran.ok) throw new Error(`${ran.error.kind}: ${ran.error.message}`);
  const onNode = stages.map((stage) => through([stage], samples).all.map(([x]) => (Number.isNaN(x) ? null : x)));
  expect(ran.value.value).toEqual(onNode);
  // None of them is idle.
  for (const values of onNode) expect(new Set(values).size).toBeGreaterThan(1);
});
