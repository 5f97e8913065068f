/**
 * Where channels meet in a join: holds the latest value of each, and gives one result when all of them
 * that come on a grid have given a value, or said that they have none, since the result before: as often as
 * the slowest. A channel that gives only some of its samples (behind `delta`, say) is not waited for: what
 * it gave last still holds. Where none comes on a grid, new values give a result, one for all that come together.
 *
 * A value that is older than its channel's period when the others arrive is about to be followed by the
 * one that belongs to them, and is waited for, one turn of the others at most: without that, one sample that a busy board missed
 * would leave two channels one sample apart for ever.
 */
import type { ReadingError } from "./base/reading-error.js";
import type { Channel, Follower } from "./channel.js";
import type { Flow } from "./pipeline/flow.js";

/** `flows`: of the channels that meet, in their order. A result's time is the latest of those on a grid; when one had no value, so has the result. `together` (relay.ts): what puts off a result until all that come with it are in. */
export function junction(
  flows: readonly Flow[],
  compute: (values: readonly number[]) => number,
  to: Channel,
  together: (give: () => void) => () => void,
): Follower[] {
  const count = flows.length;
  const values: number[] = [];
  const errors: (ReadingError | undefined)[] = [];
  const timesMs: number[] = [];
  /** Has given something since the result before; one that is not waited for: ever. */
  const fresh: boolean[] = [];
  const onGrid: boolean[] = [];
  let gridCount = 0;
  for (const { regular } of flows) if (regular) gridCount++;
  let absent = count;
  let latestMs = 0;
  let waits = 0;
  const followers: Follower[] = [];
  const giveTogether = together(give);

  function arrived(index: number, atMs: number): void {
    const first = !fresh[index];
    if (first) {
      fresh[index] = true;
      absent--;
    } else if (gridCount > 0 && !onGrid[index]) return;
    timesMs[index] = atMs;
    if (atMs > latestMs && (onGrid[index] || gridCount === 0)) latestMs = atMs;
    if (absent > 0) return;
    if (waits < gridCount - 1 && someAreStale()) {
      waits++;
      return;
    }
    if (gridCount === 0) giveTogether();
    else give();
  }

  /** Times are whole, periods may not be: a period less than 1 ms short of full is full. */
  function someAreStale(): boolean {
    for (let i = 0; i < count; i++) if (onGrid[i] && latestMs - timesMs[i]! > flows[i]!.periodMs - 1) return true;
    return false;
  }

  function give(): void {
    waits = 0;
    absent = gridCount;
    let error: ReadingError | undefined;
    for (let i = 0; i < count; i++) {
      fresh[i] = !onGrid[i];
      if (error === undefined) error = errors[i];
    }
    if (error === undefined) to.value(compute(values), latestMs);
    else to.failed(error, latestMs);
  }

  for (let index = 0; index < count; index++) {
    values.push(0);
    errors.push(undefined);
    timesMs.push(0);
    fresh.push(false);
    onGrid.push(flows[index]!.regular);
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
