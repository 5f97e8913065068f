/**
 * Draws the plan of one seed: one board, its app, its weather, and a schedule of faults that is over at
 * `healMs`; the rest of the time is for coming back. Equal seeds and times give equal plans.
 */
import { convergenceMs } from "../invariants/convergence.js";
import type { EnvironmentPlan, Plan, SignalPart } from "../scenario/plan.js";
import { random } from "../world/random.js";
import { Dice } from "./dice.js";
import { drawApp } from "./draw-app.js";
import { drawConsumer, drawJournal, drawOutage } from "./draw-history.js";
import { drawFaults, onceMs } from "./draw-faults.js";
import { drawVisits } from "./draw-visits.js";

/** A minute of faults, the time in which a board comes back, and some to see that it stays. */
export const shortestMs = 300_000;
export const usualMs = 600_000;
/** How long a board is watched after it must be back, at least. */
const afterwardsMs = 15_000;

/** When the faults of a run of `durationMs` are over. */
export function healMs(durationMs: number): number {
  return Math.round(Math.min(0.6 * durationMs, durationMs - convergenceMs - afterwardsMs));
}

export function draw(seed: number, durationMs: number): Plan {
  const dice = new Dice(random(seed).split("swarm"));
  const app = drawApp(dice.split("app"));
  // Of some boards nobody takes the history for so long that their journal fills.
  const besieged = dice.split("siege").chance(0.4);
  const journal = drawJournal(dice.split("journal"), besieged);
  const consumer = drawConsumer(dice.split("consumer"), healMs(durationMs));
  const faults = drawFaults(dice.split("faults"), app, "board", healMs(durationMs));
  const visited = drawVisits(dice.split("visits"), "board", healMs(durationMs));
  const outage = besieged ? drawOutage(dice.split("outage"), healMs(durationMs)) : [];
  return {
    name: `swarm-${seed}`,
    about: `Drawn from seed ${seed}.`,
    seed,
    durationMs,
    boards: [
      {
        name: "board",
        app: { kind: "inline", app },
        board: "esp32",
        startAtMs: 0,
        // Some are about to wrap round their counter.
        ticksAtBoot: dice.chance(0.3) ? 2_147_483_647 - dice.whole(0, 120_000) : 0,
        environment: {},
        journal,
      },
    ],
    // A consumer that nobody waits for changes nothing.
    ...(journal.acknowledge === "consumer" ? { consumer } : {}),
    environment: drawWeather(dice.split("weather")),
    ...(visited.visits.length === 0 ? {} : { visits: visited.visits, networks: visited.networks }),
    faults: [...faults, ...outage, ...visited.faults].sort((a, b) => onceMs(a) - onceMs(b)),
    expect: [],
    never: [],
  };
}

function drawWeather(dice: Dice): EnvironmentPlan {
  const around = (mean: number, spread: number): SignalPart[] => [
    {
      kind: "daily",
      mean: Math.round(dice.between(mean - spread, mean + spread) * 10) / 10,
      amplitude: spread / 4,
      peakHour: dice.whole(0, 23),
    },
    { kind: "noise", deviation: spread / 40, everyMs: 1000 },
    { kind: "noise", deviation: spread / 20, everyMs: 30_000 },
  ];
  return {
    temperature: around(20, dice.chance(0.1) ? 60 : 10),
    outdoor: around(10, dice.chance(0.1) ? 60 : 15),
    humidity: around(45, 20),
    pressure: around(100_000, 2_000),
    pulses: [{ kind: "constant", value: dice.pick([0, 0.1, 0.5, 2]) }],
  };
}
