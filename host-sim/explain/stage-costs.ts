/**
 * What stages cost on the board's engine, measured on XS with 32-bit slots. Time: the dearest sample, on the computer
 * on which P1's loop by hand takes 424 ns a sample; an ESP32's are longer by a factor that nobody
 * has measured yet, so they serve to compare stages. Memory: the closures of a stage, and 16 bytes a number that it holds.
 */
import { familyOf } from "../../firmware/pipeline/families.js";
import type { Stage } from "../../firmware/pipeline/stage.js";

export interface Cost {
  readonly bytes: number;
  readonly worstNs: number;
}

const slotBytes = 16;

/** A channel without stages: from the sensor's sample to its outlet. */
export const channelCost: Cost = { bytes: 1200, worstNs: 900 };

export function stageCost(stage: Stage): Cost {
  const held = familyOf(stage.stage)?.held?.(stage) ?? 0;
  return { bytes: 300 + held * slotBytes, worstNs: 100 + 14 * held };
}
