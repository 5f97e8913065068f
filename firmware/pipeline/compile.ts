/**
 * Turns a channel's declared stages into one way for its samples: a closure per stage over scalars,
 * each calling the next, which is what composes fastest on XS and allocates nothing a sample. What is
 * declared may come from JSON, so `examine` checks it first.
 */
import type { Result } from "../base/result.js";
import { plainText } from "../base/plain-text.js";
import { success } from "../base/result.js";
import { examine } from "./examine.js";
import { familyOf } from "./families.js";
import type { Family } from "./family.js";
import type { Flow } from "./flow.js";
import type { Sink, Way } from "./push.js";
import type { Ground, Site } from "./site.js";
import type { Stage } from "./stage.js";
import { reporting } from "./stages/reporting.js";
import { smoothing } from "./stages/smoothing.js";

/**
 * `push` takes each sample of the channel, in order, within ±`limits.valueMax`; `missing` is called for
 * one that could not be had. `stages` run first to last; without any, samples go straight to the sink.
 * A stage's result that is no number within ±`limits.valueMax` (an overflow) goes on as missing.
 * Errors (kind `stage`) name the channel, the stage and what would be right.
 */
export function compile(channelName: string, stages: readonly Stage[], flow: Flow, ground: Ground, sink: Sink): Result<Way, "stage"> {
  const examined = examine(channelName, stages, flow);
  if (!examined.ok) return examined;
  return success(build(stages, flow, ground, sink.summary, sink, ""));
}

/** `above`: the stages in front of the one that holds these, as text. */
function build(stages: readonly Stage[], flow: Flow, ground: Ground, summary: Sink["summary"], end: Way, above: string): Way {
  const { resolution, sampleMs, after, cancel, total } = ground;
  const flows = flowsThrough(stages, flow);
  let next = end;
  let i = stages.length;
  while (i-- > 0) {
    const stage = stages[i]!;
    const before = i > 0 ? stages[i - 1]! : undefined;
    const pair = before && (smoothing(before, stage, next) ?? reporting(before, stage, next, summary));
    if (pair) {
      next = pair;
      i--;
      continue;
    }
    const here = flows[i]!;
    const family = familyOf(stage.stage)!;
    const bytes = ground.state === undefined ? 0 : (family.state?.(stage) ?? 0);
    const inFront = bytes > 0 || family.branches ? above + plainText(stages.slice(0, i)) : "";
    const site: Site = {
      resolution,
      sampleMs,
      after,
      cancel,
      summary,
      flow: here,
      total,
      state: bytes > 0 ? keeper(family, `${inFront}${plainText(stage)} ${here.periodMs}`, bytes, ground) : undefined,
      chain: (inner, last) => build(inner, here, ground, summary, last, inFront),
    };
    next = family.build(stage, next, site);
  }
  return next;
}

/** What the state of `bytes` depends on is `meaning`. */
function keeper({ name, stateNeedsTime = false }: Family, meaning: string, bytes: number, { state }: Ground): Site["state"] {
  return (walk) => state?.(name, meaning, bytes, walk, stateNeedsTime);
}

/** In front of the first stage, then behind each. The stages have been examined. */
function flowsThrough(stages: readonly Stage[], flow: Flow): Flow[] {
  const flows = [flow];
  for (let i = 0; i < stages.length; i++) {
    const stage = stages[i]!;
    const family = familyOf(stage.stage)!;
    const ends: Flow[] = [];
    for (const branch of family.branches?.(stage) ?? []) {
      const inner = flowsThrough(branch as readonly Stage[], flows[i]!);
      ends.push(inner[inner.length - 1]!);
    }
    flows.push(family.flow ? (family.flow(stage, flows[i]!, ends) as Flow) : flows[i]!);
  }
  return flows;
}
