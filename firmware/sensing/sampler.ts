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
  /** When it next needs the thread, ms: for the next grid point, or for the end of the measurement under way. */
  readonly dueMs: number;
  stop(): void;
}

/** A class, since its methods stay in flash. */
class GridSampler implements Sampler {
  readonly counts: SamplerCounts = { samples: 0, late: 0, missed: 0, worstLateMs: 0, failures: 0 };
  dueMs: number;
  private readonly driver: Driver;
  private readonly clock: Clock;
  private readonly timers: Timers;
  private readonly sink: SampleSink;
  private readonly periodMs: number;
  /** One for all timers: nothing is allocated a sample. */
  private readonly onDue: () => void;
  private gridMs: number;
  private isMeasuring = false;
  private isStopped = false;
  private timer: Timer;

  constructor(driver: Driver, { firstMs, periodMs }: Grid, clock: Clock, timers: Timers, sink: SampleSink) {
    this.driver = driver;
    this.clock = clock;
    this.timers = timers;
    this.sink = sink;
    this.periodMs = periodMs;
    this.gridMs = firstMs;
    this.dueMs = firstMs;
    this.onDue = () => this.run();
    this.wait();
  }

  stop(): void {
    this.isStopped = true;
    this.timers.clear(this.timer);
  }

  private wait(): void {
    this.dueMs = this.gridMs;
    const delayMs = this.gridMs - this.clock.nowMs();
    this.timer = this.timers.set(this.onDue, delayMs > 0 ? delayMs : 0);
  }

  private run(): void {
    if (this.isStopped) return;
    if (this.isMeasuring) this.finish();
    else this.begin();
  }

  private begin(): void {
    const { clock, counts, driver, periodMs } = this;
    const latenessMs = clock.nowMs() - this.gridMs;
    if (latenessMs >= periodMs) {
      const passed = Math.floor(latenessMs / periodMs);
      counts.missed += passed;
      this.gridMs += passed * periodMs;
    }
    const lateMs = clock.nowMs() - this.gridMs;
    if (lateMs > limits.lateMs) counts.late++;
    if (lateMs > counts.worstLateMs) counts.worstLateMs = lateMs;
    let measureMs = 0;
    if (driver.start !== undefined) {
      try {
        measureMs = driver.start();
      } catch {
        return this.fail("bus");
      }
      if (measureMs > limits.measureMaxMs) return this.fail("absent");
    }
    if (!(measureMs > 0)) return this.finish();
    this.isMeasuring = true;
    this.dueMs = clock.nowMs() + measureMs;
    this.timer = this.timers.set(this.onDue, measureMs);
  }

  private finish(): void {
    this.isMeasuring = false;
    let sample: Sample | undefined;
    try {
      sample = this.driver.sample();
    } catch {
      return this.fail("bus");
    }
    if (typeof sample !== "object" || sample === null) return this.fail("absent");
    this.sink.sampled(sample, this.gridMs);
    this.next();
  }

  private fail(error: ReadingError): void {
    this.counts.failures++;
    this.sink.failed(error, this.gridMs);
    this.next();
  }

  private next(): void {
    this.counts.samples++;
    this.gridMs += this.periodMs;
    if (!this.isStopped) this.wait();
  }
}

/** Starts at once. The driver stays the caller's: `stop` does not close it. */
export function sampleOnGrid(driver: Driver, grid: Grid, clock: Clock, timers: Timers, sink: SampleSink): Sampler {
  return new GridSampler(driver, grid, clock, timers, sink);
}
