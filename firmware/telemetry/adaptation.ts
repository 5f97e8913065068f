/**
 * How a channel's next section is coded: ranges wide enough for what was seen, narrower again when
 * full sections did not need them. Nothing here is in the format: any choice is decoded alike.
 */
import { digitRange, radixMax } from "./column.js";
import { countOf, timeGroupsOf, timing, type Series } from "./series.js";

/** A section that ended earlier was short; so many of them, one after the other, and the range follows whatever comes. */
const shortSamples = 8;
const shortMax = 3;
/** A channel on its grid that is off it this early is one with jitter; later, it has jumped. */
const youngSamples = 4;
const restlessMax = 3;
const paceMax = 2147483647;
/** Below it, one digit more makes a difference in size that is felt. */
const slackRadix = 16;
/** Full sections from one look at the ranges to the next. */
const seenEvery = 8;

/** A value whose digit does not fit: a near one widens the range; a far one may be a spike, and gets a section of its own. */
export function widenValues(s: Series, digit: number): void {
  const { low, radix } = s;
  s.plan.short = countOf(s) < shortSamples ? s.plan.short + 1 : 0;
  const reach = 2 * radix + 2;
  if (s.plan.short < shortMax && (digit < -reach || digit >= radix + reach)) return;
  // Some more than is needed: where one went beyond, the next ones will.
  const slack = (digit < 0 ? -digit : digit - radix) + (radix >> 4);
  const wider = radix + (digit < 0 ? -digit : digit + 1 - radix) + (radix >= slackRadix && slack < radix ? slack : 0);
  if (wider > radixMax) return;
  s.plan.low = digit < 0 ? low + radix - wider : low;
  s.plan.radix = wider;
}

/** A time `offMs` from where the grid, or the spacing, wants it, and outside of the range. */
export function widenTimes(s: Series, offMs: number): void {
  const samples = countOf(s);
  const young = samples < youngSamples;
  const distanceMs = offMs < 0 ? -offMs : offMs;
  s.plan.restless = young ? s.plan.restless + 1 : 0;
  if (s.timing === timing.spacing) return reach(s, timing.spacing, s.timeLow, s.timeRadix, offMs);
  if (young && s.plan.restless >= restlessMax) return reach(s, timing.spacing, 0, 1, offMs);
  if (s.timing === timing.about) {
    if (distanceMs < 8 * s.timeRadix) reach(s, timing.about, s.timeLow, s.timeRadix, offMs);
    return;
  }
  const paceMs = s.periodMs + offMs;
  if (samples === 1 && s.plan.restless === 1 && distanceMs * 8 > s.periodMs && paceMs > 0 && paceMs <= paceMax) s.plan.paceMs = paceMs;
  else if (young) reach(s, timing.about, 0, 1, offMs);
}

function reach(s: Series, how: number, low: number, radix: number, offMs: number): void {
  const least = offMs < low ? offMs : low;
  const wider = (offMs >= low + radix ? offMs + 1 : low + radix) - least;
  if (wider > radixMax) return;
  s.plan.timing = how;
  s.plan.timeLow = least;
  s.plan.timeRadix = wider;
}

/** A section ran to its end. */
export function look(s: Series): void {
  s.plan.short = 0;
  s.plan.restless = 0;
  s.plan.unseen++;
  if (s.plan.unseen < seenEvery) return;
  s.plan.unseen = 0;
  const { radix, base } = s;
  const groups = s.at - base;
  if (radix > 1 && groups > 0) {
    const { least, most } = digitRange(s.groups, base, 1, groups, s.size, radix);
    // Unless much is gained: a range too narrow costs a section each time it is left.
    if ((most - least + 1) * 4 <= radix * 3 || radix < slackRadix) {
      s.plan.low = s.low + least;
      s.plan.radix = most - least + 1;
    }
  }
  const timeGroups = timeGroupsOf(s);
  if (s.timing === timing.grid || timeGroups === 0) return;
  const { least, most } = digitRange(s.groups, base + s.groupsMax - 1, -1, timeGroups, s.timeSize, s.timeRadix);
  const low = s.timeLow + least;
  const high = s.timeLow + most;
  if (s.timing === timing.spacing && least === most && s.periodMs + low > 0 && s.periodMs + low <= paceMax) {
    s.plan.paceMs = s.periodMs + low;
    s.plan.timing = timing.grid;
  } else if (low === 0 && high === 0) s.plan.timing = timing.grid;
  // 0 stays in the range: it is where a clock section sets the channel.
  const onGrid = s.plan.timing === timing.grid;
  s.plan.timeLow = onGrid || low > 0 ? 0 : low;
  s.plan.timeRadix = onGrid ? 1 : (high < 0 ? 0 : high) - s.plan.timeLow + 1;
}
