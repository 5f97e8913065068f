/** Every stage there is, one line each, in the order in which messages and documents list them. */
import type { Family } from "./family.js";
import { anomalyFamily } from "./stages/anomaly.js";
import { multiplyFamily, offsetFamily } from "./stages/arithmetic.js";
import { bandEnergyFamily } from "./stages/band-energy.js";
import { bandPassFamily, highPassFamily, lowPassFamily, notchFamily } from "./stages/biquad.js";
import { calibrateLinearFamily } from "./stages/calibrate-linear.js";
import { calibratePolynomialFamily } from "./stages/calibrate-polynomial.js";
import { clampFamily } from "./stages/clamp.js";
import { debounceFamily } from "./stages/debounce.js";
import { deltaFamily } from "./stages/delta.js";
import { derivativeFamily } from "./stages/derivative.js";
import { dominantFrequencyFamily } from "./stages/dominant-frequency.js";
import { exponentialMovingAverageFamily } from "./stages/exponential-moving-average.js";
import { crestFactorFamily, peakFamily, peakToPeakFamily } from "./stages/extent.js";
import { maxFamily, minFamily } from "./stages/extremes.js";
import { filterOutFamily } from "./stages/filter-out.js";
import { firFamily } from "./stages/fir.js";
import { groupFamily } from "./stages/group.js";
import { hampelFamily } from "./stages/hampel.js";
import { integralFamily } from "./stages/integral.js";
import { kalmanFamily } from "./stages/kalman.js";
import { heartbeatFamily } from "./stages/heartbeat.js";
import { kurtosisFamily } from "./stages/kurtosis.js";
import { lambdaFamily } from "./stages/lambda.js";
import { medianFamily } from "./stages/median.js";
import { orFamily } from "./stages/or.js";
import { quantileFamily } from "./stages/quantile.js";
import { rmsFamily } from "./stages/rms.js";
import { roundFamily } from "./stages/round.js";
import { roundToMultipleOfFamily } from "./stages/round-to-multiple-of.js";
import { roundToSignificantDigitsFamily } from "./stages/round-to-significant-digits.js";
import { skipInitialFamily } from "./stages/skip-initial.js";
import { slidingWindowMovingAverageFamily } from "./stages/sliding-window-moving-average.js";
import { summaryFamily } from "./stages/summary.js";
import { throttleAverageFamily } from "./stages/throttle-average.js";
import { throttleFamily } from "./stages/throttle.js";
import { throttleWithPriorityFamily } from "./stages/throttle-with-priority.js";
import { toNtcResistanceFamily } from "./stages/to-ntc-resistance.js";
import { toNtcTemperatureFamily } from "./stages/to-ntc-temperature.js";
import { timeoutFamily } from "./stages/timeout.js";
import { windowFamily } from "./stages/window.js";
import { zeroCrossingsFamily } from "./stages/zero-crossings.js";
import { hysteresisFamily } from "./stages/hysteresis.js";
import { rateOfChangeFamily } from "./stages/rate-of-change.js";
import { rollingStdFamily } from "./stages/rolling-std.js";
import { p2QuantileFamily } from "./stages/p2-quantile.js";
import { ddSketchFamily } from "./stages/ddsketch.js";
import { cusumFamily } from "./stages/cusum.js";
import { pageHinkleyFamily } from "./stages/page-hinkley.js";
import { ewmaChartFamily } from "./stages/ewma-chart.js";
import { seasonalBaselineFamily } from "./stages/seasonal-baseline.js";
import { stuckFamily } from "./stages/stuck.js";
import { outOfRangeFamily } from "./stages/out-of-range.js";

/** A family takes only its own stage's parameters; `compile` hands it no other. */
export const families: readonly Family[] = [
  offsetFamily,
  multiplyFamily,
  calibrateLinearFamily,
  calibratePolynomialFamily,
  toNtcResistanceFamily,
  toNtcTemperatureFamily,
  filterOutFamily,
  skipInitialFamily,
  clampFamily,
  roundFamily,
  roundToMultipleOfFamily,
  roundToSignificantDigitsFamily,
  medianFamily,
  quantileFamily,
  minFamily,
  maxFamily,
  slidingWindowMovingAverageFamily,
  exponentialMovingAverageFamily,
  hampelFamily,
  kalmanFamily,
  lowPassFamily,
  highPassFamily,
  bandPassFamily,
  notchFamily,
  firFamily,
  derivativeFamily,
  integralFamily,
  deltaFamily,
  throttleFamily,
  throttleAverageFamily,
  heartbeatFamily,
  timeoutFamily,
  debounceFamily,
  throttleWithPriorityFamily,
  windowFamily,
  summaryFamily,
  lambdaFamily,
  orFamily,
  groupFamily,
  rmsFamily,
  peakFamily,
  peakToPeakFamily,
  crestFactorFamily,
  kurtosisFamily,
  zeroCrossingsFamily,
  bandEnergyFamily,
  dominantFrequencyFamily,
  anomalyFamily,
  hysteresisFamily,
  rateOfChangeFamily,
  rollingStdFamily,
  p2QuantileFamily,
  ddSketchFamily,
  cusumFamily,
  pageHinkleyFamily,
  ewmaChartFamily,
  seasonalBaselineFamily,
  stuckFamily,
  outOfRangeFamily,
];

export function familyOf(name: unknown): Family | undefined {
  return families.find((family) => family.name === name);
}
