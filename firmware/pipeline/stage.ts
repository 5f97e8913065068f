/** The stages that a channel may declare, as plain data: what an app's builders make, and what JSON can carry. Each is described in its file. */
import type { Anomaly } from "./stages/anomaly.js";
import type { Multiply, Offset } from "./stages/arithmetic.js";
import type { BandEnergy } from "./stages/band-energy.js";
import type { BandPass, HighPass, LowPass, Notch } from "./stages/biquad.js";
import type { CalibrateLinear } from "./stages/calibrate-linear.js";
import type { CalibratePolynomial } from "./stages/calibrate-polynomial.js";
import type { Clamp } from "./stages/clamp.js";
import type { Debounce } from "./stages/debounce.js";
import type { Delta } from "./stages/delta.js";
import type { Derivative } from "./stages/derivative.js";
import type { DominantFrequency } from "./stages/dominant-frequency.js";
import type { ExponentialMovingAverage } from "./stages/exponential-moving-average.js";
import type { CrestFactor, Peak, PeakToPeak } from "./stages/extent.js";
import type { Max, Min } from "./stages/extremes.js";
import type { FilterOut } from "./stages/filter-out.js";
import type { Fir } from "./stages/fir.js";
import type { Group } from "./stages/group.js";
import type { Heartbeat } from "./stages/heartbeat.js";
import type { Hampel } from "./stages/hampel.js";
import type { Integral } from "./stages/integral.js";
import type { Kalman } from "./stages/kalman.js";
import type { Kurtosis } from "./stages/kurtosis.js";
import type { Lambda } from "./stages/lambda.js";
import type { Median } from "./stages/median.js";
import type { Or } from "./stages/or.js";
import type { Quantile } from "./stages/quantile.js";
import type { Rms } from "./stages/rms.js";
import type { RoundToMultipleOf } from "./stages/round-to-multiple-of.js";
import type { RoundToSignificantDigits } from "./stages/round-to-significant-digits.js";
import type { Round } from "./stages/round.js";
import type { SkipInitial } from "./stages/skip-initial.js";
import type { SlidingWindowMovingAverage } from "./stages/sliding-window-moving-average.js";
import type { Summary } from "./stages/summary.js";
import type { ThrottleAverage } from "./stages/throttle-average.js";
import type { ThrottleWithPriority } from "./stages/throttle-with-priority.js";
import type { Throttle } from "./stages/throttle.js";
import type { Timeout } from "./stages/timeout.js";
import type { ToNtcResistance } from "./stages/to-ntc-resistance.js";
import type { ToNtcTemperature } from "./stages/to-ntc-temperature.js";
import type { Window } from "./stages/window.js";
import type { ZeroCrossings } from "./stages/zero-crossings.js";
import type { Hysteresis } from "./stages/hysteresis.js";
import type { RateOfChange } from "./stages/rate-of-change.js";
import type { RollingStd } from "./stages/rolling-std.js";
import type { P2Quantile } from "./stages/p2-quantile.js";
import type { DdSketch } from "./stages/ddsketch.js";
import type { Cusum } from "./stages/cusum.js";
import type { PageHinkley } from "./stages/page-hinkley.js";
import type { EwmaChart } from "./stages/ewma-chart.js";
import type { SeasonalBaseline } from "./stages/seasonal-baseline.js";
import type { Stuck } from "./stages/stuck.js";
import type { OutOfRange } from "./stages/out-of-range.js";

export type Stage =
  | Anomaly
  | Offset
  | Multiply
  | Clamp
  | Median
  | ExponentialMovingAverage
  | Delta
  | Throttle
  | Window
  | Summary
  | Or
  | Group
  | Hampel
  | Kalman
  | LowPass
  | HighPass
  | BandPass
  | Notch
  | Fir
  | Derivative
  | Integral
  | FilterOut
  | Round
  | RoundToMultipleOf
  | RoundToSignificantDigits
  | SkipInitial
  | ThrottleWithPriority
  | Lambda
  | CalibrateLinear
  | CalibratePolynomial
  | ToNtcResistance
  | ToNtcTemperature
  | Debounce
  | Max
  | Min
  | Heartbeat
  | Quantile
  | SlidingWindowMovingAverage
  | ThrottleAverage
  | Timeout
  | Rms
  | Peak
  | PeakToPeak
  | CrestFactor
  | Kurtosis
  | ZeroCrossings
  | BandEnergy
  | DominantFrequency
  | Hysteresis
  | RateOfChange
  | RollingStd
  | P2Quantile
  | DdSketch
  | Cusum
  | PageHinkley
  | EwmaChart
  | SeasonalBaseline
  | Stuck
  | OutOfRange;
