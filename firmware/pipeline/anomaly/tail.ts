/**
 * How surprising a size is among those before it, whatever their unit and however heavy their tail: the
 * logarithm's excess over its own upper tenth, in units of that excess's mean. Where sizes have the tail
 * of a power law this is exponential with mean 1 (Hill, "A simple general approach to inference about the
 * tail of a distribution", Annals of Statistics 3, 1975), so what different statistics find adds up.
 */
import { ln } from "../../base/math.js";
import type { Walk } from "../site.js";

/** Share of the sizes that count as the tail. */
const share = 0.1;
const memorySamples = 3000;
const surpriseMax = 40;
/** Sizes are in units of a scale: what lies far below one is all the same, and 0 has a logarithm. */
const floor = 0.05;
const lnFloor = ln(floor);
/** One wild sample must not make all that follow tame. */
const excessMax = 3;
const meanExcessMin = 0.2;

/** Bytes of its state. */
export const tailState = 26;

/** Takes a size ≥ 0, gives its surprise, 0 … 40, and learns from it. Adds to `walks`, if given, the one over its state. */
export function tail(walks?: Walk[]): (size: number) => number {
  let threshold = 0;
  let spread = 0;
  let meanExcess = 0.3;
  let count = 0;
  walks?.push((walk) => {
    threshold = walk.number(threshold);
    spread = walk.size(spread);
    meanExcess = walk.size(meanExcess);
    count = walk.whole(count, memorySamples);
  });
  return (size) => {
    const level = size === 0 ? lnFloor : ln(floor + size);
    if (count === 0) threshold = level;
    if (count < memorySamples) count++;
    const excess = level - threshold;
    // The threshold finds its quantile as Robbins and Monro (1951) do: up by 9, down by 1, in steps that shrink.
    spread += ((excess < 0 ? -excess : excess) - spread) / count;
    const step = (count < 20 ? 0.5 : 10 / count) * (spread + 0.01);
    if (excess <= 0) {
      threshold -= step * share;
      return 0;
    }
    threshold += step * (1 - share);
    const surprise = excess / meanExcess;
    const learnt = count * share + 5;
    meanExcess +=
      ((excess > excessMax ? excessMax : excess) - meanExcess) / (learnt < memorySamples * share ? learnt : memorySamples * share);
    if (meanExcess < meanExcessMin) meanExcess = meanExcessMin;
    return surprise > surpriseMax ? surpriseMax : surprise;
  };
}
