/** `kalman`: the best estimate of a quantity that wanders, or that moves at a speed that wanders, out of noisy samples. */
import { limits } from "../../limits.js";
import { choiceRule, type Family, numberRule, optional } from "../family.js";
import { later } from "../flow.js";
import type { Push, Way } from "../push.js";
import type { Site } from "../site.js";

const models = ["level", "velocity"] as const;

export interface Kalman {
  readonly stage: "kalman";
  readonly process: number;
  readonly measurement: number;
  /** Default: `level`. */
  readonly model?: (typeof models)[number];
}

/**
 * `measurement`: variance of a sample's noise, unit². `process`: variance by which the level wanders in a
 * second, unit²/s; with `model: "velocity"`, density of the acceleration's white noise, unit²/s³. Both from 10^−50 to 10^50.
 */
export function kalman(parameters: { process: number; measurement: number; model?: "level" | "velocity" }): Kalman {
  return { stage: "kalman", ...parameters };
}

const valueMax = limits.valueMax;
/** Of a variance: far from where its square, times the powers of the time that a prediction takes, is no number any more. */
const varianceMin = 1e-50;
const varianceMax = 1e50;

/**
 * R. E. Kalman, "A New Approach to Linear Filtering and Prediction Problems", J. Basic Eng. 82 (1960), in
 * closed form; the model of velocity is Bar-Shalom, Li and Kirubarajan's (2001, 6.2.2) with continuous white noise of
 * acceleration. Predicts over the true time between samples, so after a gap, which lets the uncertainty grow,
 * a sample weighs more. Nothing is known at the start: the first sample is the first estimate, and the
 * first two give the first velocity. A missing reading passes as missing and is such a gap.
 * A level follows a slow change late by (1 ÷ gain − 1) periods once the gain has settled; a velocity does not.
 */
export const kalmanFamily: Family<Kalman> = {
  name: "kalman",
  rules: [
    numberRule("process", varianceMin, varianceMax),
    numberRule("measurement", varianceMin, varianceMax),
    optional(choiceRule("model", models)),
  ],
  flow: (params, flow) => (params.model === "velocity" ? flow : later(flow, flow.periodMs * levelLag(params, flow.periodMs))),
  build: (params, next, site) => (params.model === "velocity" ? velocity(params, next, site) : level(params, next, site)),
};

/** R ÷ P of the settled level, where P solves P² = Q × (P + R): the root without cancellation. */
function levelLag({ process, measurement }: Kalman, periodMs: number): number {
  const q = (process * periodMs) / 1000;
  return (2 * measurement) / (q + Math.sqrt(q) * Math.sqrt(q + 4 * measurement));
}

function level({ process, measurement }: Kalman, { push, missing }: Way, { sampleMs }: Site): Way {
  let x = 0;
  let variance = -1;
  let lastMs = 0;
  return {
    push(z) {
      const nowMs = sampleMs();
      if (variance < 0) {
        variance = measurement;
        x = z;
      } else {
        const predicted = variance + (process * (nowMs - lastMs)) / 1000;
        const gain = predicted / (predicted + measurement);
        x += gain * (z - x);
        variance = gain * measurement;
      }
      lastMs = nowMs;
      // Beyond, by a rounding, only between the greatest values of both signs.
      if (x >= -valueMax && x <= valueMax) return push(x);
      return missing();
    },
    missing,
  };
}

function velocity({ process, measurement }: Kalman, { push, missing }: Way, { sampleMs }: Site): Way {
  let x = 0;
  let v = 0;
  // Variance of x, covariance of both, variance of v.
  let p = 0;
  let c = 0;
  let w = 0;
  let lastMs = 0;
  /** Samples at different times so far, up to 2. */
  let seen = 0;

  function start(z: number, nowMs: number): void {
    x = z;
    v = 0;
    seen = 1;
    lastMs = nowMs;
  }

  const estimate: Push = (z) => {
    const nowMs = sampleMs();
    const dt = (nowMs - lastMs) / 1000;
    if (seen < 2) {
      if (seen === 0 || dt === 0) start(z, nowMs);
      else {
        // The limit of the steps below for a velocity of which nothing was known.
        v = (z - x) / dt;
        x = z;
        p = measurement;
        c = measurement / dt;
        w = (2 * measurement) / (dt * dt) + (process * dt) / 3;
        seen = 2;
        lastMs = nowMs;
      }
      return push(x);
    }
    x += v * dt;
    p += dt * (2 * c + dt * (w + (process * dt) / 3));
    c += dt * (w + (process * dt) / 2);
    w += process * dt;
    const innovation = z - x;
    const sum = p + measurement;
    const gain = p / sum;
    const gainOfV = c / sum;
    x += gain * innovation;
    v += gainOfV * innovation;
    p = gain * measurement;
    w -= gainOfV * c;
    c = gainOfV * measurement;
    // What rounding takes from a variance that is hardly above 0.
    if (w < 0) w = 0;
    lastMs = nowMs;
    if (x >= -valueMax && x <= valueMax) return push(x);
    seen = 0;
    return missing();
  };
  return { push: estimate, missing };
}
