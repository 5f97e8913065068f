/**
 * Hands the results of channels to the channels that take from them. What a follower gives out in its turn
 * waits until that has returned, so a chain of channels of any length takes the stack of one link: on a
 * board, four joins in a row would already fill it. Nothing is allocated once the longest round was had.
 */
import type { ReadingError } from "./base/reading-error.js";
import type { Follower, Outlet } from "./channel.js";

/** Wraps a channel's outlet so that `followers` hear of each value and error too, after it. */
export type Relay = (outlet: Outlet, followers: readonly Follower[]) => Outlet;

export function relay(): Relay {
  /** What is to be told in this round, in order; each place is used again. */
  const whom: Follower[] = [];
  const values: number[] = [];
  const errors: (ReadingError | undefined)[] = [];
  const timesMs: number[] = [];
  let ends = 0;
  let running = false;

  function tell(followers: readonly Follower[], x: number, error: ReadingError | undefined, atMs: number): void {
    for (let i = 0; i < followers.length; i++) {
      whom[ends] = followers[i]!;
      values[ends] = x;
      errors[ends] = error;
      timesMs[ends] = atMs;
      ends++;
    }
    if (running) return;
    running = true;
    for (let at = 0; at < ends; at++) {
      const why = errors[at];
      if (why === undefined) whom[at]!.value(values[at]!, timesMs[at]!);
      else whom[at]!.failed(why, timesMs[at]!);
    }
    ends = 0;
    running = false;
  }

  return (outlet, followers) => {
    // Most have no follower, and need no detour. A channel's followers are known when it is built: they are built before it.
    if (followers.length === 0) return outlet;
    return {
      value(x, atMs) {
        outlet.value(x, atMs);
        tell(followers, x, undefined, atMs);
      },
      failed(error, atMs) {
        outlet.failed(error, atMs);
        tell(followers, 0, error, atMs);
      },
      summary: (min, max, mean, std, n, atMs) => outlet.summary(min, max, mean, std, n, atMs),
    };
  };
}
