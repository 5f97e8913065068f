/**
 * A board's settings through all its boots, as its flash shows them (`settings`): they change only as somebody asks, or back;
 * what is on trial is kept only when the broker it leads to has acknowledged something, or a person has confirmed it, and is
 * undone when its time is over, with the fourth restart at the latest; what was kept stays.
 */
import { type SettingsImage, type SettingsText, settingsImage } from "../world/settings-image.js";
import { type Target, targetOf } from "./target.js";
import type { Scene, VisitDeed } from "./watcher.js";

const invariant = "settings";
/** What may come between the time and the deed: erases of a tired flash, one after another. */
const slackMs = 6_000;
/** A mark that the flash did not take is tried again. */
const retryMs = 12_000;
const bootsMost = 3;
/** Until a boot has surely looked at its settings. */
const lookedMs = 1_000;
const timerSlackMs = 50;
const usualTrialS = 300;
/** Of firmware/config/FORMAT.md. */
const byTime = 16;
const byHand = 17;
const byRestarts = 18;

export class HeldSettings {
  /** When what is in force was last another, and when this boot began, ms. */
  changedMs = -Infinity;
  startedMs = -Infinity;
  readonly #scene: Scene;
  #image: SettingsImage | undefined;
  #target: Target | undefined;
  #touched = true;
  /** When it was last written to, ms. */
  #touchedMs = 0;
  /** And when the handler that did so was begun: a board that is blocked is ahead of the world, and may be cut off from what it did. */
  #heldMs = 0;
  /** Bits have flipped that matter: what the board has in RAM and in flash is no longer one thing, and nothing more is promised. */
  lost = false;
  /** Bits may stay where something is to be written. */
  #hurt = false;
  /** Since the flash was last seen to fail, ms. */
  #failedMs = -Infinity;
  #everFailed = false;
  // Of the trial that is on.
  #beganMs = 0;
  #boots = 0;
  #counted = false;
  #reachedMs = Infinity;
  #confirmed = false;
  #undo = false;
  /** What somebody has asked to be set since the last change, newest last. */
  #asked: SettingsText[] = [];

  constructor(scene: Scene) {
    this.#scene = scene;
    scene.station.board.flash.get("config")!.trouble.listen((_, atUs) => {
      this.#touched = true;
      this.#touchedMs = atUs / 1000;
      this.#heldMs = scene.nowMs;
    });
  }

  get inForce(): SettingsText {
    return this.#image?.trial ?? this.#image?.kept ?? {};
  }

  get target(): Target {
    return (this.#target ??= targetOf(this.inForce, this.#scene.simulation));
  }

  /** Something is on trial. */
  get open(): boolean {
    return this.#image?.trial !== undefined;
  }

  started(): void {
    this.startedMs = this.#scene.nowMs;
    this.#beganMs = Math.min(this.#beganMs, this.startedMs);
    this.#counted = false;
    this.#reachedMs = Infinity;
    this.#touched = true;
  }

  /** Bits have flipped, or sectors are worn. */
  struck(): void {
    const before = this.#image;
    this.look();
    this.#hurt = this.#everFailed = true;
    const { board } = this.#scene.station;
    if (before !== undefined && JSON.stringify(settingsImage(board.flash.get("config")!)) !== JSON.stringify(before)) this.lost = true;
  }

  visited({ verb, set }: VisitDeed): void {
    if (verb === "set") this.#asked.push(set);
    if (verb === "confirm") this.#confirmed = true;
    if (verb === "undo") this.#undo = true;
  }

  /** The broker that the settings in force lead to has acknowledged something. */
  reached(): void {
    if (this.#reachedMs === Infinity) this.#reachedMs = this.#scene.nowMs;
  }

  /** True when what is in force is another now. */
  look(): boolean {
    this.#noteFailures();
    if (!this.#touched) return false;
    this.#touched = false;
    const before = this.#image;
    const image = settingsImage(this.#scene.station.board.flash.get("config")!);
    this.#image = image;
    if (before === undefined) return true;
    this.#judge(before, image);
    const changed = textOf(before.trial ?? before.kept) !== textOf(this.inForce);
    const trialEnded = before.trial !== undefined && image.trial === undefined;
    if (changed || trialEnded || (image.trial !== undefined && before.generation !== image.generation)) this.#begin();
    if (changed) {
      this.changedMs = this.#scene.nowMs;
      this.#target = undefined;
    }
    return changed;
  }

  tick(): void {
    const { nowMs } = this.#scene;
    if (this.#image?.trial === undefined) return;
    if (!this.#counted && nowMs - this.startedMs > lookedMs && this.startedMs > this.#beganMs) {
      this.#counted = true;
      this.#boots++;
      this.#scene.reach("trial-restarted");
    }
    if (this.#hurt || nowMs - this.#failedMs < retryMs + slackMs) return;
    if (this.#boots > bootsMost && !this.#everFailed) this.#say(`are still on trial after ${this.#boots} restarts`);
    const forMs = trialMs(this.inForce);
    const triedMs = nowMs - Math.max(this.#beganMs, this.startedMs);
    if (triedMs > forMs + slackMs) this.#say(`have been on trial for ${Math.round(triedMs)} ms, and ${forMs} ms are set`);
    if (nowMs - this.#reachedMs > slackMs) this.#say("are still on trial, and their broker has acknowledged what was sent over them");
  }

  #judge(before: SettingsImage, image: SettingsImage): void {
    const { trial } = before;
    const now = textOf(image.trial ?? image.kept);
    // Set by somebody; one who did not hear of it may have asked several times.
    const isAsked = this.#asked.some((set) => now === textOf({ ...(trial ?? before.kept), ...set }));
    const same = now === textOf(trial ?? before.kept);
    const keptSame = textOf(image.kept) === textOf(before.kept);
    if (trial === undefined) {
      if (same && image.trial === undefined) return;
      if (!isAsked) this.#say(`were ${textOf(before.kept)} for good, and became ${now} though nobody has asked for it`);
      else if (image.trial !== undefined && !keptSame)
        this.#say(`that hold for good, ${textOf(before.kept)}, are gone while others are on trial`);
      else if (image.trial !== undefined) this.#scene.reach("trial");
      return;
    }
    if (image.trial !== undefined) {
      if (!keptSame) this.#say(`that hold for good, ${textOf(before.kept)}, became ${textOf(image.kept)} while others are on trial`);
      else if (!same && !isAsked) this.#say(`on trial became ${now} though nobody has asked for it`);
      return;
    }
    if (image.state === "kept" && now === textOf(trial)) return this.#kept();
    // What is written over a trial first erases it.
    if (now !== textOf(before.kept)) this.#say(`on trial ended as ${now}: neither what was tried nor what held before`);
    else if (image.state === "undone") this.#undone(image);
    else if (this.#asked.length === 0) this.#say("on trial are gone, and nothing tells what became of them");
  }

  #kept(): void {
    if (this.#reachedMs < Infinity) this.#scene.reach("trial-kept");
    else if (this.#confirmed) this.#scene.reach("trial-confirmed");
    else this.#say("on trial were kept, though their broker has acknowledged nothing and nobody has confirmed them");
  }

  #undone({ reason, boots }: SettingsImage): void {
    this.#scene.reach("trial-undone");
    if (reason === byHand && this.#undo) return;
    const triedMs = this.#touchedMs - Math.max(this.#beganMs, this.startedMs);
    const forMs = trialMs(this.#tried);
    if (reason === byRestarts && boots > bootsMost) return;
    if (reason !== byTime) this.#say(`were undone for reason ${reason}, which nobody gave`);
    else if (triedMs < forMs - timerSlackMs)
      this.#say(`were undone after ${Math.round(triedMs)} ms; they were to be tried for ${forMs} ms`);
    else if (this.#reachedMs < this.#touchedMs - slackMs && !this.#everFailed)
      this.#say("were undone though their broker has acknowledged them");
  }

  #tried: SettingsText = {};

  #begin(): void {
    this.#beganMs = this.startedMs > this.#heldMs ? this.#heldMs : this.#touchedMs;
    this.#boots = 0;
    this.#counted = true;
    this.#reachedMs = Infinity;
    this.#confirmed = this.#undo = false;
    this.#asked = this.#asked.slice(-1);
    this.#tried = this.#image?.trial ?? {};
    this.#everFailed = this.#fails || this.#hurt;
  }

  get #fails(): boolean {
    for (const { kind } of this.#scene.faults) if (kind === "flash-fail") return true;
    return false;
  }

  #noteFailures(): void {
    if (this.#scene.faults.size === 0 || !this.#fails) return;
    this.#failedMs = this.#scene.nowMs;
    this.#everFailed = true;
  }

  #say(what: string): void {
    if (this.lost) return;
    this.#scene.report(invariant, `settings ${what}`);
  }
}

function trialMs(set: SettingsText): number {
  return 1000 * Number(set["trial.forS"] ?? usualTrialS);
}

/** Equal for equal settings, in whatever order. */
function textOf(set: SettingsText): string {
  return JSON.stringify(Object.entries(set).sort(([a], [b]) => (a < b ? -1 : 1)));
}
