/**
 * Turns a channel's declared stages into one function that takes its samples: a closure per stage over
 * scalars, each calling the next, which is what composes fastest on XS and allocates nothing a sample.
 * What is declared may come from JSON, so it is checked here, and only here.
 */
import { failure, type Result, success } from "../base/result.js";
import { limits } from "../limits.js";
import { check, describe, type Family } from "./family.js";
import type { Context, Push, Sink } from "./push.js";
import type { Stage } from "./stage.js";
import { multiply, offset } from "./stages/arithmetic.js";
import { clamp } from "./stages/clamp.js";
import { delta } from "./stages/delta.js";
import { exponentialMovingAverage } from "./stages/exponential-moving-average.js";
import { median } from "./stages/median.js";
import { smoothing } from "./stages/smoothing.js";
import { summary } from "./stages/summary.js";
import { throttle } from "./stages/throttle.js";
import { window } from "./stages/window.js";

const families: readonly Family[] = [offset, multiply, clamp, median, exponentialMovingAverage, delta, throttle, window, summary];

/**
 * The function to call with each sample of the channel, in order, within ±`limits.valueMax` (NaN and
 * infinities are the sampler's to count). `stages` run first to last; without any, samples go straight
 * to `sink.value`. An overflow on the way is dropped, told to `sink.dropped`, and changes no stage
 * after it. Errors (kind `stage`) name the channel, the stage and what would be right.
 */
export function compile(channelName: string, stages: readonly Stage[], context: Context, sink: Sink): Result<Push, "stage"> {
  const wrong = problem(stages);
  if (wrong !== undefined) return failure("stage", `channel ${describe(channelName)}, ${wrong}`);
  let push = sink.value;
  let i = stages.length;
  while (i-- > 0) {
    const stage = stages[i]!;
    const pair = i > 0 ? smoothing(stages[i - 1]!, stage, push) : undefined;
    if (pair) {
      push = pair;
      i--;
    } else push = familyOf(stage.stage)!.build(stage, push, context, sink);
  }
  return success(push);
}

function problem(stages: unknown): string | undefined {
  if (!Array.isArray(stages)) return `stages must be an array, not ${describe(stages)}`;
  if (stages.length > limits.stagesMax) return `stages must be at most ${limits.stagesMax}, not ${stages.length}`;
  let summaries = 0;
  for (let i = 0; i < stages.length; i++) {
    const stage: unknown = stages[i];
    if (typeof stage !== "object" || stage === null || Array.isArray(stage)) {
      return `stage ${i + 1}: must be an object such as {"stage":"median","window":5}, not ${describe(stage)}`;
    }
    const params = stage as Readonly<Record<string, unknown>>;
    const family = familyOf(params.stage);
    if (!family) {
      const names = families.map((known) => known.name).join(", ");
      return `stage ${i + 1}: stage must be one of ${names}, not ${describe(params.stage)}`;
    }
    if (family === summary && ++summaries > 1) return `stage ${i + 1} (summary): a channel has at most one summary, drop this or the other`;
    const wrong = check(family, params);
    if (wrong !== undefined) return `stage ${i + 1} (${family.name}): ${wrong}`;
  }
  return undefined;
}

function familyOf(name: unknown): Family | undefined {
  return families.find((family) => family.name === name);
}
