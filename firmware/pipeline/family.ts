/**
 * What the file of a stage provides: the rules for its parameters, which may come from anywhere, and
 * how to build it. `check` turns the rules into what a person reads.
 */
import type { Context, Push, Sink } from "./push.js";
import type { Stage } from "./stage.js";

export interface Rule {
  readonly key: string;
  /** Continues "must be …". */
  readonly need: string;
  readonly optional?: boolean;
  readonly holds: (value: unknown) => boolean;
}

export interface Family<S extends Stage = Stage> {
  readonly name: S["stage"];
  readonly rules: readonly Rule[];
  /** What is wrong between parameters that are right each by itself. */
  readonly clash?: (params: Readonly<Record<string, unknown>>) => string | undefined;
  /** `params` obey the rules. Returns a closure over scalars that hands its results to `next`. */
  build(params: S, next: Push, context: Context, sink: Sink): Push;
}

/** What is wrong with `params` for that family, or undefined. */
export function check(family: Family, params: Readonly<Record<string, unknown>>): string | undefined {
  const known = family.rules.map((rule) => rule.key);
  const unknown = Object.keys(params).find((key) => key !== "stage" && !known.includes(key));
  if (unknown !== undefined) return `unknown key ${describe(unknown)}, a ${family.name} has ${known.join(", ")}`;
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

export function wholeRule(key: string, min: number, max: number): Rule {
  return { key, need: `a whole number from ${min} to ${max}`, holds: (value) => within(value, min, max) && Number.isInteger(value) };
}

export function within(value: unknown, min: number, max: number): boolean {
  return typeof value === "number" && value >= min && value <= max;
}
