/** `calibrate_linear`: what a sensor shows to what is true, by a line or several through measured points. ESPHome's filter of the same name. */
import { limits } from "../../limits.js";
import { columns, type Datapoint, datapointsRule } from "../datapoints.js";
import { choiceRule, type Family, optional } from "../family.js";

export interface CalibrateLinear {
  readonly stage: "calibrate_linear";
  /** 2 to 64, measured and true. */
  readonly datapoints: readonly Datapoint[];
  /** `least_squares` (the default): the one line that fits best. `exact`: lines from point to point, and on beyond the outer ones. */
  readonly method?: "least_squares" | "exact";
}

/** `calibrate_linear([[0, 1], [10, 12.1]])`: points of what the sensor shows and what is true. */
export function calibrate_linear(
  datapoints: readonly Datapoint[] | Omit<CalibrateLinear, "stage">,
  method?: "least_squares" | "exact",
): CalibrateLinear {
  const given = Array.isArray(datapoints) ? { datapoints, ...(method === undefined ? {} : { method }) } : datapoints;
  return { stage: "calibrate_linear", ...(given as Omit<CalibrateLinear, "stage">) };
}

/** Beyond the points the outer lines go on. A missing reading goes on; so does an overflow, as missing. */
export const calibrateLinearFamily: Family<CalibrateLinear> = {
  name: "calibrate_linear",
  rules: [datapointsRule(2), optional(choiceRule("method", ["least_squares", "exact"]))],
  clash({ datapoints, method }) {
    const { from } = columns(datapoints);
    if (method !== "exact") {
      return from.every((x) => x === from[0]) ? `measured values must differ, and all are ${from[0]}` : undefined;
    }
    const wrong = from.findIndex((x, i) => i > 0 && x <= from[i - 1]!);
    if (wrong < 0) return undefined;
    return `measured values must be in ascending order, each once, for method exact, and ${from[wrong]} comes behind ${from[wrong - 1]}`;
  },
  held: ({ datapoints, method }) => (method === "exact" ? 3 * datapoints.length : 0),
  build({ datapoints, method }, { push, missing }) {
    const max = limits.valueMax;
    const { from, to } = columns(datapoints);
    const give = (y: number): void => (y <= max && y >= -max ? push(y) : missing());
    if (method === "exact") {
      const slopes: number[] = [];
      const last = from.length - 2;
      for (let i = 0; i <= last; i++) slopes.push((to[i + 1]! - to[i]!) / (from[i + 1]! - from[i]!));
      return {
        push(x) {
          let i = 0;
          while (i < last && x >= from[i + 1]!) i++;
          return give(to[i]! + (x - from[i]!) * slopes[i]!);
        },
        missing,
      };
    }
    const { slope, atZero } = bestLine(from, to);
    return {
      push(x) {
        x = x * slope + atZero;
        if (x <= max && x >= -max) return push(x);
        return missing();
      },
      missing,
    };
  },
};

/** The line with the least sum of squared errors in `to`. */
function bestLine(from: readonly number[], to: readonly number[]): { slope: number; atZero: number } {
  const count = from.length;
  const fromMean = from.reduce((sum, x) => sum + x / count, 0);
  const toMean = to.reduce((sum, y) => sum + y / count, 0);
  let product = 0;
  let square = 0;
  for (let i = 0; i < count; i++) {
    const distance = from[i]! - fromMean;
    product += distance * (to[i]! - toMean);
    square += distance * distance;
  }
  const slope = product / square;
  return { slope, atZero: toMean - slope * fromMean };
}
