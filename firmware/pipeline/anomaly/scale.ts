/** Sizes without a unit: a number in units of how large such numbers usually were. */

import type { Walk } from "../site.js";

const memorySamples = 2000;
/** An answer that is finite whatever comes. */
const sizeMax = 1e9;
/** What departs from a past without any difference. */
const sizeOfFirst = 1000;
const settledSamples = 100;

/** Bytes of its state. */
export const scaleState = 10;

/**
 * Takes a number, gives it in units of the past's usual size, and learns from it. The usual size is the square of the mean
 * root: a wild sample counts by its root, so it cannot blind the scale, and rare ones never let it fall to 0. Adds to `walks`, if given, the one over its state.
 */
export function scale(walks?: Walk[]): (x: number) => number {
  let root = 0;
  let count = 0;
  walks?.push((walk) => {
    root = walk.size(root);
    count = walk.whole(count, memorySamples);
  });
  return (x) => {
    const size = x < 0 ? -x : x;
    const usual = root * root;
    if (count < memorySamples) count++;
    root += (Math.sqrt(size) - root) / count;
    if (usual > 0) {
      const scaled = x / usual;
      return scaled > sizeMax ? sizeMax : scaled < -sizeMax ? -sizeMax : scaled;
    }
    return size === 0 || count < settledSamples ? 0 : x > 0 ? sizeOfFirst : -sizeOfFirst;
  };
}
