/** The pipeline on XS: the product's compiled P1 channel against the loop written by hand, and what it allocates a sample. */
import { failure, success, type Result } from "../../firmware/base/result.js";
import { runInXs } from "../xs/run.js";
import { type Benchmark, median, medianRatio, type Row } from "./benchmark.js";
import { type Checksums, expected } from "./p1.js";
import type { Measured } from "./p1-rounds.js";

/** Runs P1 in one XS process, the firmware's modules preloaded and frozen as on the board. */
export function measurePipeline(): Result<Measured> {
  const ran = runInXs({
    source: 'import { measure } from "host-sim/bench/p1-rounds"; report(measure());',
    preload: ["firmware/pipeline/compile", "firmware/pipeline/builders"],
  });
  return ran.ok ? success(ran.value.value as Measured) : failure(ran.error.kind, ran.error.message);
}

export const pipeline: Benchmark = {
  name: "pipeline on XS",
  run() {
    const measured = measurePipeline();
    return measured.ok ? success(rows(measured.value)) : measured;
  },
};

function rows(measured: Measured): Row[] {
  const nsASample = (us: number[]) => (median(us) * 1000) / measured.samples;
  const ratio = medianRatio(measured.channelUs, measured.yardstickUs);
  return [
    { what: "P1 channel ÷ loop by hand", measured: ratio, limit: { atMost: 1.4 } },
    { what: "P1 channel, a sample", measured: nsASample(measured.channelUs), unit: "ns" },
    { what: "loop by hand, a sample", measured: nsASample(measured.yardstickUs), unit: "ns" },
    { what: "slots allocated a sample", measured: measured.slots / measured.allocationSamples, limit: { equal: 0 } },
    { what: "chunk bytes allocated a sample", measured: measured.chunkBytes / measured.allocationSamples, unit: "B", limit: { equal: 0 } },
    ...checksumRows("channel", measured.channel),
    ...checksumRows("loop", measured.yardstick),
  ];
}

function checksumRows(of: string, checksums: Checksums): Row[] {
  const keys = ["emitted", "sum", "windows", "check"] as const;
  return keys.map((key) => ({ what: `P1 ${key}, ${of}`, measured: String(checksums[key]), limit: { equal: String(expected[key]) } }));
}
