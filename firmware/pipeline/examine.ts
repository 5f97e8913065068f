/** Checks what a channel declares as its stages, wherever it came from, and says what the samples are like behind each. */
import { nearest } from "../base/nearest.js";
import { failure, type Result, success } from "../base/result.js";
import { limits } from "../limits.js";
import { familyOf, families } from "./families.js";
import { check, describe, type Family, type Params } from "./family.js";
import type { Flow } from "./flow.js";
import type { Stage } from "./stage.js";

export interface Examined {
  /** In front of the first stage, then behind each. */
  readonly flows: readonly Flow[];
  /** Numbers that the stages' arrays hold. */
  readonly held: number;
  /** Totals that they keep. */
  readonly totals: number;
  /** Bytes of each state that they keep. */
  readonly states: readonly number[];
}

/** Errors (kind `stage`) name the channel, the stage and what would be right. */
export function examine(channelName: string, stages: unknown, flow: Flow): Result<Examined, "stage"> {
  const seen: Seen = { stages: 0, held: 0, totals: 0, states: [], summaries: 0, or: false };
  const flows = examineChain(stages, flow, seen, 0);
  if (typeof flows === "string") return failure("stage", `channel ${describe(channelName)}, ${flows}`);
  if (seen.held > limits.heldNumbersMax) {
    const tooMany = `its stages hold ${seen.held} numbers, at most ${limits.heldNumbersMax} are possible: choose shorter windows`;
    return failure("stage", `channel ${describe(channelName)}: ${tooMany}`);
  }
  return success({ flows, held: seen.held, totals: seen.totals, states: seen.states });
}

/** What was met so far, over all branches. */
interface Seen {
  stages: number;
  held: number;
  totals: number;
  states: number[];
  summaries: number;
  /** Whether what is looked at stands inside of an `or`. */
  or: boolean;
}

function examineChain(stages: unknown, flow: Flow, seen: Seen, depth: number): Flow[] | string {
  if (!Array.isArray(stages)) return `stages must be an array, not ${describe(stages)}`;
  seen.stages += stages.length;
  if (seen.stages > limits.stagesMax) return `stages must be at most ${limits.stagesMax}, not ${seen.stages}`;
  const flows: Flow[] = [flow];
  for (let i = 0; i < stages.length; i++) {
    const stage: unknown = stages[i];
    if (typeof stage !== "object" || stage === null || Array.isArray(stage)) {
      return `stage ${i + 1}: must be an object such as {"stage":"median","window":5}, not ${describe(stage)}`;
    }
    const params = stage as Params;
    const family = familyOf(params.stage);
    if (!family) return `stage ${i + 1}: ${params.stage === undefined ? namelessStage(params) : unknownStage(params.stage)}`;
    const behind = examineStage(family, params, flows[i]!, seen, depth);
    if (typeof behind === "string") return `stage ${i + 1} (${family.name})${behind}`;
    flows.push(behind);
  }
  return flows;
}

/** `{"median": …}` is how a scenario writes it. */
function namelessStage(params: Params): string {
  const meant = Object.keys(params).find((key) => familyOf(key) !== undefined) ?? "median";
  return `a stage needs its name: {"stage":${describe(meant)}, …}`;
}

function unknownStage(name: unknown): string {
  const names = families.map((family) => family.name);
  const meant = typeof name === "string" ? nearest(name, names) : undefined;
  const hint = meant === undefined ? "; docs/stages.md and docs/esphome.md have them all" : `, did you mean "${meant}"?`;
  return `there is no stage ${describe(name)}${hint}`;
}

function examineStage(family: Family, params: Params, flow: Flow, seen: Seen, depth: number): Flow | string {
  const wrong = check(family, params);
  if (wrong !== undefined) return `: ${wrong}`;
  if (family.name === "summary") {
    if (depth > 0) return ": a summary cannot stand inside another stage, move it to the channel's own stages";
    if (++seen.summaries > 1) return ": a channel has at most one summary, drop this or the other";
  }
  // The rules hold, so these are that stage's parameters.
  const stage = params as unknown as Stage;
  const branches = family.branches?.(stage) ?? [];
  if (branches.length > 0 && depth === limits.stageDepthMax) return `: stages can stand at most ${depth} deep in others`;
  // One is as good: the inner one's stages can stand in the outer one.
  if (family.name === "or" && seen.or) return ": it stands inside of another or, list its stages there";
  if (family.name === "or") seen.or = true;
  const ends: Flow[] = [];
  for (let branch = 0; branch < branches.length; branch++) {
    const inner = examineChain(branches[branch], flow, seen, depth + 1);
    if (typeof inner === "string") return branches.length > 1 ? `, branch ${branch + 1}, ${inner}` : `, ${inner}`;
    ends.push(inner[inner.length - 1]!);
  }
  if (family.name === "or") seen.or = false;
  seen.held += family.held?.(stage) ?? 0;
  if (family.keepsTotal) seen.totals++;
  const bytes = family.state?.(stage) ?? 0;
  if (bytes > 0) seen.states.push(bytes);
  const behind = family.flow ? family.flow(stage, flow, ends) : flow;
  if (typeof behind === "string") return `: ${behind}`;
  // NaN is neither.
  if (!(behind.periodMs <= limits.flowMaxMs && behind.delayMs < Infinity)) {
    return ": its results would come thousands of years apart, or as late: choose less";
  }
  return behind;
}
