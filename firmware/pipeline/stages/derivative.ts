/** `derivative`: how fast a quantity changes. */
import { limits } from "../../limits.js";
import { type Family, numberRule, optional } from "../family.js";
import { later } from "../flow.js";

export interface Derivative {
  readonly stage: "derivative";
  /** Default: 1000. */
  readonly perMs?: number;
}

/** The change in `perMs`, 1 … 86,400,000 ms; by default in a second. A meter's total in m³ becomes m³/h with `perMs: 3_600_000`. */
export function derivative(parameters: { perMs?: number } = {}): Derivative {
  return { stage: "derivative", ...parameters };
}

const valueMax = limits.valueMax;

/**
 * (x − the sample before) ÷ the true time between them, which is the mean rate in that time: half a period
 * old. The first sample gives nothing, nor does one at the same time as the one before. A missing reading
 * passes as missing; the next sample gives the mean rate since the last before the gap.
 */
export const derivativeFamily: Family<Derivative> = {
  name: "derivative",
  rules: [optional(numberRule("perMs", 1, limits.periodMaxMs))],
  flow: (_params, flow) => later(flow, flow.periodMs / 2),
  build({ perMs = 1000 }, { push, missing }, { sampleMs }) {
    let last = 0;
    let lastMs = -1;
    return {
      push(x) {
        const nowMs = sampleMs();
        const passedMs = nowMs - lastMs;
        const change = x - last;
        const first = lastMs < 0;
        last = x;
        lastMs = nowMs;
        if (first || passedMs <= 0) return;
        x = (change / passedMs) * perMs;
        if (x >= -valueMax && x <= valueMax) return push(x);
        return missing();
      },
      missing,
    };
  },
};
