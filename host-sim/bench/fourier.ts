/** The Fourier transform on XS: the firmware's against one written by hand for its size and window, both against the definition. */
import { failure, success, type Result } from "../../firmware/base/result.js";
import { runInXs } from "../xs/run.js";
import { type Benchmark, median, medianRatio, type Row } from "./benchmark.js";
import type { Measured } from "./fourier-rounds.js";

export function measureFourier(): Result<Measured> {
  const ran = runInXs({
    source: 'import { measure } from "host-sim/bench/fourier-rounds"; report(measure());',
    preload: ["firmware/pipeline/fourier"],
  });
  return ran.ok ? success(ran.value.value as Measured) : failure(ran.error.kind, ran.error.message);
}

export const fourier: Benchmark = {
  name: "Fourier transform on XS",
  run() {
    const measured = measureFourier();
    return measured.ok ? success(rows(measured.value)) : measured;
  },
};

/** Rounding of some eight stages, in double precision. */
const errorMost = 1e-15;

function rows(measured: Measured): Row[] {
  const { productUs, yardstickUs, transforms, slots, chunkBytes, productError, yardstickError, sizesUs } = measured;
  return [
    { what: "256 samples, Hann, ÷ the same by hand", measured: medianRatio(productUs, yardstickUs), limit: { atMost: 1.3 } },
    { what: "256 samples, Hann", measured: median(productUs), unit: "µs" },
    { what: "the same by hand", measured: median(yardstickUs), unit: "µs" },
    { what: "16 samples, fastest", measured: sizesUs[0]!, unit: "µs" },
    { what: "64 samples, fastest", measured: sizesUs[1]!, unit: "µs" },
    { what: "1024 samples, fastest", measured: sizesUs[3]!, unit: "µs" },
    { what: "slots allocated a transform", measured: slots / transforms, limit: { equal: 0 } },
    { what: "chunk bytes allocated a transform", measured: chunkBytes / transforms, unit: "B", limit: { equal: 0 } },
    { what: "error against the definition, ÷ rounding allowed", measured: productError / errorMost, limit: { atMost: 1 } },
    { what: "the same by hand", measured: yardstickError / errorMost, limit: { atMost: 1 } },
  ];
}
