/**
 * What stages cost on the board's engine, from measurements on XS with 32-bit slots (measured-costs.ts). Time: on the
 * computer on which P1's loop by hand takes 424 ns a sample; an ESP32's are longer by a factor that nobody
 * has measured yet, so they serve to compare stages. Memory: the closures of a stage, and 16 bytes a number that it
 * holds. A stage with other parameters than the measured example counts by the numbers that it holds.
 */
import { familyOf } from "../../firmware/pipeline/families.js";
import type { Stage } from "../../firmware/pipeline/stage.js";
import { measuredCosts } from "./measured-costs.js";

export interface Cost {
  readonly bytes: number;
  /** A sample's, on the average. */
  readonly meanNs: number;
  /** The dearest sample's: the one that ends a window. */
  readonly worstNs: number;
}

const slotBytes = 16;
/** From the sensor's sample to the stages, and from there to the outlet: rounding twice. */
const aroundBytes = 1100;

/** A channel without stages. */
export const channelCost: Cost = { ...figuresOf("no stage")[0]!, bytes: aroundBytes };

/** Of the examples measured, the one that holds next to as many numbers; what it holds more or less is added. */
export function stageCost(stage: Stage): Cost {
  const examples = figuresOf(stage.stage);
  const held = heldBy(stage);
  let best = examples[0];
  if (best === undefined)
    throw new Error(`the stage ${stage.stage} was not measured: give host-sim/bench/stage-examples.ts an example of it`);
  for (const example of examples) if (Math.abs(example.held - held) < Math.abs(best.held - held)) best = example;
  const scale = best.held === 0 ? 1 : held / best.held;
  const idle = channelCost.meanNs;
  return {
    bytes: Math.max(0, best.bytes + (held - best.held) * slotBytes),
    meanNs: Math.max(0, best.meanNs - idle),
    worstNs: Math.max(0, best.worstNs - idle) * scale,
  };
}

interface Figures extends Cost {
  readonly held: number;
}

function figuresOf(name: string): Figures[] {
  return measuredCosts
    .filter((row) => row.name === name)
    .map(({ stage, meanNs, worstNs, bytes }) => ({ meanNs, worstNs, bytes, held: stage === null ? 0 : heldBy(stage as Stage) }));
}

function heldBy(stage: Stage): number {
  return familyOf(stage.stage)?.held?.(stage) ?? 0;
}
