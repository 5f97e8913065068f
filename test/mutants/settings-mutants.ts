/** Mutants of how a board takes settings: on trial, put to work, kept and undone. The checker of settings finds each. */
import type { Edit } from "./mutants.js";

export interface SettingsMutant {
  readonly name: string;
  readonly edits: readonly Edit[];
  /** Seeds from here on are looked at: it takes restarts, or faults, that few of them have. */
  readonly fromSeed: number;
}

function mutant(
  name: string,
  fromSeed: number,
  ...edits: readonly (readonly [module: string, from: string, to: string])[]
): SettingsMutant {
  return { name, fromSeed, edits: edits.map(([module, from, to]) => ({ module, from, to })) };
}

export const settingsMutants: readonly SettingsMutant[] = [
  mutant("a trial is never undone", 1, [
    "config/trial.ts",
    "this.timer = timers.set(() => this.undo(reason), delayMs);",
    "this.timer = timers.set(() => {}, delayMs);",
  ]),
  mutant("restarts of a trial are not counted", 45, ["config/trial.ts", '      markTrial(flash, readStore(flash), "boot");\n', ""]),
  mutant("a trial is kept as soon as there is a network", 11, [
    "running-board.ts",
    'if (this.broker.host === "") this.events.onReached();',
    "this.events.onReached();",
  ]),
  mutant("a trial is kept before the broker has acknowledged anything", 1, [
    "running-board.ts",
    '    this.note("broker up");\n',
    '    this.note("broker up");\n    this.events.onReached();\n',
  ]),
  mutant("a trial is kept by what the broker of before acknowledges", 1, [
    "start.ts",
    'if (this.trial.state !== "trial" || !this.applied) return;',
    'if (this.trial.state !== "trial") return;',
  ]),
  mutant("a new network is put to work without its broker", 11, [
    "running-board.ts",
    "if (!same) this.uplink.redirect(broker);",
    "if (!same && wifi.ssid === ssid) this.uplink.redirect(broker);",
  ]),
  mutant("a new broker is dialled over the network of before", 11, [
    "running-board.ts",
    "    if (wifi.ssid !== ssid || wifi.password !== key) this.network?.rejoin(wifi);\n    if (!same) this.uplink.redirect(broker);",
    "    if (!same) this.uplink.redirect(broker);\n    if (wifi.ssid !== ssid || wifi.password !== key) this.network?.rejoin(wifi);",
  ]),
  mutant("what was undone stays at work", 1, [
    "config/trial.ts",
    '      this.reason = undone ?? reason;\n      this.end("undone");\n      this.putToWork();',
    '      this.reason = undone ?? reason;\n      this.end("undone");',
  ]),
];
