/** The median of 5 by itself on XS: the product's stage against the better of two written by hand, and a loop that calls nothing. */
import { failure, success, type Result } from "../../firmware/base/result.js";
import { runInXs } from "../xs/run.js";
import { type Benchmark, median, medianRatio, type Row } from "./benchmark.js";
import type { MedianMeasured } from "./median-rounds.js";

/** All in one XS process, the firmware's modules preloaded and frozen as on the board. */
export function measureMedian(): Result<MedianMeasured> {
  const ran = runInXs({
    source: 'import { measure } from "host-sim/bench/median-rounds"; report(measure());',
    preload: ["firmware/pipeline/compile", "firmware/pipeline/builders"],
  });
  return ran.ok ? success(ran.value.value as MedianMeasured) : failure(ran.error.kind, ran.error.message);
}

export const medianOfFive: Benchmark = {
  name: "median of 5 on XS",
  run() {
    const measured = measureMedian();
    return measured.ok ? success(rows(measured.value)) : measured;
  },
};

function rows({ us, sums, samples }: MedianMeasured): Row[] {
  const best = median(us.network) < median(us.insertion) ? us.network : us.insertion;
  return [
    { what: "median(5) ÷ best function by hand", measured: medianRatio(us.product, best), limit: { atMost: 1.2 } },
    { what: "median(5), a sample", measured: (median(us.product) * 1000) / samples, unit: "ns" },
    { what: "median(5) ÷ loop in locals, no call", measured: medianRatio(us.product, us.loop) },
    { what: "kinds of medians", measured: new Set(sums.map((sum) => sum.toFixed(6))).size, limit: { equal: 1 } },
  ];
}
