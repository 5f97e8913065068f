/**
 * An app's channels explained before they run: what each stage does to rate and delay, what it holds and what it
 * costs. Rates and delays are those that the firmware itself reckons with; memory and cost come from
 * measurements on XS (stage-costs.ts).
 */
import { success, type Result } from "../../firmware/base/result.js";
import { channelFlows } from "../../firmware/channels.js";
import { entriesOf, roundMs } from "../../firmware/checkpoints/room.js";
import { frameBytes } from "../../firmware/checkpoints/state-entry.js";
import { checkApp } from "../../firmware/check.js";
import type { App, ChannelDeclaration } from "../../firmware/declaration.js";
import type { Flow } from "../../firmware/pipeline/flow.js";
import { limits } from "../../firmware/limits.js";
import { familyOf } from "../../firmware/pipeline/families.js";
import type { Stage } from "../../firmware/pipeline/stage.js";
import { boardBytes, type Cost, channelCost, stageCost } from "./stage-costs.js";
import { stageWords } from "./stage-words.js";

export interface ExplainedStage {
  readonly words: string;
  readonly stage: Stage;
  /** Of the samples behind it. */
  readonly flow: Flow;
  /** What it adds to the delay, ms. */
  readonly addsMs: number;
  /** Reckoned with a spacing that varies, or the most of several branches'. */
  readonly about: boolean;
  /** Undefined: nobody has measured it. */
  readonly cost: Cost | undefined;
  /** What it keeps over a restart; undefined: nothing. */
  readonly outlives: Outlives | undefined;
}

export interface Outlives {
  /** How old it is at the most when the power goes at a bad moment, ms, with checkpoints as often as by default. */
  readonly oldMs: number;
  /** It begins anew when the power was lost. */
  readonly withPowerOnly: boolean;
}

export interface ExplainedChannel {
  readonly name: string;
  readonly unit: string;
  readonly resolution: number;
  /** What it takes its samples from, in words. */
  readonly from: string;
  readonly input: Flow;
  readonly stages: readonly ExplainedStage[];
  readonly output: Flow;
  /** `output.delayMs` is no more than about right. */
  readonly about: boolean;
  /** Between two summaries, where it has them, ms. */
  readonly summaryMs: number | undefined;
  /** Bytes of the board's JavaScript heap, the channel's own included; of stages that were not measured, none. */
  readonly bytes: number;
  /** Of the dearest way that a sample can take through all stages, ns on XS on the computer of stage-costs.ts. */
  readonly worstNs: number;
  /** As a share of the board's time, the mean cost × samples a second, on that computer. */
  readonly load: number;
}

export interface ExplainedHeap {
  /** Bytes of what stands before any channel: firmware, sensors and their drivers, the blocks under way. */
  readonly fixedBytes: number;
  readonly channelsBytes: number;
  /** What a board has, by default. */
  readonly arenaBytes: number;
}

/** The heap of a board with the app, whose channels these are. */
export function explainedHeap(app: App, channels: readonly ExplainedChannel[]): ExplainedHeap {
  const channelsBytes = channels.reduce((sum, { bytes }) => sum + bytes, 0);
  const keeps = channels.some(({ stages }) => stages.some(({ outlives }) => outlives !== undefined));
  return { fixedBytes: boardBytes(app) + (keeps ? keepingBytes : 0), channelsBytes, arenaBytes: boardArenaBytes };
}

/** What writes states down, and what a state takes beside its stage: measured on XS with baselines, charts and windows. */
const keepingBytes = 540;
const stateBytes = 450;

/** The esp32 platform's. */
const boardArenaBytes = 80 * 1024;

/** Failures name the channel, the stage and the bound. */
export function explain(app: App): Result<readonly ExplainedChannel[]> {
  const checked = checkApp(app);
  if (!checked.ok) return checked;
  const flows = channelFlows(app);
  if (!flows.ok) return flows;
  let entries = 0;
  for (const { states } of Object.values(flows.value)) for (const bytes of states) entries += entriesOf(bytes + frameBytes);
  const stateMs = roundMs(limits.checkpointsEveryMs, entries);
  return success(
    Object.entries(app.channels).map(([name, declaration]) => {
      const { input, stages, states } = flows.value[name]!;
      const made = explained(name, declaration, input, stages, stateMs);
      return { ...made, bytes: made.bytes + states.length * stateBytes };
    }),
  );
}

/** Of a stage that holds stages, the oldest and the least lasting of theirs. */
function outlives(stage: Stage, stateMs: number): Outlives | undefined {
  if ("of" in stage) {
    const inner = stage.of.map((each) => outlives(each, stateMs)).filter((each) => each !== undefined);
    if (inner.length === 0) return undefined;
    return { oldMs: Math.max(...inner.map(({ oldMs }) => oldMs)), withPowerOnly: inner.some(({ withPowerOnly }) => withPowerOnly) };
  }
  const family = familyOf(stage.stage);
  if (family?.keepsTotal) return { oldMs: limits.checkpointsEveryMs, withPowerOnly: false };
  if ((family?.state?.(stage) ?? 0) === 0) return undefined;
  return { oldMs: stateMs, withPowerOnly: family?.stateNeedsTime ?? false };
}

function explained(name: string, declaration: ChannelDeclaration, input: Flow, flows: readonly Flow[], stateMs: number): ExplainedChannel {
  const { unit = "", resolution, from, stages = [] } = declaration;
  let before = input;
  const own = channelCost(declaration);
  let { bytes, worstNs } = own;
  let perSecondNs = own.meanNs * (1000 / input.periodMs);
  let about = input.delayMs !== 0 && !input.regular;
  let summaryMs: number | undefined;
  const shown = stages.map((stage, index): ExplainedStage => {
    const flow = flows[index]!;
    const cost = stageCost(stage);
    const addsMs = flow.delayMs - before.delayMs;
    if (stage.stage === "summary") summaryMs = stage.samples * before.periodMs;
    const { bytes: ownBytes, worstNs: ownWorstNs, meanNs: ownNs } = cost ?? { bytes: 0, worstNs: 0, meanNs: 0 };
    bytes += ownBytes;
    worstNs += ownWorstNs;
    perSecondNs += ownNs * (1000 / before.periodMs);
    const isAbout = addsMs !== 0 && (!before.regular || (stage.stage === "or" && stage.of.length > 1));
    about ||= isAbout;
    before = flow;
    return { words: stageWords(stage), stage, flow, addsMs, about: isAbout, cost, outlives: outlives(stage, stateMs) };
  });
  return {
    name,
    unit,
    resolution,
    from:
      typeof from === "string"
        ? from.includes(".")
          ? from
          : `channel ${from}`
        : `${from.join.replace(/_of$/, "").replaceAll("_", " ")} of ${from.of.join(", ")}`,
    input,
    stages: shown,
    output: before,
    about,
    summaryMs,
    bytes,
    worstNs,
    load: perSecondNs / 1e9,
  };
}
