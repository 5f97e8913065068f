/**
 * Settings on trial: what could cut a board off (Wi-Fi, broker) is tried, and undone by itself unless somebody says in time
 * that the board is still reached: its broker by acknowledging a message, or a person. A restart does not end a trial, and
 * each begins its time anew; with the fourth it is over. What was undone is told until something is set again.
 */
import { success, type Failure, type Result } from "../base/result.js";
import type { FlashStorage, Timer, Timers } from "../device.js";
import type { Config, PartialConfig } from "../settings.js";
import type { UndoReason } from "./marks.js";
import { type Kept, type OpenedConfig, openConfig, setConfig } from "./open.js";
import { markTrial, readStore } from "./store.js";

export interface TrialDevice {
  readonly flash: FlashStorage;
  readonly clock: { nowMs(): number };
  readonly timers: Timers;
}

export type TrialState = "none" | "trial" | "kept" | "undone";

/** A class, since its methods stay in flash. */
export class Trial {
  /** `kept` and `undone` are of the last trial of this boot; `undone` also of one before it. */
  state: TrialState = "none";
  reason: UndoReason | undefined;
  private readonly device: TrialDevice;
  private readonly seed: PartialConfig;
  /** Settings in force are others now: to be put to work. */
  private readonly onConfig: (config: Config) => void;
  private readonly onState: () => void;
  private timer: Timer;
  private endsMs = 0;
  /** Where it lies; known once it was marked. */
  private slot = -1;
  /** Counts trials: who has begun one knows whether it is still his. */
  number = 0;

  constructor(device: TrialDevice, seed: PartialConfig, onConfig: (config: Config) => void, onState: () => void) {
    this.device = device;
    this.seed = seed;
    this.onConfig = onConfig;
    this.onState = onState;
  }

  /** At the start of a board: the settings to run on. Counts a restart where something is on trial, and undoes what has had too many. */
  opened(): OpenedConfig {
    const { flash } = this.device;
    let opened = openConfig(flash, this.seed);
    if (opened.trialBoots !== undefined) {
      // A flash that takes no mark cannot count: the time alone ends the trial then.
      markTrial(flash, readStore(flash), "boot");
      opened = openConfig(flash, this.seed);
    }
    if (opened.trialBoots !== undefined) this.begin(opened.config);
    else if (opened.undone !== undefined) {
      this.state = "undone";
      this.reason = opened.undone;
    }
    return opened;
  }

  /** Until it is undone, s. */
  get leftS(): number {
    if (this.state !== "trial") return 0;
    const leftMs = this.endsMs - this.device.clock.nowMs();
    return leftMs > 0 ? Math.ceil(leftMs / 1000) : 0;
  }

  /** As `setConfig`, with what could cut the board off on trial. `onConfig` is called later, so that an answer can leave before. */
  set(changes: PartialConfig, forget: readonly string[] = []): Result<Kept, "settings" | "flash"> {
    const { flash } = this.device;
    const set = setConfig(flash, changes, forget, this.seed);
    if (!set.ok) {
      // What is written over a trial first erases it.
      if (this.state === "trial") this.settled("hand");
      return set;
    }
    if (!set.value.written) return set;
    const { config } = openConfig(flash, this.seed);
    if (set.value.onTrial) this.begin(config);
    else if (this.state !== "none") this.become("none");
    if (set.value.onTrial || set.value.changed.length > 0) this.putToWork();
    return success(set.value);
  }

  /** The board is reached with it: it holds for good. A flash that fails may have it undone instead: `state` says so. */
  keep(): Failure<"flash"> | undefined {
    if (this.state !== "trial") return undefined;
    const problem = this.mark("kept");
    return this.settled("restarts") ? undefined : problem;
  }

  /** What held before it holds again. */
  undo(reason: UndoReason): Failure<"flash"> | undefined {
    if (this.state !== "trial") return undefined;
    const problem = this.mark(reason);
    if (this.settled(reason)) return undefined;
    this.wait(retryMs, reason);
    return problem;
  }

  stop(): void {
    this.device.timers.clear(this.timer);
  }

  private begin({ trial }: Config): void {
    this.slot = -1;
    this.number++;
    this.endsMs = this.device.clock.nowMs() + trial.forS * 1000;
    this.wait(trial.forS * 1000, "time");
    this.become("trial");
  }

  private mark(what: "kept" | UndoReason): Failure<"flash"> | undefined {
    const { flash } = this.device;
    const reading = readStore(flash);
    if (reading.trial !== undefined) this.slot = reading.trial.slot;
    return markTrial(flash, reading, what);
  }

  /**
   * Ends it as its flash says; false while it is on trial there. A mark may stand though the flash has complained, and those
   * that it spoiled count as restarts: what is said here is what the next boot will find.
   */
  private settled(reason: UndoReason): boolean {
    const { kept, trial, undone, problem } = readStore(this.device.flash);
    if (trial !== undefined || problem?.kind === "flash") return false;
    if (kept !== undefined && kept.slot === this.slot) this.end("kept");
    else {
      this.reason = undone ?? reason;
      this.end("undone");
      this.putToWork();
    }
    return true;
  }

  private wait(delayMs: number, reason: UndoReason): void {
    const { timers } = this.device;
    timers.clear(this.timer);
    this.timer = timers.set(() => this.undo(reason), delayMs);
  }

  private end(state: TrialState): void {
    this.device.timers.clear(this.timer);
    this.become(state);
  }

  private become(state: TrialState): void {
    this.state = state;
    if (state !== "undone") this.reason = undefined;
    this.onState();
  }

  private putToWork(): void {
    this.device.timers.set(() => this.onConfig(openConfig(this.device.flash, this.seed).config), applyMs);
  }
}

/** An answer over BLE has left by then. */
const applyMs = 300;
/** A flash that did not take the mark is asked again. */
const retryMs = 10_000;
