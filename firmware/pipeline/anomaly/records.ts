/**
 * The highest peaks of the past, one of each block of samples, fading: what evidence has to exceed to be
 * news. A held event goes in as one peak, however long it lasted, so a few of a kind become normal.
 */

import type { Walk } from "../site.js";

/** Which of the highest a newcomer is measured by, from 1. */
const rank = 6;
const blockSamples = 32;
/** A peak fades to 1/e in as many samples. */
const fadeSamples = 20_000;
const keptABlock = 1 - blockSamples / fadeSamples;

export interface Records {
  /** The peak to exceed, ≥ 0. */
  readonly bar: () => number;
  /** What a sample outside of events gave, ≥ 0. */
  readonly learn: (evidence: number) => void;
  /** What a sample of an event gave. */
  readonly hold: (evidence: number) => void;
  /** The event became the new normal: its peak fills the list. */
  readonly accept: () => void;
}

export const recordsHeld = rank;
/** Bytes of its state. */
export const recordsState = 8 * rank + 9;

/** Adds to `walks`, if given, the one over its state. */
export function records(walks?: Walk[]): Records {
  /** The highest first. */
  const peaks: number[] = [];
  for (let i = 0; i < rank; i++) peaks.push(0);
  let peak = 0;
  let left = blockSamples;

  function insert(height: number): void {
    let i = rank - 1;
    if (height <= peaks[i]!) return;
    while (i > 0 && peaks[i - 1]! < height) {
      peaks[i] = peaks[i - 1]!;
      i--;
    }
    peaks[i] = height;
  }

  walks?.push((walk) => {
    for (let i = 0; i < rank; i++) peaks[i] = walk.size(peaks[i]!);
    peak = walk.size(peak);
    left = walk.whole(left, blockSamples);
  });

  return {
    bar: () => peaks[rank - 1]!,
    learn(evidence) {
      if (evidence > peak) peak = evidence;
      if (--left > 0) return;
      left = blockSamples;
      insert(peak);
      peak = 0;
      for (let i = 0; i < rank; i++) peaks[i] = peaks[i]! * keptABlock;
    },
    hold(evidence) {
      if (evidence > peak) peak = evidence;
    },
    accept() {
      for (let i = 0; i < rank; i++) insert(peak);
    },
  };
}
