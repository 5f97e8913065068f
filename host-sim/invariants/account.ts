/**
 * What a station should have done since it booted, reckoned outside it: the grid point of each sample, by the
 * board's clock as it was when the driver began; the samples that came too late or not at all; what each
 * channel should have given out. The checkers hold the firmware's own words against it.
 */
import type { ReadingError } from "../../firmware/base/reading-error.js";
import type { SensorDeclaration } from "../../firmware/declaration.js";
import { limits } from "../../firmware/limits.js";
import type { Sample } from "../../firmware/sensing/driver.js";
import type { Fault } from "../faults/catalogue.js";
import { ChannelOracle } from "./channel-oracle.js";
import type { Slot } from "./slot.js";
import type { Scene, Watcher } from "./watcher.js";

/** One sensor since the board booted. Times `…Ms` are the board's own but for `endedAtMs`. */
export interface Track {
  readonly name: string;
  readonly declaration: SensorDeclaration;
  /** Its channels. */
  readonly channels: readonly ChannelOracle[];
  firstMs: number;
  /** The grid point of the sample that was begun last; one period before the first when none was. */
  gridMs: number;
  /** The grid point after the sample before: where this one was due. */
  dueMs: number;
  /** When the sample before was over, in the world's time; the boot's time when there was none. */
  endedAtMs: number;
  /** The event in which that was, µs: a clock that jumps later does so before what this event still had to do. */
  endedEventUs: number;
  /** A sample is under way. */
  measuring: boolean;
}

/** What the firmware counts too. */
export interface Reckoned {
  samples: number;
  late: number;
  missed: number;
  worstLateMs: number;
  readErrors: number;
  emitted: number;
}

export class Account implements Watcher {
  readonly tracks: readonly Track[];
  readonly slots: readonly Slot[];
  readonly slotOf: ReadonlyMap<string, Slot>;
  /** Since the firmware started; and the same before the event in which a sample was taken last. */
  readonly now: Reckoned = nothing();
  readonly before: Reckoned = nothing();
  sampledEventUs = -1;
  /**
   * Until when the board's clock may stand still after a jump back, in the world's time: timers set before may
   * fire early by that clock. Where it follows the jump it is earlier, but when it noticed is its own affair
   * (firmware/base/ticks.ts).
   */
  heldUntilMs = -Infinity;
  /** By how much it jumped then: the sample after next comes later by that, since its time is told by the clock as it is now. */
  jumpedMs = 0;
  readonly #scene: Scene;
  readonly #byName: ReadonlyMap<string, Track>;
  readonly #channels: readonly ChannelOracle[];

  constructor(scene: Scene) {
    this.#scene = scene;
    const { sensors, channels } = scene.app;
    this.#channels = Object.entries(channels).map(([name, declaration]) => new ChannelOracle(name, declaration));
    this.tracks = Object.entries(sensors).map(([name, declaration]) => ({
      name,
      declaration,
      channels: this.#channels.filter(({ sensor }) => sensor === name),
      firstMs: 0,
      gridMs: 0,
      dueMs: 0,
      endedAtMs: 0,
      endedEventUs: 0,
      measuring: false,
    }));
    this.#byName = new Map(this.tracks.map((track) => [track.name, track]));
    this.slots = this.#channels.flatMap(({ values, summaries }) => [values, summaries]);
    this.slotOf = new Map(this.slots.map((slot) => [slot.topic, slot]));
  }

  track(sensor: string): Track {
    return this.#byName.get(sensor)!;
  }

  started(ownMs: number): void {
    for (const channel of this.#channels) channel.booted();
    for (const track of this.tracks) {
      const { everyMs, phaseMs = 0 } = track.declaration;
      track.firstMs = ownMs + phaseMs;
      track.gridMs = track.firstMs - everyMs;
      track.dueMs = track.firstMs;
      track.endedAtMs = this.#scene.nowMs;
      track.endedEventUs = this.#scene.eventUs;
      track.measuring = false;
    }
    Object.assign(this.now, nothing());
    Object.assign(this.before, nothing());
    this.heldUntilMs = -Infinity;
  }

  began(sensor: string, ownMs: number): void {
    const track = this.track(sensor);
    const { everyMs } = track.declaration;
    const nextMs = track.gridMs + everyMs;
    const passedMs = track.firstMs + Math.floor((ownMs - track.firstMs) / everyMs) * everyMs;
    track.gridMs = Math.max(nextMs, passedMs);
    track.dueMs = nextMs;
    track.measuring = true;
    const { now } = this;
    const missed = (track.gridMs - nextMs) / everyMs;
    const lateMs = ownMs - track.gridMs;
    now.missed += missed;
    if (lateMs > limits.lateMs) now.late++;
    now.worstLateMs = Math.max(now.worstLateMs, lateMs);
    if (missed > 0) this.#scene.reach("missed");
    if (lateMs > limits.lateMs) this.#scene.reach("late");
  }

  sampled(sensor: string, sample: Sample | undefined, error: ReadingError | undefined): void {
    const { now, before } = this;
    const { eventUs, nowMs } = this.#scene;
    if (eventUs !== this.sampledEventUs) Object.assign(before, now);
    this.sampledEventUs = eventUs;
    const track = this.track(sensor);
    track.measuring = false;
    track.endedAtMs = nowMs;
    track.endedEventUs = eventUs;
    now.samples++;
    if (error !== undefined) {
      now.readErrors++;
      // No drawn board has a sensor that collects.
      if (error !== "overflow") this.#scene.reach(`${error}-error`);
    }
    const moment = { ms: track.gridMs, atMs: nowMs, eventUs };
    for (const channel of track.channels) now.emitted += channel.take(sample, error, moment);
  }

  faultBegun({ kind, parameters }: Fault): void {
    if (kind !== "clock-back" || !this.#scene.station.powered) return;
    // A board that is blocked has read its clock ahead of the world.
    const nowMs = this.#scene.station.board.cpu.busyUntilUs / 1000;
    const byMs = Number(parameters["by"]);
    this.jumpedMs = byMs + (this.heldUntilMs > nowMs ? this.jumpedMs : 0);
    this.heldUntilMs = Math.max(nowMs, this.heldUntilMs) + byMs;
    this.#scene.reach("clock-back");
  }
}

function nothing(): Reckoned {
  return { samples: 0, late: 0, missed: 0, worstLateMs: 0, readErrors: 0, emitted: 0 };
}
