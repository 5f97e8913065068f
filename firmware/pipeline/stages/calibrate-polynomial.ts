/** `calibrate_polynomial`: what a sensor shows to what is true, by a polynomial through measured points. ESPHome's filter of the same name. */
import { limits } from "../../limits.js";
import { columns, type Datapoint, datapointsRule } from "../datapoints.js";
import { type Family, wholeRule } from "../family.js";
import { polynomialFit } from "../polynomial-fit.js";

export interface CalibratePolynomial {
  readonly stage: "calibrate_polynomial";
  /** 0 to 8: 2 is a parabola. */
  readonly degree: number;
  /** 1 to 64, measured and true; more than `degree` of them. */
  readonly datapoints: readonly Datapoint[];
}

/** `calibrate_polynomial(2, [[0, 0], [10, 12.1], [13, 14]])`: the polynomial that fits best in the sense of least squares. */
export function calibrate_polynomial(
  degree: number | Omit<CalibratePolynomial, "stage">,
  datapoints?: readonly Datapoint[],
): CalibratePolynomial {
  const stage = "calibrate_polynomial";
  return typeof degree === "object" ? { stage, ...degree } : { stage, degree, datapoints: datapoints ?? [] };
}

const degreeMax = 8;

/** A missing reading goes on; so does an overflow, as missing. */
export const calibratePolynomialFamily: Family<CalibratePolynomial> = {
  name: "calibrate_polynomial",
  rules: [wholeRule("degree", 0, degreeMax), datapointsRule(1)],
  clash({ degree, datapoints }) {
    const { from } = columns(datapoints);
    const different = from.filter((x, i) => from.indexOf(x) === i).length;
    if (different > (degree as number)) return undefined;
    return `degree must be at most ${different - 1} with ${different} different measured values, not ${String(degree)}`;
  },
  held: ({ degree }) => degree + 1,
  build({ degree, datapoints }, { push, missing }) {
    const max = limits.valueMax;
    const { from, to } = columns(datapoints);
    const { coefficients, origin, unit } = polynomialFit(from, to, degree);
    return {
      push(x) {
        x = (x - origin) / unit;
        let y = coefficients[degree]!;
        for (let i = degree - 1; i >= 0; i--) y = y * x + coefficients[i]!;
        if (y <= max && y >= -max) return push(y);
        return missing();
      },
      missing,
    };
  },
};
