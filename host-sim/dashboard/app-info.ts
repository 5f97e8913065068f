/** What a page has to know of an app: its sensors and channels, and how a raw reading compares with what a channel makes of it. */
import type { App, ChannelDeclaration } from "../../firmware/declaration.js";
import type { Stage } from "../../firmware/pipeline/stage.js";
import type { AppInfo } from "../web/protocol.js";

export function appInfo(app: App): AppInfo {
  return {
    name: app.name,
    sensors: Object.entries(app.sensors).map(([name, { on, everyMs }]) => ({ name, on, everyMs })),
    channels: Object.entries(app.channels).map(([name, { from, unit, resolution, stages = [] }]) => ({
      name,
      unit: unit ?? "",
      sensor: typeof from === "string" ? from.split(".")[0]! : "",
      resolution,
      ownScale: stages.some((stage) => stage.stage === "window" && (stage.result === "std" || stage.result === "count")),
      holds: stages.some(({ stage }) => stage === "delta" || stage === "throttle" || stage === "window"),
      stages: stages.map(words).join(" → "),
    })),
  };
}

function words(stage: Stage): string {
  const { stage: name, ...values } = stage;
  return `${name.replaceAll("_", " ")} ${Object.values(values).join(" ")}`.trim();
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
