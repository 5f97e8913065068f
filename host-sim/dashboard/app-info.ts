/** What a page has to know of an app: its sensors and channels, and how a raw reading compares with what a channel makes of it. */
import { type ChannelFlow, channelFlows } from "../../firmware/channels.js";
import type { App, ChannelDeclaration } from "../../firmware/declaration.js";
import type { Stage } from "../../firmware/pipeline/stage.js";
import { stageWords } from "../explain/stage-words.js";
import type { AppInfo } from "../web/protocol.js";

export function appInfo(app: App): AppInfo {
  const flows = channelFlows(app);
  return {
    name: app.name,
    sensors: Object.entries(app.sensors).map(([name, { on, everyMs }]) => ({ name, on, everyMs })),
    channels: Object.entries(app.channels).map(([name, { from, unit, resolution, stages = [] }]) => ({
      name,
      unit: unit ?? "",
      sensor: typeof from === "string" ? from.split(".")[0]! : "",
      resolution,
      ownScale: typeof from !== "string" || stages.some(changesQuantity),
      holds: flows.ok && speaksSeldom(flows.value[name]!),
      stages: stages.map(stageWords).join(" → "),
    })),
  };
}

function speaksSeldom({ input, stages }: ChannelFlow): boolean {
  const output = stages[stages.length - 1] ?? input;
  return !output.regular || output.periodMs > input.periodMs;
}

/** Stages whose result is another quantity than what goes in, or only says yes or no. */
const otherQuantities: readonly string[] = [
  "anomaly",
  "band_energy",
  "crest_factor",
  "cusum",
  "derivative",
  "dominant_frequency",
  "ewma_chart",
  "hysteresis",
  "integral",
  "kurtosis",
  "lambda",
  "out_of_range",
  "page_hinkley",
  "peak",
  "peak_to_peak",
  "rate_of_change",
  "rms",
  "rolling_std",
  "seasonal_baseline",
  "stuck",
  "to_ntc_resistance",
  "to_ntc_temperature",
  "zero_crossings",
];

function changesQuantity(stage: Stage): boolean {
  if (stage.stage === "window") return stage.result === "std" || stage.result === "count";
  return otherQuantities.includes(stage.stage);
}

/** A raw reading in the unit that the channel gives out: its stages' factors and offsets, and nothing else of them. */
export function inUnit({ stages = [] }: ChannelDeclaration): (x: number) => number {
  let factor = 1;
  let offset = 0;
  for (const stage of stages) {
    if (stage.stage === "multiply") {
      factor *= stage.value;
      offset *= stage.value;
    } else if (stage.stage === "offset") offset += stage.value;
  }
  return (x) => x * factor + offset;
}
