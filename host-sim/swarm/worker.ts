/** A campaign's worker thread: examines one seed or one plan after another, as it is told. */
import { parentPort } from "node:worker_threads";
import type { Point } from "../invariants/sometimes.js";
import type { Violation } from "../invariants/watcher.js";
import type { Plan } from "../scenario/plan.js";
import { draw } from "./draw.js";
import { examine } from "./examine.js";

export type Question = { readonly seed: number; readonly durationMs: number } | { readonly plan: Plan };

export interface Answer {
  readonly violation: Violation | undefined;
  readonly reached: readonly Point[];
}

parentPort?.on("message", (question: Question) => {
  const plan = "plan" in question ? question.plan : draw(question.seed, question.durationMs);
  const { violation, reached } = examine(plan);
  const answer: Answer = { violation, reached: [...reached] };
  // A thread has no origin, unlike a window.
  // eslint-disable-next-line unicorn/require-post-message-target-origin
  parentPort!.postMessage(answer);
});
