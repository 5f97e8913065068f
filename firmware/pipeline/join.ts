/**
 * What several channels make together: a value of its own out of the latest of each. A join is plain
 * data, as stages are; this is its shape and its check, the formulas stand in joins.ts and joins/.
 */
import { check, describe, type Params, type Rule } from "./family.js";

/** Several channels' values as one. `of` names the channels; further parameters go by the kind of join. */
export interface Join {
  readonly join: string;
  readonly of: readonly string[];
  readonly [parameter: string]: unknown;
}

export interface JoinFamily {
  readonly name: string;
  /** What its channels are, in order, in which unit: for messages and documents. */
  readonly inputs: string;
  /** How many channels, least and most. */
  readonly count: readonly [least: number, most: number];
  readonly rules: readonly Rule[];
  /** In which units the formula wants them, in order; `alike`: all in the same. Without it, any. */
  readonly units?: readonly string[] | "alike";
  /** Of the result, where `units` are named. */
  readonly unit?: string;
  /** Gives a function of the channels' values, in their order; NaN where they have no meaning. */
  build(params: Params): (values: readonly number[]) => number;
}

/** What is wrong with what should be a join, but for whether its channels exist; undefined when nothing is. */
export function joinMistake(params: Params, families: readonly JoinFamily[]): string | undefined {
  const family = families.find(({ name }) => name === params.join);
  if (!family) return `join must be one of ${families.map(({ name }) => name).join(", ")}, not ${describe(params.join)}`;
  const { join: _join, of, ...rest } = params;
  const [least, most] = family.count;
  if (!Array.isArray(of) || of.length < least || of.length > most || !of.every((name) => typeof name === "string")) {
    const number = least === most ? String(least) : `${least} to ${most}`;
    const given = Array.isArray(of) && of.every((name) => typeof name === "string") ? `${of.length} of them` : describe(of);
    return `${family.name}: of must be the names of ${number} channels (${family.inputs}), not ${given}`;
  }
  const wrong = check({ name: family.name, rules: family.rules, build: (_params, next) => next }, rest);
  return wrong === undefined ? undefined : `${family.name}: ${wrong}`;
}
