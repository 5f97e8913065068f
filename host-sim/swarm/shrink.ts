/**
 * Shrinks what a run was drawn from to what still breaks the same promise: first which of several things (Zeller and
 * Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002: ddmin), then how long each fault lasts.
 * What is kept is always the last that was seen to fail.
 */
import type { FaultPlan } from "../scenario/plan.js";

export interface ShrinkOptions<Item> {
  /** Do these still break it? */
  readonly fails: (items: readonly Item[]) => Promise<boolean>;
  /** True once there is no more time: the best so far is good enough. */
  readonly over: () => boolean;
  readonly onSmaller?: (items: readonly Item[]) => void;
}

/** So few of `items` that none can be left out, in their order. */
export async function least<Item>(items: readonly Item[], options: ShrinkOptions<Item>): Promise<readonly Item[]> {
  let kept = items;
  const tried = async (candidate: readonly Item[]): Promise<boolean> => {
    if (options.over() || !(await options.fails(candidate))) return false;
    kept = candidate;
    options.onSmaller?.(kept);
    return true;
  };
  if (kept.length > 0 && (await tried([]))) return kept;

  let parts = 2;
  while (kept.length > 1 && !options.over()) {
    const size = Math.ceil(kept.length / parts);
    let smaller = false;
    for (let from = 0; from < kept.length && !smaller; from += size) {
      const part = kept.slice(from, from + size);
      const rest = [...kept.slice(0, from), ...kept.slice(from + size)];
      if (await tried(part)) {
        parts = 2;
        smaller = true;
      } else if (parts > 2 && (await tried(rest))) {
        parts--;
        smaller = true;
      }
    }
    if (smaller) continue;
    if (parts >= kept.length) break;
    parts = Math.min(kept.length, parts * 2);
  }
  return kept;
}

/** The faults that matter, each as short as is enough. */
export async function shrink(faults: readonly FaultPlan[], options: ShrinkOptions<FaultPlan>): Promise<readonly FaultPlan[]> {
  let kept = await least(faults, options);
  for (let index = 0; index < kept.length; index++) await shorten(index);
  return kept;

  /** Halves a fault's time for as long as that is enough. */
  async function shorten(index: number): Promise<void> {
    for (;;) {
      const fault = kept[index]!;
      const forMs = roundedDown(fault.forMs / 2);
      if (forMs < 1 || forMs === fault.forMs || options.over()) return;
      const candidate = kept.map((each, at) => (at === index ? { ...each, forMs } : each));
      if (!(await options.fails(candidate))) return;
      kept = candidate;
      options.onSmaller?.(kept);
    }
  }
}

/** To two digits: a schedule is read by people. */
function roundedDown(ms: number): number {
  const unit = Math.max(1, 10 ** (Math.floor(Math.log10(Math.max(1, ms))) - 1));
  return Math.floor(ms / unit) * unit;
}
