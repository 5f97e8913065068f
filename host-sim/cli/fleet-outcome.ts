/** What a run of many boards came to, in sums. */
import type { Simulation } from "../simulation.js";
import type { Station } from "../station.js";
import type { StationCounts } from "../world/tally.js";
import type { FleetOutcome } from "./fleet-text.js";
import type { SimOptions } from "./options.js";

export function fleetOutcome({ stations }: Simulation, options: SimOptions, wallMs: number, cpu: NodeJS.CpuUsage): FleetOutcome {
  const sum = (of: (counts: StationCounts) => number): number => {
    let total = 0;
    for (const counts of all) total += of(counts);
    return total;
  };
  const all = stations.map((station) => station.counts());
  const cpuMs = (cpu.user + cpu.system) / 1000;
  return {
    engine: options.engine,
    seed: options.seed,
    boards: stations.length,
    everConnected: all.filter(({ connections }) => connections > 0).length,
    simulatedMs: Math.max(...all.map(({ simulatedMs }) => simulatedMs)),
    wallMs: Math.round(wallMs),
    cpuShare: Math.round((cpuMs / wallMs) * 1000) / 1000,
    residentBytes: process.memoryUsage().rss,
    samples: sum(({ samples }) => samples),
    missed: sum(({ missed }) => missed),
    readErrors: sum(({ readErrors }) => readErrors),
    emitted: sum(({ emitted }) => emitted),
    published: sum(({ published }) => published),
    acknowledged: sum(({ acknowledged }) => acknowledged),
    retransmitted: sum(({ retransmitted }) => retransmitted),
    connections: sum(({ connections }) => connections),
    bytesOut: sum(({ bytesOut }) => bytesOut),
    blocks: sum(({ blocks }) => blocks),
    gaps: sum(({ gaps }) => gaps),
    lost: sum(({ lost }) => lost),
    waiting: stations.reduce((total, station) => total + waitingAt(station), 0),
  };
}

/** As the firmware counts: thousands of flash images would take their time. */
function waitingAt(station: Station): number {
  return station.powered ? station.firmwareCounters().waiting : 0;
}
