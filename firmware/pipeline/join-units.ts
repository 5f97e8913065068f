/**
 * Holds the units that joined channels declare against what their formula needs, and the unit that is
 * declared for the result against what it gives. A channel without a unit is not checked.
 */
import { describe } from "./family.js";
import type { Join, JoinFamily } from "./join.js";
import { keepsUnit } from "./unit-keepers.js";

/** Other ways to write a unit that formulas need. */
const spellings: readonly (readonly [given: string, unit: string])[] = [
  ["℃", "°C"],
  ["C", "°C"],
  ["%RH", "%"],
  ["% RH", "%"],
  ["mbar", "hPa"],
  ["g/m3", "g/m³"],
  ["F", "°F"],
  ["℉", "°F"],
];

/** Stages that make a formula's unit out of another. */
const conversions: readonly (readonly [given: string, unit: string, stages: string])[] = [
  ["°F", "°C", "offset(-32), multiply(0.5555555556)"],
  ["K", "°C", "offset(-273.15)"],
  ["Pa", "hPa", "multiply(0.01)"],
  ["kPa", "hPa", "multiply(10)"],
];

/** What a channel declares of itself. */
interface Labelled {
  readonly unit?: string;
  readonly stages?: unknown;
}

/** `channels` have all that `join` names. */
export function unitMistake(
  join: Join,
  channel: Labelled,
  channels: Readonly<Record<string, Labelled>>,
  family: JoinFamily,
): string | undefined {
  const { units, name } = family;
  if (units === undefined) return undefined;
  const given = join.of.map((each) => unitOf(channels[each]!));
  if (units === "alike") return unlike(join, given, channel, family);
  for (let i = 0; i < units.length; i++) {
    const unit = given[i];
    if (unit === undefined || unit === units[i]) continue;
    const takes =
      name + " takes " + family.inputs + ", but channel " + describe(join.of[i]) + " is in " + describe(channels[join.of[i]!]!.unit);
    const other = 1 - i;
    const swapped = units.length === 2 && unit === units[other] && (given[other] ?? units[i]) === units[i];
    if (swapped)
      return takes + ": write them the other way round, " + describe(join.of[other]) + " where " + describe(join.of[i]) + " stands";
    return takes + ": give a channel in " + units[i] + conversion(unit, units[i]!);
  }
  return wrongResult(channel, family.unit!, name);
}

function unlike(join: Join, given: readonly (string | undefined)[], channel: Labelled, { name }: JoinFamily): string | undefined {
  let first = -1;
  for (let i = 0; i < given.length; i++) {
    if (given[i] === undefined) continue;
    if (first < 0) first = i;
    else if (given[i] !== given[first]) {
      const one = describe(join.of[first]) + " is in " + given[first]!.slice(0, 32);
      return (
        name +
        " takes channels of one unit, but " +
        one +
        " and " +
        describe(join.of[i]) +
        " in " +
        given[i]!.slice(0, 32) +
        ": convert one of them"
      );
    }
  }
  if (first < 0) return undefined;
  // A difference of temperatures is rightly in kelvins.
  if (name === "difference_of" && given[first] === "°C" && channel.unit === "K") return undefined;
  return wrongResult(channel, given[first]!, name);
}

/** A stage that may convert leaves the unit open. */
function wrongResult(channel: Labelled, unit: string, name: string): string | undefined {
  const declared = unitOf(channel);
  if (declared === undefined || declared === unit || !keepsUnit(channel.stages)) return undefined;
  return name + " gives " + unit.slice(0, 32) + ", not " + describe(channel.unit) + ": write that as unit, or convert with stages";
}

function unitOf({ unit }: Labelled): string | undefined {
  if (unit === undefined || unit === "") return undefined;
  for (const [given, meant] of spellings) if (given === unit) return meant;
  return unit;
}

function conversion(given: string, unit: string): string {
  for (const [from, to, stages] of conversions) {
    if (from === given && to === unit) return ", such as one with the stages " + stages;
  }
  return "";
}
