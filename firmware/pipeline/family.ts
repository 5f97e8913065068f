/**
 * What the file of a stage provides: the rules for its parameters, which may come from anywhere, what
 * it does to the flow of samples, and how to build it. `check` turns the rules into what a person reads.
 */
import type { Flow } from "./flow.js";
import type { Way } from "./push.js";
import type { Site } from "./site.js";

export interface Rule {
  readonly key: string;
  /** Continues "must be …". */
  readonly need: string;
  readonly optional?: boolean;
  readonly holds: (value: unknown) => boolean;
}

/** Parameters as they come from anywhere. */
export type Params = Readonly<Record<string, unknown>>;

export interface Family<S extends { readonly stage: string } = { readonly stage: string }> {
  readonly name: S["stage"];
  readonly rules: readonly Rule[];
  /** What is wrong between parameters that are right each by itself. */
  readonly clash?: (params: Params) => string | undefined;
  /**
   * What the samples behind the stage are like, or what is wrong with those that arrive ("needs …"). Without it,
   * they are as before. `ends`: what they are like at the end of each branch.
   */
  flow?(params: S, flow: Flow, ends: readonly Flow[]): Flow | string;
  /** Numbers that its arrays hold, 16 bytes each on a board. Without it, none. */
  held?(params: S): number;
  /** It keeps a total (site.total), of which a board has `limits.totalsMax`. */
  readonly keepsTotal?: boolean;
  /** Bytes of the state that it keeps over a restart (site.state); 0, or without it: none. */
  state?(params: S): number;
  /** Its state is worth nothing when the power was lost, since nobody knows for how long; otherwise the pause was some seconds. */
  readonly stateNeedsTime?: boolean;
  /** Whether it gives 1 (alarm) or 0 and nothing else. Without it, it does not. */
  alarm?(params: S): boolean;
  /** The chains of a stage that holds stages, unchecked but for the rules. */
  branches?(params: S): readonly unknown[];
  /** `params` obey the rules. Returns closures over scalars that hand their results to `next`; a missing reading goes to `next.missing` unless the stage's docstring says otherwise. */
  build(params: S, next: Way, site: Site): Way;
}

/** What is wrong with `params` for that family, or undefined. */
export function check(family: Family, params: Params): string | undefined {
  const known = family.rules.map((rule) => rule.key);
  const unknown = Object.keys(params).find((key) => key !== "stage" && !known.includes(key));
  if (unknown !== undefined) {
    return `unknown key ${describe(unknown)}, a ${family.name} has ${known.length > 0 ? known.join(", ") : "no parameters"}`;
  }
  for (const rule of family.rules) {
    const value = params[rule.key];
    if (value === undefined) {
      if (!rule.optional) return `${rule.key} is missing, it must be ${rule.need}`;
    } else if (!rule.holds(value)) return `${rule.key} must be ${rule.need}, not ${describe(value)}`;
  }
  return family.clash?.(params);
}

const describedCharactersMax = 32;

/** A value from anywhere, short enough for a message. */
export function describe(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean" || value === undefined || value === null) return String(value);
  if (typeof value !== "string") return Array.isArray(value) ? "an array" : typeof value === "object" ? "an object" : `a ${typeof value}`;
  return JSON.stringify(value.length > describedCharactersMax ? value.slice(0, describedCharactersMax) + "…" : value);
}

/** A number from min to max, both allowed. NaN and the infinities are not. */
export function numberRule(key: string, min: number, max: number): Rule {
  return { key, need: `a number from ${min} to ${max}`, holds: (value) => within(value, min, max) };
}

/** A number above `above`, at most max. */
export function aboveRule(key: string, above: number, max: number): Rule {
  return { key, need: `a number above ${above}, at most ${max}`, holds: (value) => value !== above && within(value, above, max) };
}

export function wholeRule(key: string, min: number, max: number): Rule {
  return { key, need: `a whole number from ${min} to ${max}`, holds: (value) => within(value, min, max) && Number.isInteger(value) };
}

export function choiceRule(key: string, choices: readonly string[]): Rule {
  return { key, need: `one of ${choices.join(", ")}`, holds: (value) => choices.includes(value as string) };
}

export function truthRule(key: string): Rule {
  return { key, need: "true or false", holds: (value) => typeof value === "boolean" };
}

export function optional(rule: Rule): Rule {
  return { ...rule, optional: true };
}

export function within(value: unknown, min: number, max: number): boolean {
  return typeof value === "number" && value >= min && value <= max;
}
