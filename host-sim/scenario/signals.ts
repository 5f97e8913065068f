/**
 * Environments as plans into signals of the world. Chance is drawn by quantity and part, so that a quantity
 * or a part that is added shifts no other's noise.
 */
import { constant, daily, noise, ramp, type Signal, steps, sum, vibration } from "../world/chips/signal.js";
import { type Environment, recordable } from "../world/environment.js";
import type { Random } from "../world/random.js";
import type { EnvironmentPlan, Quantity, SignalPart } from "./plan.js";

/** What a recording's column was at each time. */
export type Recordings = (file: string, column: string) => Signal;

/** `host` is this computer's thermometer; without one a plan that feels it is a broken promise. */
export function environmentSignals(plan: EnvironmentPlan, draws: Random, recordings: Recordings, host?: Signal): Partial<Environment> {
  const signals: Partial<Environment> = {};
  for (const quantity of Object.keys(plan) as Quantity[]) {
    const name = recordable[quantity];
    const own = draws.split(name);
    const parts = plan[quantity]!.map((part, index) => signalOf(part, () => own.split(String(index)).next(), recordings, host));
    signals[name] = parts.length === 1 ? parts[0]! : sum(...parts);
  }
  return signals;
}

function signalOf(part: SignalPart, seed: () => number, recordings: Recordings, host: Signal | undefined): Signal {
  switch (part.kind) {
    case "constant":
      return constant(part.value);
    case "daily":
      return daily(part);
    case "steps":
      return steps(part.points.map(([atMs, value]) => [atMs * 1000, value]));
    case "ramp":
      return ramp(part.points.map(([atMs, value]) => [atMs * 1000, value]));
    case "noise":
      return noise({ seed: seed(), deviation: part.deviation, everyUs: part.everyMs * 1000 });
    case "vibration":
      return vibration({ ...part, seed: seed() });
    case "recording":
      return recordings(part.file, part.column);
    case "host":
      if (host === undefined) throw new Error("a signal is this computer's, and none was given");
      return host;
  }
}
