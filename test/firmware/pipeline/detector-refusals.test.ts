/** Impossible parameters of detectors and statistics, refused with the name and what would be right; and what they do to the flow. */
import { describe, expect, test } from "vitest";
import { examine } from "../../../firmware/pipeline/examine.js";
import type { Flow } from "../../../firmware/pipeline/flow.js";

const flow: Flow = { periodMs: 1000, regular: true, delayMs: 0 };

function refusal(stage: object): string {
  const examined = examine("t", [stage], flow);
  return examined.ok ? "" : examined.error.message;
}

describe("refused are", () => {
  test.each([
    [{ stage: "hysteresis", low: 2, high: 1 }, "low must be at most 1 (high), not 2"],
    [{ stage: "hysteresis", low: 2 }, "high is missing, it must be a number from -1e+100 to 1e+100"],
    [{ stage: "hysteresis", low: NaN, high: 2 }, "low must be a number from"],
    [{ stage: "hysteresis", low: 1, high: 2, initial: 1 }, "initial must be true or false, not 1"],
    [{ stage: "out_of_range" }, "min and max are both missing, give at least one"],
    [{ stage: "out_of_range", min: 2, max: 1 }, "min must be at most 1 (max), not 2"],
    [{ stage: "out_of_range", min: 2, mark: "drop" }, 'mark must be one of alarm, missing, not "drop"'],
    [{ stage: "rate_of_change" }, "above is missing, it must be a number from 0"],
    [{ stage: "rate_of_change", above: -1 }, "above must be a number from 0 to 1e+100, not -1"],
    [{ stage: "rate_of_change", above: 1, perMs: 0 }, "perMs must be a number from 1 to 86400000, not 0"],
    [{ stage: "rate_of_change", above: 1, direction: "up" }, 'direction must be one of rise, fall, either, not "up"'],
    [{ stage: "stuck" }, "samples and forMs are both missing, give one"],
    [{ stage: "stuck", samples: 5, forMs: 5 }, "samples and forMs exclude each other"],
    [{ stage: "stuck", samples: 1 }, "samples must be a whole number from 2 to 1000000, not 1"],
    [{ stage: "stuck", forMs: 0 }, "forMs must be a number from 1 to 86400000, not 0"],
    [{ stage: "stuck", samples: 5, by: -1 }, "by must be a number from 0"],
    [{ stage: "rolling_std", window: 1 }, "window must be a whole number from 2 to 101, not 1"],
    [{ stage: "rolling_std", window: 102 }, "window must be a whole number from 2 to 101, not 102"],
    [{ stage: "p2_quantile" }, "q is missing, it must be a number from 0 to 1"],
    [{ stage: "p2_quantile", q: 1.01 }, "q must be a number from 0 to 1, not 1.01"],
    [{ stage: "p2_quantile", q: 0.5, samples: 0 }, "samples must be a whole number from 1 to 1000000, not 0"],
    [{ stage: "p2_quantile", q: 0.5, samples: 2_000_000 }, "samples must be a whole number from 1 to 1000000"],
    [{ stage: "dd_sketch", q: -0.1 }, "q must be a number from 0 to 1, not -0.1"],
    [{ stage: "dd_sketch", q: 0.5, accuracy: 0 }, "accuracy must be a number from 0.0001 to 0.5, not 0"],
    [{ stage: "dd_sketch", q: 0.5, accuracy: 1 }, "accuracy must be a number from 0.0001 to 0.5, not 1"],
    [{ stage: "dd_sketch", q: 0.5, samples: 0 }, "samples must be a whole number from 1 to 1000000, not 0"],
    [{ stage: "dd_sketch", q: 0.5, binsMax: 3 }, "binsMax must be a whole number from 4 to 512, not 3"],
    [{ stage: "dd_sketch", q: 0.5, binsMax: 4096 }, "binsMax must be a whole number from 4 to 512, not 4096"],
    [{ stage: "cusum", deviation: 0 }, "deviation must be a number from 1e-100"],
    [{ stage: "cusum", threshold: 0 }, "threshold must be a number above 0, at most 10000, not 0"],
    [{ stage: "cusum", slack: -1 }, "slack must be a number from 0 to 100, not -1"],
    [{ stage: "cusum", learn: 1 }, "learn must be a whole number from 2 to 1000000, not 1"],
    [{ stage: "cusum", target: 0, deviation: 1, learn: 9 }, "learn has no use beside target and deviation"],
    [{ stage: "cusum", target: 0, deviation: 1, after: "relearn" }, "has nothing to learn beside target and deviation"],
    [{ stage: "cusum", after: "stop" }, "after must be one of stay, restart, relearn"],
    [{ stage: "ewma_chart", lambda: 0 }, "lambda must be a number above 0, at most 1, not 0"],
    [{ stage: "ewma_chart", lambda: 1.1 }, "lambda must be a number above 0, at most 1, not 1.1"],
    [{ stage: "ewma_chart", limit: 0 }, "limit must be a number above 0, at most 100, not 0"],
    [{ stage: "ewma_chart", target: 0, deviation: 1, learn: 9 }, "learn has no use beside target and deviation"],
    [{ stage: "page_hinkley", threshold: 1 }, "delta is missing, it must be a number from 0"],
    [{ stage: "page_hinkley", delta: 0, threshold: 0 }, "threshold must be a number above 0"],
    [{ stage: "page_hinkley", delta: 0, threshold: 1, memory: 1 }, "memory must be a whole number from 2 to 1000000, not 1"],
    [{ stage: "page_hinkley", delta: 0, threshold: 1, after: "restart" }, "after must be one of stay, relearn"],
    [{ stage: "seasonal_baseline", periodMs: 999 }, "periodMs must be a whole number from 1000 to 2678400000, not 999"],
    [{ stage: "seasonal_baseline", bins: 1 }, "bins must be a whole number from 2 to 168, not 1"],
    [{ stage: "seasonal_baseline", memory: 0 }, "memory must be a whole number from 1 to 1000, not 0"],
    [{ stage: "seasonal_baseline", result: "z" }, 'result must be one of deviation, z_score, not "z"'],
    [{ stage: "seasonal_baseline", periodMs: 10_000, bins: 11 }, "samples come every 1000 ms: choose at most 10 bins or a longer periodMs"],
    [{ stage: "seasonal_baseline", periodMs: 1000, bins: 2 }, "choose a longer periodMs or sample more often"],
  ])("%j", (stage, message) => {
    expect(refusal(stage)).toContain(message);
    expect(refusal(stage)).toContain(`channel "t", stage 1 (${stage.stage})`);
  });

  test("too many bins for memory", () => {
    const sketches = [512, 512].map((binsMax) => ({ stage: "dd_sketch", q: 0.5, binsMax }));
    const examined = examine("t", sketches, flow);
    expect(examined).toMatchObject({ ok: false, error: { message: expect.stringContaining("2052 numbers") } });
  });
});

test.each([
  [{ stage: "p2_quantile", q: 0.5 }, 1000, 0],
  [{ stage: "p2_quantile", q: 0.5, samples: 61 }, 61_000, 30_000],
  [{ stage: "dd_sketch", q: 0.5, samples: 61 }, 61_000, 30_000],
  [{ stage: "dd_sketch", q: 0.5 }, 1_000_000, 499_500],
  [{ stage: "rolling_std", window: 61 }, 1000, 30_000],
  [{ stage: "cusum" }, 1000, 0],
  [{ stage: "stuck", samples: 9, mark: "missing" }, 1000, 0],
])("%j makes a sample every %i ms, %i ms late", (stage, periodMs, delayMs) => {
  const examined = examine("t", [stage], flow);
  if (!examined.ok) throw new Error(examined.error.message);
  expect(examined.value.flows[1]).toEqual({ periodMs, regular: true, delayMs });
});

test.each([{ stage: "seasonal_baseline" }, { stage: "filter_out", value: 85 }, { stage: "clamp", min: 0, ignore_out_of_range: true }])(
  "%j gives only some of its samples: a join does not wait for it, and nothing that needs a grid stands behind it",
  (stage) => {
    const examined = examine("t", [stage], flow);
    if (!examined.ok) throw new Error(examined.error.message);
    expect(examined.value.flows[1]).toEqual({ ...flow, regular: false });
    expect(examine("t", [stage, { stage: "low_pass", hz: 0.1 }], flow)).toMatchObject({ ok: false });
  },
);
