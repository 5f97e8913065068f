/**
 * Where channels meet in a join: holds the latest value of each, and gives one result when all of them
 * have given a value, or said that they have none, since the result before. Its time is the latest of
 * theirs; when one had none, so has the result.
 */
import type { ReadingError } from "./base/reading-error.js";
import type { Channel, Follower } from "./channel.js";

export function junction(count: number, compute: (values: readonly number[]) => number, to: Channel): Follower[] {
  const values: number[] = [];
  const errors: (ReadingError | undefined)[] = [];
  const fresh: boolean[] = [];
  let missing = count;
  let latestMs = 0;
  const followers: Follower[] = [];

  function arrived(index: number, atMs: number): void {
    if (atMs > latestMs) latestMs = atMs;
    if (!fresh[index]) {
      fresh[index] = true;
      missing--;
    }
    if (missing > 0) return;
    missing = count;
    let error: ReadingError | undefined;
    for (let i = 0; i < count; i++) {
      fresh[i] = false;
      if (error === undefined) error = errors[i];
    }
    if (error === undefined) to.value(compute(values), latestMs);
    else to.failed(error, latestMs);
  }

  for (let index = 0; index < count; index++) {
    values.push(0);
    errors.push(undefined);
    fresh.push(false);
    followers.push({
      value(x, atMs) {
        values[index] = x;
        errors[index] = undefined;
        arrived(index, atMs);
      },
      failed(error, atMs) {
        errors[index] = error;
        arrived(index, atMs);
      },
    });
  }
  return followers;
}
