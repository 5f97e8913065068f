/** An alarm is 1 or 0: it has to come through the rounding to its channel's resolution. */
import { checkedFraction } from "../base/quantise.js";
import { familyOf } from "./families.js";
import type { Stage } from "./stage.js";
import { isKeeper } from "./unit-keepers.js";

/** What is wrong with the resolution of a channel that gives an alarm; undefined when nothing is, or it gives none. Both were checked. */
export function alarmMistake(stages: readonly Stage[], resolution: number): string | undefined {
  let last = stages.length - 1;
  while (last >= 0 && isKeeper(stages[last])) last--;
  if (last < 0) return undefined;
  const stage = stages[last]!;
  const family = familyOf(stage.stage)!;
  if (!family.alarm?.(stage)) return undefined;
  const { step, scale } = checkedFraction(resolution);
  if (scale % step === 0) return undefined;
  return `stage ${last + 1} (${family.name}): gives 1 or 0, and rounded to the channel's resolution of ${resolution} its 1 is lost: write resolution: 1`;
}
