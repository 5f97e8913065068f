/**
 * A campaign: seeds examined one after the other by as many workers as there are, to the first broken promise.
 * Which that is does not depend on the workers: of all seeds the least.
 */
import { allPoints, type Point } from "../invariants/sometimes.js";
import type { Violation } from "../invariants/watcher.js";
import type { Answer, Question } from "./worker.js";

/** From so many seeds on, a point that was never reached is a failure. */
export const telling = 100;

export interface CampaignOptions {
  readonly start: number;
  readonly seeds: number;
  readonly durationMs: number;
  /** How many are asked at a time. */
  readonly jobs: number;
  readonly ask: (question: Question) => Promise<Answer>;
  /** So many seeds are done, all from `start` on. */
  readonly onProgress?: (done: number) => void;
  /** True once it is to end early. */
  readonly interrupted?: () => boolean;
}

export interface CampaignResult {
  /** Examined, from `start` on without a gap. */
  readonly done: number;
  readonly failed: { readonly seed: number; readonly violation: Violation } | undefined;
  /** In how many seeds each point was reached. */
  readonly reached: ReadonlyMap<Point, number>;
  /** Points never reached, by a campaign long enough to tell. */
  readonly missing: readonly Point[];
}

export async function campaign(options: CampaignOptions): Promise<CampaignResult> {
  const { start, seeds, durationMs, jobs, ask, onProgress, interrupted = () => false } = options;
  const answers = new Map<number, Answer>();
  const reached = new Map<Point, number>();
  let next = 0;
  let done = 0;
  let failed: CampaignResult["failed"];

  /** Takes up the answers that are next in order: only these count. */
  function settle(): void {
    for (let answer = answers.get(done); answer !== undefined && failed === undefined; answer = answers.get(done)) {
      answers.delete(done);
      for (const point of answer.reached) reached.set(point, (reached.get(point) ?? 0) + 1);
      if (answer.violation !== undefined) failed = { seed: start + done, violation: answer.violation };
      done++;
      onProgress?.(done);
    }
  }

  async function work(): Promise<void> {
    while (next < seeds && failed === undefined && !interrupted()) {
      const index = next++;
      answers.set(index, await ask({ seed: start + index, durationMs }));
      settle();
    }
  }

  await Promise.all(Array.from({ length: Math.min(jobs, seeds) }, work));
  const whole = failed === undefined && done === seeds;
  return { done, failed, reached, missing: whole && seeds >= telling ? allPoints.filter((point) => !reached.has(point)) : [] };
}
