/**
 * What the stages have in common that reduce blocks of consecutive samples to one number each. Blocks do
 * not overlap. One that a missing reading interrupts is thrown away, which comes out as one missing
 * result, and the next begins with the next sample; while none arrives, one more missing result comes
 * out for each block's length of missing readings.
 */
import { limits } from "../../limits.js";
import { type Rule, wholeRule } from "../family.js";
import type { Flow } from "../flow.js";
import type { Push, Way } from "../push.js";

/** For stages that hold no samples. */
export function samplesRule(min: number): Rule {
  return wholeRule("samples", min, limits.reducedSamplesMax);
}

/** The door for missing readings. `drop` throws the block away, and tells whether any sample came since it was called last. */
export function gapDoor(samples: number, drop: () => boolean, missing: () => void): () => void {
  // Missing readings in a row, from the one that was passed on.
  let silent = 0;
  return () => {
    if (!drop() && silent > 0 && silent < samples) {
      silent++;
      return;
    }
    silent = 1;
    return missing();
  };
}

/** Hands on a block's result, or that it is no number within ±`limits.valueMax`. */
export function bounded({ push, missing }: Way): Push {
  const most = limits.valueMax;
  return (x) => {
    if (x >= -most && x <= most) return push(x);
    return missing();
  };
}

/** One result a block, half a block after what it says. */
export function perBlock(flow: Flow, samples: number): Flow {
  return { periodMs: flow.periodMs * samples, regular: flow.regular, delayMs: flow.delayMs + ((samples - 1) / 2) * flow.periodMs };
}

/** What is wrong with samples whose frequencies are asked for. */
export function gridMistake(flow: Flow): string | undefined {
  return flow.regular ? undefined : "needs samples at even intervals: put it before stages that pass only some of them";
}
