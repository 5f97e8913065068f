/**
 * Hands the results of channels to the channels that take from them, after whoever gave them has returned:
 * so a chain of channels of any length takes the stack of one link. What a follower gives out in its turn
 * waits likewise. A join that is not waited for by the clock gives its result when all before it have
 * given theirs: one a round, however many ways lead to it. Nothing is allocated once the longest round was had.
 */
import type { ReadingError } from "./base/reading-error.js";
import type { Follower, Outlet } from "./channel.js";

export interface Relay {
  /** Wraps a channel's outlet so that `followers` hear of each value and error too, after it. They are known when it is built: they are built before it. */
  outlet(outlet: Outlet, followers: readonly Follower[]): Outlet;
  /** Registers a join: what it returns has `give` called once in this round, after those of a lower `order` (0, 1, 2 …). */
  join(order: number, give: () => void): () => void;
  /** Tells what there is to tell; at once when that is going on already. */
  run(): void;
}

class Rounds implements Relay {
  /** What is to be told in this round, in order; each place is used again. */
  private readonly whom: Follower[] = [];
  private readonly values: number[] = [];
  private readonly errors: (ReadingError | undefined)[] = [];
  private readonly timesMs: number[] = [];
  private ends = 0;
  private readonly gives: ((() => void) | undefined)[] = [];
  private readonly due: boolean[] = [];
  private running = false;

  outlet(outlet: Outlet, followers: readonly Follower[]): Outlet {
    // Most have no follower, and need no detour.
    if (followers.length === 0) return outlet;
    return {
      value: (x, atMs) => {
        outlet.value(x, atMs);
        this.note(followers, x, undefined, atMs);
      },
      failed: (error, atMs) => {
        outlet.failed(error, atMs);
        this.note(followers, 0, error, atMs);
      },
      summary: (min, max, mean, std, n, atMs) => outlet.summary(min, max, mean, std, n, atMs),
    };
  }

  join(order: number, give: () => void): () => void {
    while (this.gives.length <= order) {
      this.gives.push(undefined);
      this.due.push(false);
    }
    this.gives[order] = give;
    return () => void (this.due[order] = true);
  }

  run(): void {
    if (this.running) return;
    this.running = true;
    do this.tell();
    while (this.settleFirst());
    this.running = false;
  }

  private note(followers: readonly Follower[], x: number, error: ReadingError | undefined, atMs: number): void {
    for (let i = 0; i < followers.length; i++) {
      const at = this.ends++;
      this.whom[at] = followers[i]!;
      this.values[at] = x;
      this.errors[at] = error;
      this.timesMs[at] = atMs;
    }
  }

  private tell(): void {
    for (let at = 0; at < this.ends; at++) {
      const why = this.errors[at];
      if (why === undefined) this.whom[at]!.value(this.values[at]!, this.timesMs[at]!);
      else this.whom[at]!.failed(why, this.timesMs[at]!);
    }
    this.ends = 0;
  }

  /** False when no join is left. */
  private settleFirst(): boolean {
    const order = this.due.indexOf(true);
    if (order < 0) return false;
    this.due[order] = false;
    this.gives[order]!();
    return true;
  }
}

export function relay(): Relay {
  return new Rounds();
}
