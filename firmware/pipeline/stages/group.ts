/** `group`: a chain of stages as one, for a branch of `or` that takes more than one stage. */
import type { Family } from "../family.js";
import type { Stage } from "../stage.js";

export interface Group {
  readonly stage: "group";
  /** 1 or more stages, first to last. */
  readonly of: readonly Stage[];
}

/** The stages, first to last, as one: `or(delta(2), group(throttle(60_000), median(5)))`. */
export function group(...of: readonly Stage[]): Group {
  return { stage: "group", of };
}

/** Nothing of its own: a missing reading meets its stages in turn. */
export const groupFamily: Family<Group> = {
  name: "group",
  rules: [
    {
      key: "of",
      need: 'at least 1 stage, such as [{"stage":"median","window":5}]',
      holds: (value) => Array.isArray(value) && value.length >= 1,
    },
  ],
  branches: ({ of }) => [of],
  flow: (_params, _flow, [end]) => end!,
  build: ({ of }, next, { chain }) => chain(of, next),
};
