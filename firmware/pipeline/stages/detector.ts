/**
 * What the detectors have in common. A detector gives 1 (alarm) or 0 for each sample, so that it can go
 * to Home Assistant as it is; `delta(0)` behind it lets only the changes go on. A missing reading passes
 * as missing and changes nothing, unless the detector's docstring says otherwise.
 */
import { choiceRule, optional, type Rule } from "../family.js";

const marks = ["alarm", "missing"] as const;
const directions = ["rise", "fall", "either"] as const;

/** `alarm`: 1 or 0 for each sample. `missing`: the sample itself, or a missing reading in place of 1. */
export type Mark = (typeof marks)[number];

/** Which change is an alarm. */
export type Direction = (typeof directions)[number];

export const markRule: Rule = optional(choiceRule("mark", marks));
export const directionRule: Rule = optional(choiceRule("direction", directions));

/** `x` for the sides on which a change is an alarm, Infinity for the other: no change exceeds that. */
export function sides(x: number, direction: Direction = "either"): { rise: number; fall: number } {
  return { rise: direction === "fall" ? Infinity : x, fall: direction === "rise" ? Infinity : x };
}
