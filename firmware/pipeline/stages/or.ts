/** `or`: several chains get each sample, and the first result that one of them gives is passed. ESPHome's `or`. */
import type { Family } from "../family.js";
import type { Way } from "../push.js";
import type { Stage } from "../stage.js";

export interface Or {
  readonly stage: "or";
  /** 1 to 8 stages; a chain of several is a `group`. */
  readonly of: readonly Stage[];
}

/** Passes the first result that any of the stages gives for a sample: `or(delta(0.5), throttle(60_000))`. */
export function or(...of: readonly Stage[]): Or {
  return { stage: "or", of };
}

const branchesMax = 8;

/**
 * The branches see the sample in turn; what the first of them to answer gives out is the result, and what
 * the others give for the same sample is lost. What a branch gives out later by a timer of its own passes
 * if nothing has passed since the last sample. A missing reading is offered to all branches alike.
 */
export const orFamily: Family<Or> = {
  name: "or",
  rules: [
    {
      key: "of",
      need: `1 to ${branchesMax} stages, such as [{"stage":"delta","by":0.5},{"stage":"throttle","everyMs":60000}]`,
      holds: (value) => Array.isArray(value) && value.length >= 1 && value.length <= branchesMax,
    },
  ],
  branches: ({ of }) => of.map((stage) => [stage]),
  // Which branch answers when is not known: at most all of them, one a sample, and at the latest the latest.
  flow(_params, flow, ends) {
    if (ends.length === 1) return ends[0]!;
    let rate = 0;
    let { delayMs } = ends[0]!;
    let regular = true;
    for (const end of ends) {
      rate += 1 / end.periodMs;
      if (!end.regular || end.periodMs !== flow.periodMs) regular = false;
      if (end.delayMs > delayMs) delayMs = end.delayMs;
    }
    const periodMs = rate * flow.periodMs > 1 ? flow.periodMs : 1 / rate;
    return { ...flow, periodMs, regular, delayMs };
  },
  build({ of }, next, { chain }) {
    const { push, missing } = next;
    let passed = false;
    const end: Way = {
      push(x) {
        if (passed) return;
        passed = true;
        return push(x);
      },
      missing() {
        if (passed) return;
        passed = true;
        return missing();
      },
    };
    const ways = of.map((stage) => chain([stage], end));
    const count = ways.length;
    const pushes = ways.map((way) => way.push);
    return {
      push(x) {
        passed = false;
        for (let i = 0; i < count; i++) pushes[i]!(x);
      },
      missing() {
        passed = false;
        for (let i = 0; i < count; i++) ways[i]!.missing();
      },
    };
  },
};
