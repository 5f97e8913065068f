/** What a simulation is made from, brought in and checked before anything runs: the app, the recording, this computer's sensors. */
import { failure, success, type Result } from "../../firmware/base/result.js";
import { thisComputerApp } from "../apps/this-computer.js";
import { thermometer } from "../node/computer-chip.js";
import { readRecording, type Recording } from "../node/recording.js";
import type { Signal } from "../world/chips/signal.js";
import { type Environment, recordable } from "../world/environment.js";
import { bundledModule } from "./app-bundle.js";
import { loadApp, type LoadedApp, ownApp } from "./app-file.js";
import { loadChips, type MakeChips } from "./chip-file.js";
import type { SimOptions } from "./options.js";

export interface Inputs {
  readonly loaded: LoadedApp;
  readonly recording: Recording | undefined;
  /** Of `--chip`. */
  readonly chips: MakeChips | undefined;
  /** Of `--source host`; no thermometer everywhere. */
  readonly computer: { readonly temperatureC: (() => number) | undefined } | undefined;
  /** The recording's columns that nothing has asked for. */
  unfelt(): string[];
}

export async function inputsOf(options: SimOptions): Promise<Result<Inputs>> {
  const { source } = options;
  if (source.kind === "host") {
    if (options.chip !== undefined) return failure("usage", "--source host brings its own chip: leave --chip out");
    const temperatureC = thermometer();
    const hasThermometer = temperatureC !== undefined;
    const module = options.engine === "xs" ? await bundledModule("apps/this-computer.js", `thisComputerApp(${hasThermometer})`) : undefined;
    return success({
      loaded: { app: thisComputerApp(hasThermometer), module },
      recording: undefined,
      chips: undefined,
      computer: { temperatureC },
      unfelt: () => [],
    });
  }
  const recording = source.kind === "recording" ? readRecording(source.file) : undefined;
  if (recording?.ok === false) return recording;
  const loaded = options.app === undefined ? success(await ownApp()) : await loadApp(options.app);
  if (!loaded.ok) return loaded;
  const chips = options.chip === undefined ? undefined : await loadChips(options.chip);
  if (chips?.ok === false) return chips;
  const watched = recording === undefined ? undefined : felt(recording.value);
  return success({
    loaded: loaded.value,
    recording: watched?.recording,
    chips: chips?.value,
    computer: undefined,
    unfelt: watched?.unfelt ?? (() => []),
  });
}

/** The same recording, and which of its columns are never asked for. */
function felt(recording: Recording): { recording: Recording; unfelt(): string[] } {
  const asked = new Set<string>();
  const signals: Partial<Environment> = {};
  for (const [name, signal] of Object.entries(recording.signals) as [keyof Environment, Signal][]) {
    signals[name] = (nowUs) => {
      asked.add(name);
      return signal(nowUs);
    };
  }
  return {
    recording: { ...recording, signals },
    unfelt: () => recording.columns.filter((column) => !asked.has(recordable[column as keyof typeof recordable])),
  };
}
