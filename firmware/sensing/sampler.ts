/**
 * Samples one sensor on an absolute grid: sample k at start + phase + k × period, whatever happens in
 * between, so the grid never drifts. A sample begun more than `limits.lateMs` after its grid point is
 * counted as late; a grid point that passed before its turn came is counted as missed, never silently
 * skipped. A sensor that fails is counted and asked again at the next point.
 */
import { limits } from "../limits.js";
import type { Clock, Timer, Timers } from "../device.js";
import type { Driver, ReadingError, Sample } from "./driver.js";

export interface Grid {
  /** First grid point, ms on the device's clock. */
  firstMs: number;
  periodMs: number;
}

/** Where samples go. `gridMs` is the grid point that the sample belongs to. */
export interface SampleSink {
  sampled(sample: Sample, gridMs: number): void;
  failed(error: ReadingError, gridMs: number): void;
}

export interface SamplerCounts {
  /** Samples taken and over, whether or not they could be read. */
  samples: number;
  late: number;
  missed: number;
  /** The longest that a sample began after its grid point, ms. */
  worstLateMs: number;
  /** Samples of which nothing could be read. */
  failures: number;
}

export interface Sampler {
  readonly counts: Readonly<SamplerCounts>;
  stop(): void;
}

/** Starts at once. The driver stays the caller's: `stop` does not close it. */
export function sampleOnGrid(driver: Driver, grid: Grid, clock: Clock, timers: Timers, sink: SampleSink): Sampler {
  const periodMs = grid.periodMs;
  let gridMs = grid.firstMs;
  const counts: SamplerCounts = { samples: 0, late: 0, missed: 0, worstLateMs: 0, failures: 0 };
  let stopped = false;
  let timer: Timer;

  function wait(): void {
    const delayMs = gridMs - clock.nowMs();
    timer = timers.set(begin, delayMs > 0 ? delayMs : 0);
  }

  function begin(): void {
    if (stopped) return;
    const latenessMs = clock.nowMs() - gridMs;
    if (latenessMs >= periodMs) {
      const passed = Math.floor(latenessMs / periodMs);
      counts.missed += passed;
      gridMs += passed * periodMs;
    }
    const lateMs = clock.nowMs() - gridMs;
    if (lateMs > limits.lateMs) counts.late++;
    if (lateMs > counts.worstLateMs) counts.worstLateMs = lateMs;
    let measureMs = 0;
    if (driver.start !== undefined) {
      try {
        measureMs = driver.start();
      } catch {
        fail("bus");
        return;
      }
      if (measureMs > limits.measureMaxMs) {
        fail("absent");
        return;
      }
    }
    if (measureMs > 0) timer = timers.set(finish, measureMs);
    else finish();
  }

  function finish(): void {
    if (stopped) return;
    let sample: Sample | undefined;
    try {
      sample = driver.sample();
    } catch {
      fail("bus");
      return;
    }
    if (typeof sample !== "object" || sample === null) {
      fail("absent");
      return;
    }
    sink.sampled(sample, gridMs);
    next();
  }

  function fail(error: ReadingError): void {
    counts.failures++;
    sink.failed(error, gridMs);
    next();
  }

  function next(): void {
    counts.samples++;
    gridMs += periodMs;
    if (!stopped) wait();
  }

  wait();
  return {
    counts,
    stop() {
      stopped = true;
      timers.clear(timer);
    },
  };
}
