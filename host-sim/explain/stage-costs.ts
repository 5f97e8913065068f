/**
 * What stages cost on the board's engine, from measurements on XS with 32-bit slots (measured-costs.ts). Time: on the
 * computer on which P1's loop by hand takes 424 ns a sample; an ESP32's are longer by a factor that nobody
 * has measured yet, so they serve to compare stages. Memory: what a board and a channel keep (bench/board-bytes.ts), the closures of a stage, and 16 bytes a number that it
 * holds. A stage with other parameters than the measured example counts by the numbers that it holds.
 */
import { familyOf } from "../../firmware/pipeline/families.js";
import type { Stage } from "../../firmware/pipeline/stage.js";
import type { App, ChannelDeclaration } from "../../firmware/declaration.js";
import { measuredBoard, measuredCosts } from "./measured-costs.js";

export interface Cost {
  readonly bytes: number;
  /** A sample's, on the average. */
  readonly meanNs: number;
  /** The dearest sample's: the one that ends a window. */
  readonly worstNs: number;
}

const slotBytes = 16;
/** Of those that are kept (firmware/journal/recorder.ts). */
const channelsOfBlock = 10;
const idle = figuresOf("no stage")[0]!;

/** What the app's board keeps before any channel: the firmware itself, each sensor with its driver, and the blocks that channels which are kept share. Bytes. */
export function boardBytes(app: App): number {
  const { fixed, sensor, block } = measuredBoard;
  const kept = Object.values(app.channels).filter(({ keep }) => keep !== false).length;
  return fixed + Object.keys(app.sensors).length * sensor + Math.ceil(kept / channelsOfBlock) * block;
}

/** A channel without stages, from the sensor's sample to the outlet. */
export function channelCost({ from, keep = true }: Pick<ChannelDeclaration, "from" | "keep">): Cost {
  const { channel, kept, following, join, joined } = measuredBoard;
  const source = typeof from === "string" ? (from.includes(".") ? 0 : following) : join + Math.max(0, from.of.length - 2) * joined;
  return { ...idle, bytes: channel + (keep ? kept : 0) + source };
}

/**
 * Of the examples measured, the one that holds next to as many numbers; what it holds more or less is added. A stage that
 * holds stages costs what these cost, and what its example costs beyond its own. Undefined where no example was measured.
 */
export function stageCost(stage: Stage): Cost | undefined {
  if (!("of" in stage)) return singleCost(stage);
  const around = figuresOf(stage.stage)[0];
  if (around === undefined) return undefined;
  const sum = { bytes: around.bytes, meanNs: around.meanNs - idle.meanNs, worstNs: around.worstNs - idle.worstNs };
  for (const [stages, sign] of [
    [stage.of, 1],
    [around.of, -1],
  ] as const) {
    for (const inner of stages) {
      const cost = stageCost(inner);
      if (cost === undefined) return undefined;
      sum.bytes += sign * cost.bytes;
      sum.meanNs += sign * cost.meanNs;
      sum.worstNs += sign * cost.worstNs;
    }
  }
  return { bytes: Math.max(0, sum.bytes), meanNs: Math.max(0, sum.meanNs), worstNs: Math.max(0, sum.worstNs) };
}

function singleCost(stage: Stage): Cost | undefined {
  const examples = figuresOf(stage.stage);
  const held = heldBy(stage);
  let best = examples[0];
  if (best === undefined) return undefined;
  for (const example of examples) if (Math.abs(example.held - held) < Math.abs(best.held - held)) best = example;
  const scale = best.held === 0 ? 1 : held / best.held;
  return {
    bytes: Math.max(0, best.bytes + (held - best.held) * slotBytes),
    meanNs: Math.max(0, best.meanNs - idle.meanNs),
    worstNs: Math.max(0, best.worstNs - idle.worstNs) * scale,
  };
}

interface Figures extends Cost {
  readonly held: number;
  /** The stages that the example holds. */
  readonly of: readonly Stage[];
}

function figuresOf(name: string): Figures[] {
  return measuredCosts
    .filter((row) => row.name === name)
    .map(({ stage, meanNs, worstNs, bytes }) => {
      const { of = [] } = (stage ?? {}) as { of?: readonly Stage[] };
      return { meanNs, worstNs, bytes, of, held: stage === null ? 0 : heldBy(stage as Stage) };
    });
}

function heldBy(stage: Stage): number {
  return familyOf(stage.stage)?.held?.(stage) ?? 0;
}
