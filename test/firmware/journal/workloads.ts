/** The workloads that power cuts are explored on: each policy with a full ring, and with one that is drained. */
import type { WhenFull } from "../../../firmware/journal/contract.js";
import type { Phase, Workload } from "./workload.js";

const outage: Phase = { append: 10, drain: 0, tend: 4, restart: 0.15 };
const outageWithoutCare: Phase = { append: 10, drain: 0, tend: 0, restart: 0.15 };
const drained: Phase = { append: 6, drain: 5, tend: 6, restart: 0.15 };
const lagging: Phase = { append: 10, drain: 1.5, tend: 3, restart: 0.3 };
const emptied: Phase = { append: 2, drain: 8, tend: 4, restart: 0.1 };

function workload(name: string, whenFull: WhenFull, sectors: number, bytes: readonly [number, number], phases: readonly Phase[]): Workload {
  return { name: `${name}, ${whenFull}`, whenFull, sectors, bytes, phases, phaseSteps: 90 };
}

/** Of one policy. Four sectors are the least there may be. */
export function workloadsOf(whenFull: WhenFull): readonly Workload[] {
  return [
    workload("outages and drains", whenFull, 5, [150, 544], [drained, outage, outage, emptied, outageWithoutCare, lagging]),
    workload("an outage without end", whenFull, 4, [28, 400], [outage, outage, outageWithoutCare, lagging]),
  ];
}
