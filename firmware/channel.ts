/**
 * One channel at work: takes its quantity out of a sensor's samples, or what other channels give,
 * rounds it to its resolution, sends it through its stages, and hands what comes out, rounded again, to
 * the outlet. A reading that could not be had goes the same way as a missing one, its reason beside it.
 */
import { quantiser, quantiserLimit } from "./base/quantise.js";
import type { ReadingError } from "./base/reading-error.js";
import { success, type Result } from "./base/result.js";
import type { ChannelDeclaration } from "./declaration.js";
import { compile } from "./pipeline/compile.js";
import type { Flow } from "./pipeline/flow.js";
import type { Sink, Way } from "./pipeline/push.js";
import type { Ground } from "./pipeline/site.js";
import type { Burst, Sample } from "./sensing/driver.js";
import { quantityOf } from "./sensing/quantity.js";
import type { StageClock } from "./stage-clock.js";

/** Who takes a channel's results: the live values, other channels. `atMs` is the sample's grid point, or when a stage's timer was due. */
export interface Follower {
  value(x: number, atMs: number): void;
  failed(error: ReadingError, atMs: number): void;
}

export interface Outlet extends Follower {
  summary(min: number, max: number, mean: number, std: number, count: number, atMs: number): void;
}

export interface Channel extends Follower {
  /** `error` is why a quantity is missing, where the driver said so. False when this channel's quantity could not be read whole. */
  take(sample: Sample, error: ReadingError | undefined, gridMs: number): boolean;
  /** From the next reading on, truth = gain × reading + offset; `watched`: what the sensor itself reads is told by `reading`. */
  tune(gain: number, offset: number, watched: boolean): void;
  /** The newest reading before calibration; NaN where none has come since it is watched. */
  readonly reading: number;
}

export interface ChannelGround {
  /** Of the samples that it will be given. */
  readonly flow: Flow;
  readonly clock: StageClock;
  readonly total: Ground["total"];
  readonly state?: Ground["state"];
  /** Called when a stage's timer has been dealt with: channels that follow hear of its results now. */
  readonly settled: () => void;
}

/** A class, since its methods stay in flash: as closures they would take a kilobyte of RAM a channel. */
class ChannelAtWork implements Channel {
  private readonly clock: StageClock;
  private readonly settled: () => void;
  private readonly kind: string;
  private readonly quantity: string;
  private readonly round: (x: number) => number;
  private readonly limit: number;
  /** What readings pass through first: `round` itself, where there is nothing to tune, so that tuning costs nothing then. */
  private inlet: (x: number) => number;
  reading = NaN;
  /** Why a reading is missing when it comes out of the stages: what a stage itself has made missing is an overflow of numbers. */
  private why: ReadingError = "range";
  private way: Way = { push: () => {}, missing: () => {} };

  constructor({ from, resolution }: ChannelDeclaration, { clock, settled }: ChannelGround) {
    const path = typeof from === "string" ? from.split(".") : [];
    this.clock = clock;
    this.settled = settled;
    this.kind = path[1] ?? "";
    this.quantity = path[2] ?? "";
    this.round = quantiser(resolution);
    this.limit = quantiserLimit(resolution);
    this.inlet = this.round;
  }

  tune(gain: number, offset: number, watched: boolean): void {
    const { round, limit } = this;
    this.reading = NaN;
    if (gain === 1 && offset === 0 && !watched) {
      this.inlet = round;
      return;
    }
    this.inlet = (x) => {
      if (watched) this.reading = x;
      const truth = gain * x + offset;
      return round(truth > limit ? limit : truth < -limit ? -limit : truth);
    };
  }

  compile(name: string, declaration: ChannelDeclaration, { flow, total, state }: ChannelGround, outlet: Outlet): Result<undefined> {
    const { resolution, stages = [] } = declaration;
    const compiled = compile(name, stages, flow, this.ground(resolution, total, state), this.sink(outlet));
    if (!compiled.ok) return compiled;
    this.way = compiled.value;
    return success(undefined);
  }

  take(sample: Sample, error: ReadingError | undefined, gridMs: number): boolean {
    const x = quantityOf(sample, this.kind, this.quantity);
    if (typeof x === "number") return this.give(x, gridMs);
    if (x !== undefined) return this.burst(x, gridMs);
    this.failed(error ?? "absent", gridMs);
    return false;
  }

  value(x: number, atMs: number): void {
    this.give(x, atMs);
  }

  failed(error: ReadingError, atMs: number): void {
    this.clock.moveTo(atMs);
    this.why = error;
    this.way.missing();
    this.why = "range";
  }

  /** NaN and what no sensor can mean is missing: a driver that computes them has read nothing. */
  private give(x: number, atMs: number): boolean {
    const { limit } = this;
    if (!(x >= -limit && x <= limit)) {
      this.failed("range", atMs);
      return false;
    }
    this.clock.moveTo(atMs);
    // Without `this`, as stages are called.
    const { push } = this.way;
    const { inlet } = this;
    push(inlet(x));
    return true;
  }

  private burst({ values, count, periodMs, lost }: Burst, gridMs: number): boolean {
    const firstMs = count === 0 ? gridMs : gridMs - (count - 1) * periodMs;
    let whole = lost === 0;
    if (!whole) this.failed("overflow", Math.floor(firstMs));
    for (let i = 0; i < count; i++) if (!this.give(values[i]!, Math.floor(firstMs + i * periodMs))) whole = false;
    return whole;
  }

  private ground(resolution: number, total: Ground["total"], state: Ground["state"]): Ground {
    const { clock } = this;
    return {
      resolution,
      total,
      state,
      sampleMs: () => clock.atMs,
      after: (delayMs, fire) =>
        clock.after(delayMs, () => {
          this.why = "absent";
          fire();
          this.why = "range";
          this.settled();
        }),
      cancel: (timer) => clock.cancel(timer),
    };
  }

  private sink(outlet: Outlet): Sink {
    const { clock, round, limit } = this;
    return {
      push(x) {
        if (x >= -limit && x <= limit) outlet.value(round(x), clock.atMs);
        else outlet.failed("range", clock.atMs);
      },
      missing: () => outlet.failed(this.why, clock.atMs),
      summary(min, max, mean, std, count) {
        if (min >= -limit && max <= limit) outlet.summary(round(min), round(max), round(mean), round(std), count, clock.atMs);
        else outlet.failed("range", clock.atMs);
      },
    };
  }
}

/** Errors (kind `stage`) name the channel, the stage and what would be right. */
export function channel(name: string, declaration: ChannelDeclaration, ground: ChannelGround, outlet: Outlet): Result<Channel> {
  const made = new ChannelAtWork(declaration, ground);
  const compiled = made.compile(name, declaration, ground, outlet);
  return compiled.ok ? success(made) : compiled;
}
