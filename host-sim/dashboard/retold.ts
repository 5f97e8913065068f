/**
 * A run told as a scenario: the story that it was made from, and what was done to it on the way. Nothing of the
 * story is left out, be it still to come; a fault of it that was healed by hand lasts as long as it did.
 */
import type { Fault } from "../faults/catalogue.js";
import type { FaultPlan, Plan } from "../scenario/plan.js";
import { schedule } from "../scenario/run.js";
import { random } from "../world/random.js";
import type { Struck } from "./observer.js";

/** As long as `base`, or longer where the run has been beyond its end. */
export function retold(base: Plan, struck: readonly Struck[], nowMs: number): Plan {
  const scheduled = schedule(base, random(base.seed).split("schedule"));
  const open = new Map<string, Fault[]>();
  for (const fault of scheduled) {
    const name = nameOf(fault);
    const alike = open.get(name);
    if (alike === undefined) open.set(name, [fault]);
    else alike.push(fault);
  }
  const shortened = new Map<Fault, number>();
  const done: FaultPlan[] = [];
  for (const each of struck) {
    const { fault, fromMs } = each;
    const own = open.get(nameOf(fault))?.shift();
    if (own === undefined) done.push(once(fault, Math.round(fromMs), lastedMs(each)));
    else if (lastedMs(each) !== fault.forMs) shortened.set(own, lastedMs(each));
  }
  // A repeated fault one of which was healed is written as all that it comes to.
  const told = shortened.size === 0 ? base.faults : scheduled.map((fault) => once(fault, fault.atMs, shortened.get(fault) ?? fault.forMs));
  const lastMs = done.reduce((latest, { at }) => (at.kind === "once" ? Math.max(latest, at.atMs) : latest), 0);
  // A scenario's faults come before its end.
  const endMs = Math.max(1000, Math.ceil(nowMs / 1000) * 1000, Math.ceil((lastMs + 1) / 1000) * 1000);
  const durationMs = base.durationMs > nowMs && base.durationMs > lastMs ? base.durationMs : endMs;
  return { ...base, durationMs, faults: [...told, ...done] };
}

function once({ atMs: _, ...fault }: Fault, atMs: number, forMs: number): FaultPlan {
  return { ...fault, forMs, at: { kind: "once", atMs } };
}

/** What was healed early lasted whole milliseconds. */
function lastedMs({ fault: { forMs }, fromMs, toMs }: Struck): number {
  if (toMs === undefined) return forMs;
  const ms = Math.max(1, Math.round(toMs - fromMs));
  return ms < forMs ? ms : forMs;
}

function nameOf({ kind, atMs, forMs, board, sensor, parameters }: Fault): string {
  return JSON.stringify([kind, atMs, forMs, board, sensor, Object.entries(parameters).sort()]);
}
