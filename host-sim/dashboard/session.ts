/** A run as the dashboard shows and drives it; two kinds exist, in virtual time (virtual-session.ts) and on a real broker (live-session.ts). */
import type { Result } from "../../firmware/base/result.js";
import type { FaultKind } from "../faults/catalogue.js";
import type { Plan } from "../scenario/plan.js";
import type { Mark, RunName, RunState, Speed } from "../web/protocol.js";
import type { BoardRecord } from "./board-record.js";
import type { Order } from "./fault-order.js";
import type { Run } from "./recipe.js";

/** In words, why it cannot be done. */
export type Done = Result<undefined, "session" | "fault">;

export interface Session {
  readonly name: RunName;
  readonly seed: number;
  readonly engine: "node" | "xs";
  /** Grows whenever the run was made anew, and its past with it. */
  readonly generation: number;
  readonly nowMs: number;
  readonly furthestMs: number;
  readonly state: RunState;
  readonly speed: Speed;
  /** Virtual seconds a real one, measured lately. */
  readonly ratio: number;
  /** While it replays, 0 … 1. */
  readonly progress: number | undefined;
  /** Why it failed. */
  readonly failure: string | undefined;
  readonly boards: readonly BoardRecord[];
  /** Grows with each change of the marks. */
  readonly marksVersion: number;
  marks(): Mark[];
  /** Which faults can strike it. */
  suffers(kind: FaultKind): boolean;

  pause(): Done;
  run(speed?: Speed): Done;
  step(byMs: number): Done;
  go(toMs: number): Done;
  strike(order: Order): Done;
  heal(key?: string): Done;
  /**
   * Does something to the run at its present time, and again whenever the run is made anew and comes by that time. What a
   * button or a radio did is no part of a scenario: `plan` does not have it.
   */
  touch(touch: (run: Run) => void): Done;
  /** So was done in the run so far. */
  readonly wasTouched: boolean;
  /** What was under way in the run is void, since it was made anew or has failed: why, in words. */
  onVoid: (why: string) => void;
  /** The run so far as a scenario. */
  plan(): Plan;
}
