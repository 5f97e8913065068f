/**
 * The root of the runtime: a device, an app and its settings become running parts, in order, and come
 * to an orderly end. Sampling never waits for the network, nor for anybody at the door.
 */
import { success, type Result } from "./base/result.js";
import { type ChannelFlow, channelFlows } from "./channels.js";
import { checkApp } from "./check.js";
import { type OpenedConfig, unconfigured } from "./config/open.js";
import { Trial } from "./config/trial.js";
import type { App } from "./declaration.js";
import type { Device } from "./device.js";
import { checkLimits, limits } from "./limits.js";
import { Log } from "./log.js";
import { Bluetooth } from "./provisioning/bluetooth.js";
import { Button } from "./provisioning/button.js";
import { resetDone, resetWhereAsked } from "./provisioning/factory-reset.js";
import { takeOver } from "./provisioning/window.js";
import { hostnameOf, Remote } from "./remote.js";
import { RunningBoard, type RunningBoardEvents } from "./running-board.js";
import type { Counters, Runtime } from "./runtime.js";
import type { Config, PartialConfig } from "./settings.js";
import { deviceName } from "./uplink/topics.js";

export type { Counters, Runtime } from "./runtime.js";

/** What is common to a board and those who configure it. A class, since its methods stay in flash. */
class Started implements Runtime, RunningBoardEvents {
  readonly name: string;
  readonly notes: readonly string[];
  private readonly device: Device;
  private readonly log: Log;
  private readonly trial: Trial;
  private readonly board: RunningBoard;
  private readonly seed: PartialConfig;
  private readonly appName: string;
  /** Made when somebody may come to the door: most of the time nobody does. */
  private door: { readonly remote: Remote; readonly bluetooth: Bluetooth } | undefined;
  private button: Button | undefined;
  /** Somebody has to tell it its network. */
  private readonly isNew: boolean;
  private readonly journal: Config["journal"];
  /** The settings on trial are at work: what is acknowledged now speaks for them. */
  private applied = true;

  constructor(device: Device, app: App, seed: PartialConfig, fresh: boolean) {
    this.device = device;
    this.name = deviceName(app.name, device.id);
    this.log = new Log(device.clock.nowMs);
    this.trial = new Trial(
      device,
      seed,
      (config) => this.apply(config),
      () => this.trialChanged(),
    );
    const opened = this.trial.opened();
    this.applied = true;
    const { config } = opened;
    const { log, name } = this;
    this.seed = seed;
    this.appName = app.name;
    this.journal = config.journal;
    this.isNew = device.power.resetReason === "power-on" && config.wifi.ssid === "" && isEmpty(opened);
    log.add("started: " + device.power.resetReason);
    if (fresh) log.add("all was forgotten: factory reset");
    this.notes = notesOf(opened);
    for (const note of this.notes) log.add(note.length > 90 ? note.slice(0, 90) : note);
    this.board = new RunningBoard({ device, name, config, log, fresh, hostname: hostnameOf(config, device.id) }, this);
  }

  /** A failure leaves parts running: `end` them. */
  begin(app: App, flows: Readonly<Record<string, ChannelFlow>>, startMs: number): Result<undefined> {
    const { device } = this;
    const begun = this.board.begin(app, flows, this.journal, startMs);
    if (!begun.ok) return begun;
    if (this.trial.state !== "none") this.board.tellSettings();
    try {
      this.button = new Button(device, () => this.opened().bluetooth.pressed());
    } catch {
      this.log.add("the button's pin is taken: Bluetooth opens only while nothing is set");
    }
    const againMs = takeOver(device.keyValue);
    if (againMs > 0 && device.power.resetReason === "software") this.opened().bluetooth.window.open(againMs);
    if (this.isNew) this.opened().bluetooth.window.open(limits.windowMs);
    return begun;
  }

  counters(): Counters {
    return this.board.counters();
  }

  stop(onStopped: () => void): void {
    this.endDoor();
    this.board.stop(onStopped);
  }

  end(): void {
    this.endDoor();
    this.board.end();
  }

  // ---- the board's events

  onReached(): void {
    if (this.trial.state !== "trial" || !this.applied) return;
    this.trial.keep();
  }

  onNetwork(text: string): void {
    const { door } = this;
    if (door === undefined) return;
    door.bluetooth.networkChanged(text);
    if (this.applied && door.remote.isJoined) door.remote.networkTried(true);
  }

  onRefused(): void {
    if (this.applied) this.door?.remote.networkTried(false);
  }

  settingsText(): string {
    const { state, reason } = this.trial;
    return '{"state":"' + state + '"' + (reason === undefined ? "}" : ',"reason":"' + reason + '"}');
  }

  private trialChanged(): void {
    const { state, reason } = this.trial;
    if (state === "trial") this.applied = false;
    else if (state === "undone") this.log.add("settings were undone: " + reason);
    else if (state === "kept") this.log.add("the settings on trial are kept");
    // While it is being built, there is nobody to tell.
    if ((this.board as RunningBoard | undefined) === undefined) return;
    this.board.tellSettings();
    this.door?.bluetooth.trialChanged();
  }

  private apply(config: Config): void {
    this.board.apply(config);
    // What is told while it is put to work is of before.
    this.applied = true;
    if (this.board.isJoinedAlone) this.onReached();
  }

  private opened(): { readonly remote: Remote; readonly bluetooth: Bluetooth } {
    if (this.door !== undefined) return this.door;
    const { device, seed, appName, log, trial, board } = this;
    const remote = new Remote({ device, seed, app: appName, log, trial, board });
    const bluetooth = new Bluetooth(remote);
    remote.window = bluetooth.window;
    this.door = { remote, bluetooth };
    return this.door;
  }

  private endDoor(): void {
    this.trial.stop();
    this.button?.stop();
    this.door?.bluetooth.stop();
  }
}

/** Nobody has ever set anything, as far as can be told. */
function isEmpty({ stored, problem }: OpenedConfig): boolean {
  return Object.keys(stored).length === 0 && problem === undefined;
}

function notesOf({ config, problem, undone, trialBoots }: OpenedConfig): string[] {
  const notes: string[] = [];
  if (problem !== undefined) notes.push(problem.message);
  const missing = unconfigured(config);
  if (missing !== undefined) notes.push(missing);
  if (trialBoots !== undefined)
    notes.push("settings are on trial: they are undone unless the broker is reached, or somebody confirms them");
  if (undone !== undefined) notes.push("the last change of settings was undone: " + undone);
  return notes;
}

/** `seed`: settings that hold where nobody has set others. */
export function start(device: Device, app: App, seed: PartialConfig): Result<Runtime> {
  checkLimits();
  const checked = checkApp(app);
  if (!checked.ok) return checked;
  const flows = channelFlows(app);
  if (!flows.ok) return flows;
  // Before what else takes time: the grid begins with the board; after a factory reset, once all is erased.
  const bootMs = device.clock.nowMs();
  const fresh = resetWhereAsked(device);
  const startMs = fresh ? device.clock.nowMs() : bootMs;
  const started = new Started(device, app, seed, fresh);
  const begun = started.begin(app, flows.value, startMs);
  if (fresh) resetDone(device.keyValue);
  if (begun.ok) return success(started);
  started.end();
  return begun;
}
